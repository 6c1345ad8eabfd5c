"""Exact bulk upsert: COPY into a temporary table, then one MERGE that touches only rows whose content changed.

Reading the same window again is the normal case, and costs little. Everything here runs in the caller's transaction.

COPY straight into the table is no choice: Postgres refuses it under row-level security, and it cannot upsert.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from psycopg import Cursor, DataError, IntegrityError, sql
from sqlalchemy import Connection

from mozg.errors import StoreError


@dataclass(frozen=True)
class Shape:
    """Records of one kind as rows of one table: each field is a column, ``key`` are those that tell rows apart."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def stage(self) -> str:
        """The temporary table of this kind."""
        return f"stage_{self.table}"

    @property
    def dated(self) -> bool:
        """Whether each row belongs to a business date."""
        return "business_date" in self.columns

    @property
    def moves(self) -> bool:
        """Whether a row may be booked on another day without its key telling; lines move with their receipt."""
        return self.dated and self.key == ("external_id",)


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows given, rows that were new, changed or deleted, and the business dates they touch."""

    read: int = 0
    changed: int = 0
    days: frozenset[date] = frozenset()

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.read + other.read, self.changed + other.changed, self.days | other.days)


#: Rows of receipts at a time from which on a load is a backfill.
MANY = 10_000

#: Enough to join a backfill to its table in memory; with Postgres' own 4 MB it goes through temporary files.
WORK_MEMORY = "SET LOCAL work_mem = '64MB'"

#: All rows of the owner are within reach.
EVERYTHING = sql.Composed([sql.SQL("true")])


def cursor_of(connection: Connection) -> Cursor[Any]:
    """Return a cursor of the connection's transaction, ready for bulk work."""
    raw = connection.connection.driver_connection
    assert raw is not None
    cursor: Cursor[Any] = raw.cursor()
    cursor.execute(WORK_MEMORY)
    return cursor


def upsert(cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int) -> Loaded:
    """Bring ``rows`` of ``owner`` (column → id) into the shape's table; they stay staged beside it.

    Raises:
        StoreError: Postgres cannot hold a row.
    """
    with storing(shape):
        staged = stage(cursor, shape, rows)
        inserted = _insert_new_days(cursor, shape, owner, run_id) if staged and shape.dated else 0
        return merge_staged(cursor, shape, owner, run_id, len(rows), staged, inserted)


def replace_window(
    cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int,
    window: tuple[date, date],
) -> Loaded:  # fmt: skip
    """Bring ``rows`` in, and mark deleted what else the owner has on the business dates of ``window``, both inclusive.

    Raises:
        StoreError: Postgres cannot hold a row.
    """
    with storing(shape):
        staged = stage(cursor, shape, rows)
        inserted = _insert_new_days(cursor, shape, owner, run_id, window) if staged else 0
        loaded = merge_staged(cursor, shape, owner, run_id, len(rows), staged, inserted)
    if staged and inserted == staged:
        return loaded  # nothing was known of the window, so nothing can be missing
    return loaded + mark_deleted(cursor, shape, owner, within(window), run_id)


