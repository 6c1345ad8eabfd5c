"""Exact bulk upsert: COPY into a temporary table, then one MERGE that touches only rows whose content changed.

Reading the same window again is the normal case, and costs little. Everything here runs in the caller's
transaction, so rows, cursor and the list of touched days commit together or not at all.

COPY straight into the table is no choice: Postgres refuses it under row-level security, and it cannot upsert.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from psycopg import Cursor, DataError, IntegrityError, sql
from sqlalchemy import Connection, insert, text

from mozg.errors import StoreError
from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.store.tables import TouchedDay


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


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows given, rows that were new, changed or deleted, and the business dates they touch."""

    read: int = 0
    changed: int = 0
    days: frozenset[date] = frozenset()

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.read + other.read, self.changed + other.changed, self.days | other.days)


CATEGORIES = Shape("categories", Category._fields, ("external_id",))
PRODUCTS = Shape("products", Product._fields, ("external_id",))
EMPLOYEES = Shape("employees", Employee._fields, ("external_id",))
RECEIPTS = Shape("receipts", Receipt._fields, ("external_id",))
ITEMS = Shape("receipt_items", ReceiptItem._fields, ("receipt", "line"))
PAYMENTS = Shape("payments", Payment._fields, ("receipt", "line"))

#: Receipts at a time from which on a load is a backfill.
MANY = 10_000

#: Enough to join a backfill to its table in memory; with Postgres' own 4 MB it goes through temporary files.
WORK_MEMORY = "SET LOCAL work_mem = '64MB'"


def load_catalogue(connection: Connection, organization_id: int, catalogue: Catalogue, run_id: int) -> Loaded:
    """Bring categories, products and employees up to date; what a till no longer lists stays as it is."""
    owner = {"organization_id": organization_id}
    with _cursor(connection) as cursor:
        parts = [
            _upsert(cursor, shape, rows, owner, run_id)
            for shape, rows in (
                (CATEGORIES, catalogue.categories),
                (PRODUCTS, catalogue.products),
                (EMPLOYEES, catalogue.employees),
            )
        ]
    return sum(parts, Loaded())


def load_sales(connection: Connection, organization_id: int, venue_id: int, sales: Sales, run_id: int) -> Loaded:
    """Bring one venue's receipts, lines and payments up to date, and note which days the lake must refresh.

    With a window, rows of these business dates that are not in ``sales`` are marked deleted. Lines and payments
    that a receipt of ``sales`` no longer has are marked deleted in any case.

    Raises:
        StoreError: the venue is not one of the organisation's.
    """
    _check_owner(connection, organization_id, venue_id)
    owner = {"organization_id": organization_id, "venue_id": venue_id}
    loaded = Loaded()
    with _cursor(connection) as cursor:
        for shape, rows in ((RECEIPTS, sales.receipts), (ITEMS, sales.items), (PAYMENTS, sales.payments)):
            loaded += _upsert(cursor, shape, rows, owner, run_id)
            loaded += _mark_deleted(cursor, shape, owner, sales.window, run_id)
    touched = [{**owner, "business_date": day} for day in sorted(loaded.days)]
    if touched:
        connection.execute(insert(TouchedDay), touched)
    return loaded


def _check_owner(connection: Connection, organization_id: int, venue_id: int) -> None:
    query = text("SELECT 1 FROM venues WHERE id = :venue AND organization_id = :organization")
    if connection.scalar(query, {"venue": venue_id, "organization": organization_id}) is None:
        raise StoreError(f"Venue {venue_id} is not one of organisation {organization_id}; nothing was loaded.")


def _cursor(connection: Connection) -> Cursor[Any]:
    raw = connection.connection.driver_connection
    assert raw is not None
    cursor: Cursor[Any] = raw.cursor()
    cursor.execute(WORK_MEMORY)
    return cursor


def _upsert(cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int) -> Loaded:
    try:
        return _merge_in(cursor, shape, rows, owner, run_id)
    except (DataError, IntegrityError) as error:
        raise StoreError(f"A row for {shape.table} cannot be stored, so nothing was: {error}") from error


def _merge_in(cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int) -> Loaded:
    _stage(cursor, shape, rows)
    moved = _days_moved(cursor, shape, owner, len(rows)) if shape is RECEIPTS else frozenset()
    cursor.execute(_merge(shape, owner, run_id))
    changed = cursor.rowcount
    days = _days_changed(cursor, shape, owner, run_id) if changed and "business_date" in shape.columns else frozenset()
    return Loaded(len(rows), changed, days | moved)


