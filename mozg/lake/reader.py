"""Reading a lake: one organisation, one snapshot, one scope."""

import functools
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from sqlalchemy import text

from mozg.access.organizations import Organization
from mozg.access.scope import Scope, public_key, read_scope
from mozg.errors import LakeError, ScopeError
from mozg.lake.connection import attach_lake, attach_record, open_duckdb
from mozg.settings import settings
from mozg.store.database import app_engine, connection_string, role_url

SUM_OF_WHOLE = pa.decimal128(38, 0)
PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int16(): pd.Int64Dtype()}


@dataclass(frozen=True)
class Owner:
    """Whose lake it is, and how its numbers are written."""

    slug: str
    name: str
    currency: str
    locale: str
    timezone: str
    country: str | None


class Lake:
    """One organisation's lake at one snapshot, as one scope may see it.

    The connection signs in as the organisation's reader role, so Postgres itself keeps other organisations out;
    ``scope.venues`` narrows further, and `mozg.metrics.query` applies it to every question.
    """

    def __init__(self, dsn: str, schema: str, scope: Scope, snapshot: int | None = None) -> None:
        self.scope = scope
        self._connection, self.snapshot = _attached(dsn, schema, snapshot)
        self.owner = self._owner()

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the answer to ``sql``: money as Decimal, whole numbers nullable, dates as ``datetime.date``."""
        answer = _whole_numbers(self._execute(sql).to_arrow_table())
        return answer.to_pandas(types_mapper=PANDAS_TYPES.get, date_as_object=True)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the answer to ``sql`` as tuples."""
        return self._execute(sql, parameters).fetchall()

    def freshness(self) -> dict[int, datetime]:
        """Return when each venue was last read successfully (UTC)."""
        query = "SELECT venue_id, max(ended_at) FROM record.public.sync_runs WHERE outcome = 'ok' GROUP BY venue_id"
        return dict(self.rows(query))

    def _execute(self, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"USE lake_{self.snapshot}")
        try:
            return cursor.execute(sql, parameters)
        except duckdb.Error as error:
            raise LakeError(f"The lake could not answer: {error}") from error

    def _owner(self) -> Owner:
        columns = "slug, name, currency, locale, timezone, country"
        rows = self.rows(f"SELECT {columns} FROM record.public.organizations")
        if [row[0] for row in rows] != [self.scope.organization]:
            raise ScopeError("The scope and the lake's reader role belong to different organisations.")
        return Owner(*rows[0])


def open_lake(organization: Organization, scope: Scope | None = None, snapshot: int | None = None) -> Lake:
    """Open ``organization``'s lake in a service; without a scope, as the service itself, which sees every venue.

    Raises:
        LakeError: there is no lake yet, no such snapshot, or Postgres is away.
    """
    scope = scope or Scope(organization.slug, "service", "owner")
    return Lake(connection_string(role_url(organization.reader_role)), organization.lake_schema, scope, snapshot)


def has_lake(organization: Organization) -> bool:
    """Tell whether anything has been brought into ``organization``'s lake yet."""
    catalogue = f"{organization.lake_schema}.ducklake_snapshot"
    with app_engine().connect() as connection:
        return bool(connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": catalogue}))


def kernel_environment(organization: Organization, scope: Scope, snapshot: int | None, minutes: int) -> dict[str, str]:
    """Return the environment that lets a notebook kernel read one lake as ``scope`` for ``minutes``, and no more."""
    environment = {
        "MOZG_SCOPE": scope.sign(minutes),
        "MOZG_SCOPE_KEY": public_key(),
        "MOZG_LAKE_DSN": connection_string(role_url(organization.reader_role)),
        "MOZG_LAKE_SCHEMA": organization.lake_schema,
    }
    return environment if snapshot is None else environment | {"MOZG_LAKE_SNAPSHOT": str(snapshot)}


def lake_of_kernel(organization: str) -> Lake:
    """Open the lake that this notebook kernel was started for.

    Raises:
        ScopeError: the kernel was started for nobody, for another organisation, or too long ago.
    """
    given = settings()
    if given.scope_token is None or given.scope_key is None or given.lake_dsn is None or given.lake_schema is None:
        raise ScopeError(
            "This kernel has no scope. Start reports with `mozg run`, the dashboards, or `mozg lab`, which give it one."
        )
    scope = read_scope(given.scope_token.get_secret_value(), given.scope_key)
    if organization not in ("", scope.organization):
        raise ScopeError(f"This kernel may read {scope.organization!r}, not {organization!r}.")
    return Lake(given.lake_dsn.get_secret_value(), given.lake_schema, scope, given.lake_snapshot)


def _whole_numbers(table: pa.Table) -> pa.Table:
    # DuckDB adds whole numbers up in 128 bits, which Arrow can only tell as decimals without decimals.
    for at, column in enumerate(table.schema):
        if column.type == SUM_OF_WHOLE:
            table = table.set_column(at, column.name, table.column(at).cast(pa.int64()))
    return table


_attaching = threading.Lock()


@functools.lru_cache(maxsize=8)
def _instance(dsn: str) -> duckdb.DuckDBPyConnection:
    # Loading extensions costs half a second, so a process keeps one DuckDB per reader and attaches snapshots to it.
    return open_duckdb([attach_record(dsn)])


def _attached(dsn: str, schema: str, snapshot: int | None) -> tuple[duckdb.DuckDBPyConnection, int]:
    """Return a connection and the number of the snapshot that is attached to it as ``lake_<number>``."""
    connection = _instance(dsn).cursor()
    with _attaching:
        latest = _latest(connection, schema)
        if snapshot is not None and snapshot > latest:
            raise LakeError(f"The lake has no snapshot {snapshot}; its newest is {latest}.")
        chosen = latest if snapshot is None else snapshot
        known = connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
        if (f"lake_{chosen}",) not in known:
            connection.execute(attach_lake(dsn, schema, alias=f"lake_{chosen}", snapshot=chosen))
    return connection, chosen


def _latest(connection: duckdb.DuckDBPyConnection, schema: str) -> int:
    try:
        rows = connection.execute(f"SELECT max(snapshot_id) FROM record.{schema}.ducklake_snapshot").fetchall()
    except duckdb.CatalogException:
        raise LakeError("This organisation has no lake yet: nothing has been synced or imported.") from None
    except duckdb.Error as error:
        raise LakeError(f"The lake cannot be opened: {error}") from error
    return int(rows[0][0])