@contextmanager
def storing(shape: Shape) -> Iterator[None]:
    """Turn what Postgres says of a row that it cannot hold into a sentence."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise StoreError(f"A row for {shape.table} cannot be stored, so nothing was: {error}") from error


def merge_staged(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], run_id: int, read: int, staged: int, inserted: int = 0
) -> Loaded:
    """Bring the ``staged`` rows that are not ``inserted`` yet into the table, touching only those whose content
    changed; ``read`` were given.
    """  # fmt: skip
    if inserted == staged:
        return Loaded(read, staged, _days_staged(cursor, shape) if staged and shape.dated else frozenset())
    moved = _days_moved(cursor, shape, owner, read) if shape.moves else frozenset[date]()
    changed = inserted + cursor.execute(_merge(shape, owner, run_id)).rowcount
    days = _days_changed(cursor, shape, owner, run_id) if changed and shape.dated else frozenset()
    return Loaded(read, changed, days | moved)


def _insert_new_days(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], run_id: int, window: tuple[date, date] | None = None
) -> int:
    """Insert what is staged if nothing is known of its days and of ``window``, and return how many rows that were.

    So a backfill does not search the years that were read before it; a row that stood on another day is left to MERGE.
    """
    first, last = map(sql.Literal, window or (None, None))
    query = sql.SQL(
        "INSERT INTO {table} ({columns}, changed_in) SELECT {values}, {run} FROM {stage} s WHERE NOT EXISTS ("
        "SELECT FROM {table} t WHERE {owned} AND t.business_date BETWEEN "
        "(SELECT least(min(business_date), {first}::date) FROM {stage}) "
        "AND (SELECT greatest(max(business_date), {last}::date) FROM {stage})) ON CONFLICT DO NOTHING"
    ).format(
        table=sql.Identifier(shape.table),
        stage=sql.Identifier(shape.stage),
        columns=_names([*owner, *shape.columns]),
        values=sql.SQL(", ").join([*map(sql.Literal, owner.values()), _names(shape.columns, "s")]),
        run=sql.Literal(run_id),
        owned=owned(owner),
        first=first,
        last=last,
    )
    return cursor.execute(query).rowcount


def stage(cursor: Cursor[Any], shape: Shape, rows: Iterable[Any]) -> int:
    """Put rows into the shape's temporary table and return how many; of rows with one key the last is kept."""
    names = sql.SQL(", ").join(map(sql.Identifier, shape.columns))
    staged, table = sql.Identifier(shape.stage), sql.Identifier(shape.table)
    make = "DROP TABLE IF EXISTS {0}; CREATE TEMPORARY TABLE {0} ON COMMIT DROP AS SELECT {1} FROM {2} LIMIT 0"
    cursor.execute(sql.SQL(make).format(staged, names, table))
    # A till that pages through changing data may repeat a row; the last one read is the newest.
    key = itemgetter(*(shape.columns.index(name) for name in shape.key))
    newest = {key(row): row for row in rows}
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staged, names)) as copy:
        for row in newest.values():
            copy.write_row(row)
    return len(newest)


def _merge(shape: Shape, owner: Mapping[str, int], run_id: int) -> sql.Composed:
    content = [name for name in shape.columns if name not in shape.key]
    return sql.SQL(
        "MERGE INTO {table} AS t USING {stage} AS s ON {match} "
        "WHEN MATCHED AND (t.deleted OR ({ours}) IS DISTINCT FROM ({theirs})) THEN "
        "UPDATE SET {assignments}, deleted = false, changed_in = {run} "
        "WHEN NOT MATCHED THEN INSERT ({columns}, changed_in) VALUES ({values}, {run})"
    ).format(
        table=sql.Identifier(shape.table),
        stage=sql.Identifier(shape.stage),
        match=_match(shape, owner),
        ours=_names(content, "t"),
        theirs=_names(content, "s"),
        assignments=sql.SQL(", ").join(sql.SQL("{0} = s.{0}").format(sql.Identifier(name)) for name in content),
        run=sql.Literal(run_id),
        columns=_names([*owner, *shape.columns]),
        values=sql.SQL(", ").join([*map(sql.Literal, owner.values()), _names(shape.columns, "s")]),
    )


def _match(shape: Shape, owner: Mapping[str, int]) -> sql.Composed:
    same = [sql.SQL("t.{0} = s.{0}").format(sql.Identifier(name)) for name in shape.key]
    return sql.SQL(" AND ").join([owned(owner), *same])