def _stage(cursor: Cursor[Any], shape: Shape, rows: Iterable[Any]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, shape.columns))
    stage, table = sql.Identifier(shape.stage), sql.Identifier(shape.table)
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(stage))
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(stage, names, table)
    )
    # A till that pages through changing data may repeat a row; the last one read is the newest.
    key = itemgetter(*(shape.columns.index(name) for name in shape.key))
    newest = {key(row): row for row in rows}
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, names)) as copy:
        for row in newest.values():
            copy.write_row(row)


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
    return sql.SQL(" AND ").join([_owned(owner), *same])


def _owned(owner: Mapping[str, int]) -> sql.Composed:
    parts = (sql.SQL("t.{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in owner.items())
    return sql.SQL(" AND ").join(parts)


def _names(names: Iterable[str], alias: str | None = None) -> sql.Composed:
    prefix = sql.SQL(f"{alias}.") if alias else sql.SQL("")
    return sql.SQL(", ").join(prefix + sql.Identifier(name) for name in names)


def _days_moved(cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], rows: int) -> frozenset[date]:
    """Return the days that receipts leave because the till now books them on another one."""
    if rows > MANY:  # a backfill: one pass over the venue's receipts is cheaper than so many look-ups
        query = "SELECT DISTINCT t.business_date FROM {0} t JOIN {1} s ON {2} WHERE t.business_date <> s.business_date"
        cursor.execute("SET LOCAL enable_nestloop = off")
        days = _days(cursor, sql.SQL(query), shape, _match(shape, owner))
        cursor.execute("SET LOCAL enable_nestloop = on")
        return days
    # LATERAL with OFFSET makes Postgres look each row up by key, however stale its statistics are.
    query = (
        "SELECT DISTINCT t.business_date FROM {1} s, LATERAL (SELECT t.business_date FROM {0} t WHERE {2} OFFSET 0) t "
        "WHERE t.business_date <> s.business_date"
    )
    return _days(cursor, sql.SQL(query), shape, _match(shape, owner))


def _days_changed(cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], run_id: int) -> frozenset[date]:
    span = sql.SQL("SELECT min(business_date), max(business_date) FROM {}").format(sql.Identifier(shape.stage))
    first, last = cursor.execute(span).fetchone() or (None, None)
    query = "SELECT DISTINCT t.business_date FROM {0} t WHERE {2} AND t.business_date BETWEEN {3} AND {4} AND {5}"
    this_run = sql.SQL("t.changed_in = {}").format(sql.Literal(run_id))
    return _days(cursor, sql.SQL(query), shape, _owned(owner), sql.Literal(first), sql.Literal(last), this_run)


def _days(cursor: Cursor[Any], query: sql.SQL, shape: Shape, *conditions: sql.Composable) -> frozenset[date]:
    cursor.execute(query.format(sql.Identifier(shape.table), sql.Identifier(shape.stage), *conditions))
    return frozenset(day for (day,) in cursor)


def _mark_deleted(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], window: tuple[date, date] | None, run_id: int
) -> Loaded:
    """Mark rows that the till no longer has: of the window, or without one, of the receipts that were read."""
    if _nothing_missing(cursor, shape, owner, window):
        return Loaded()
    same = sql.SQL(" AND ").join(sql.SQL("s.{0} = t.{0}").format(sql.Identifier(name)) for name in shape.key)
    query = sql.SQL(
        "UPDATE {} t SET deleted = true, changed_in = {} WHERE {} AND NOT t.deleted AND {} "
        "AND NOT EXISTS (SELECT FROM {} s WHERE {}) RETURNING t.business_date"
    ).format(
        sql.Identifier(shape.table),
        sql.Literal(run_id),
        _owned(owner),
        _reach(window),
        sql.Identifier(shape.stage),
        same,
    )
    # With statistics older than the last load, Postgres expects no rows and would loop over all pairs.
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(query)
    days = [day for (day,) in cursor]
    cursor.execute("SET LOCAL enable_nestloop = on")
    return Loaded(0, len(days), frozenset(days))


def _nothing_missing(
    cursor: Cursor[Any], shape: Shape, owner: Mapping[str, int], window: tuple[date, date] | None
) -> bool:
    """Tell whether the till has all that is in reach. What is staged is in the table by now, so counting will do."""
    if window is None:
        return shape is RECEIPTS
    query = sql.SQL(
        "SELECT (SELECT count(*) FROM {} t WHERE {} AND NOT t.deleted AND {reach}) "
        "= (SELECT count(*) FROM {} t WHERE {reach})"
    ).format(sql.Identifier(shape.table), _owned(owner), sql.Identifier(shape.stage), reach=_reach(window))
    (same,) = cursor.execute(query).fetchone() or (False,)
    return bool(same)


def _reach(window: tuple[date, date] | None) -> sql.Composed:
    if window is None:
        return sql.SQL("t.receipt IN (SELECT external_id FROM {})").format(sql.Identifier(RECEIPTS.stage))
    return sql.SQL("t.business_date BETWEEN {} AND {}").format(*map(sql.Literal, window))
