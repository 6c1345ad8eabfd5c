"""A process's DuckDBs, one for each reader: snapshots are attached to it as they are asked for, and cursors are lent.

Loading extensions costs half a second, attaching a snapshot 50 ms, turning a new cursor to it 3 ms; a small question
takes less than any of them.
"""

import functools
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from mozg.errors import LakeError
from mozg.lake.connection import attach_lake, attach_record, open_duckdb
from mozg.lake.newest import NO_LAKE


class Instance:
    """The DuckDB of one reader: ``lake_<number>`` in it is the lake at that snapshot, ``record`` is Postgres."""

    def __init__(self, dsn: str, schema: str) -> None:
        self._dsn, self._schema = dsn, schema
        self._connection = open_duckdb([attach_record(dsn)])
        self._attaching = threading.Lock()
        self._idle: dict[int, deque[duckdb.DuckDBPyConnection]] = {}

    def attach(self, snapshot: int | None = None) -> int:
        """Attach a snapshot, by default the newest, unless it is there already, and return its number.

        Raises:
            LakeError: there is no such snapshot, or no lake yet, or Postgres is away.
        """
        if snapshot is not None and snapshot in self._idle:
            return snapshot
        with self._attaching:
            newest = self._newest()
            if snapshot is not None and snapshot > newest:
                raise LakeError(f"The lake has no snapshot {snapshot}; its newest is {newest}.")
            chosen = newest if snapshot is None else snapshot
            if chosen not in self._idle:
                statement = attach_lake(self._dsn, self._schema, alias=f"lake_{chosen}", snapshot=chosen)
                self._connection.cursor().execute(statement)
                self._idle[chosen] = deque()
        return chosen

    @contextmanager
    def cursor(self, snapshot: int) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor at an attached snapshot; one with which something goes wrong is not lent again."""
        try:
            cursor = self._idle[snapshot].pop()
        except IndexError:
            cursor = self._connection.cursor().execute(f"USE lake_{snapshot}")
        yield cursor
        self._idle[snapshot].append(cursor)

    def _newest(self) -> int:
        query = f"SELECT max(snapshot_id) FROM record.{self._schema}.ducklake_snapshot"
        try:
            rows = self._connection.cursor().execute(query).fetchall()
        except duckdb.CatalogException:
            raise LakeError(NO_LAKE) from None
        except duckdb.Error as error:
            raise LakeError(f"The lake cannot be opened: {error}") from error
        return int(rows[0][0])


@functools.lru_cache(maxsize=8)
def instance(dsn: str, schema: str) -> Instance:
    """Return the DuckDB of a reader, made when it is first asked for.

    Raises:
        LakeError: Postgres is away.
    """
    return Instance(dsn, schema)