def owned(owner: Mapping[str, int]) -> sql.Composed:
    """Return the condition that a row ``t`` is the owner's."""
    parts = (sql.SQL("t.{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in owner.items())
    return sql.SQL(" AND ").join(parts)


def _names(names: Iterable[str], alias: str | None = None) -> sql.Composed:
    prefix = sql.SQL(f"{alias}.") if alias else sql.SQL("")
    return sql.SQL(", ").join(prefix + sql.Identifier(name) for name in names)


def _days_moved(cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], rows: int) -> frozenset[date]:
    """Return the days that receipts leave because the till now books them on another one."""
    if rows > MANY:  # a backfill: one pass over the venue's receipts is cheaper than so many look-ups
        query = "SELECT DISTINCT t.business_date FROM {0} t JOIN {1} s ON {2} WHERE t.business_date <> s.business_date"
        with _joined_in_memory(cursor):
            return _days(cursor, sql.SQL(query), shape, _match(shape, owner))
    # LATERAL with OFFSET makes Postgres look each row up by key, however stale its statistics are.
    query = (
        "SELECT DISTINCT t.business_date FROM {1} s, LATERAL (SELECT t.business_date FROM {0} t WHERE {2} OFFSET 0) t "
        "WHERE t.business_date <> s.business_date"
    )
    return _days(cursor, sql.SQL(query), shape, _match(shape, owner))


def _days_staged(cursor: Cursor[Any], shape: Shape) -> frozenset[date]:
    return _days(cursor, sql.SQL("SELECT DISTINCT s.business_date FROM {1} s"), shape)


def _days_changed(cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], run_id: int) -> frozenset[date]:
    span = sql.SQL("SELECT min(business_date), max(business_date) FROM {}").format(sql.Identifier(shape.stage))
    first, last = cursor.execute(span).fetchone() or (None, None)
    query = "SELECT DISTINCT t.business_date FROM {0} t WHERE {2} AND t.business_date BETWEEN {3} AND {4} AND {5}"
    this_run = sql.SQL("t.changed_in = {}").format(sql.Literal(run_id))
    return _days(cursor, sql.SQL(query), shape, owned(owner), sql.Literal(first), sql.Literal(last), this_run)


def _days(cursor: Cursor[Any], query: sql.SQL, shape: Shape, *conditions: sql.Composable) -> frozenset[date]:
    cursor.execute(query.format(sql.Identifier(shape.table), sql.Identifier(shape.stage), *conditions))
    return frozenset(day for (day,) in cursor)


def mark_deleted(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], reach: sql.Composed, run_id: int
) -> Loaded:
    """Mark the owner's rows within ``reach`` (a condition on ``t``) that are not among those just upserted."""
    with _joined_in_memory(cursor):
        if _nothing_missing(cursor, shape, owner, reach):
            return Loaded()
        days = _mark_missing(cursor, shape, owner, reach, run_id)
    return Loaded(0, len(days), frozenset(days) if shape.dated else frozenset())


@contextmanager
def _joined_in_memory(cursor: Cursor[Any]) -> Iterator[None]:
    """With statistics older than the last load, Postgres expects no rows and would loop over all pairs."""
    cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on")


def _mark_missing(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], reach: sql.Composed, run_id: int
) -> list[date]:
    same = sql.SQL(" AND ").join(sql.SQL("s.{0} = t.{0}").format(sql.Identifier(name)) for name in shape.key)
    query = sql.SQL(
        "UPDATE {} t SET deleted = true, changed_in = {} WHERE {} AND NOT t.deleted AND {} "
        "AND NOT EXISTS (SELECT FROM {} s WHERE {}) RETURNING {}"
    ).format(
        sql.Identifier(shape.table),
        sql.Literal(run_id),
        owned(owner),
        reach,
        sql.Identifier(shape.stage),
        same,
        sql.SQL("t.business_date" if shape.dated else "NULL"),
    )
    cursor.execute(query)
    return [day for (day,) in cursor]


def _nothing_missing(cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], reach: sql.Composed) -> bool:
    """Tell whether the till has all that is in reach. What is staged is in the table by now, so counting will do."""
    query = sql.SQL(
        "SELECT (SELECT count(*) FROM {} t WHERE {} AND NOT t.deleted AND {reach}) "
        "= (SELECT count(*) FROM {} t WHERE {reach})"
    ).format(sql.Identifier(shape.table), owned(owner), sql.Identifier(shape.stage), reach=reach)
    (same,) = cursor.execute(query).fetchone() or (False,)
    return bool(same)


def within(window: tuple[date, date]) -> sql.Composed:
    """Return the condition that a row ``t`` lies on the business dates of a window, both inclusive."""
    return sql.SQL("t.business_date BETWEEN {} AND {}").format(*map(sql.Literal, window))
