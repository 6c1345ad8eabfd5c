"""The statements of a refresh: what goes from the record's tables into the lake's."""

import functools
from collections.abc import Sequence
from datetime import date

import duckdb
import ibis
from ibis.backends.sql.datatypes import DuckDBType

from mozg.lake.rollups import KEY, ROLLUPS, Rollup, fact_tables

VENUES = "SELECT id, name, city, country, timezone, opened_on, closed_on FROM record.public.venues"
PRODUCTS = """
SELECT p.id AS product_id, p.name AS dish, c.name AS category, coalesce(p.section, c.section) AS section
FROM record.public.products p LEFT JOIN record.public.categories c ON c.external_id = p.category
"""
EMPLOYEES = "SELECT id, name, role FROM record.public.employees"

MOVED = """
SELECT DISTINCT i.venue_id, i.business_date
FROM items i JOIN products old USING (product_id) JOIN fresh USING (product_id)
WHERE old.section IS DISTINCT FROM fresh.section
"""

RECEIPTS = """
SELECT r.venue_id, r.business_date, r.external_id, r.opened_at AT TIME ZONE v.timezone,
       r.closed_at AT TIME ZONE v.timezone, hour(r.opened_at AT TIME ZONE v.timezone),
       r.status, r.guests, r.gross, r.discount, r.revenue, r.vat, r.cost, e.id, r.table_name, r.hall, r.channel
FROM record.public.receipts r
JOIN touched USING (venue_id, business_date)
JOIN record.public.venues v ON v.id = r.venue_id
LEFT JOIN record.public.employees e ON e.external_id = r.waiter
WHERE NOT r.deleted AND r.business_date BETWEEN ? AND ?
ORDER BY r.business_date, r.venue_id, r.opened_at
"""
ITEMS = """
SELECT i.venue_id, i.business_date, i.receipt, i.line, r.hour, r.status, i.voided, p.id, e.id, r.channel,
       i.quantity, i.gross, i.discount, i.revenue, i.vat, i.cost
FROM record.public.receipt_items i
JOIN touched USING (venue_id, business_date)
JOIN fresh_receipts r ON r.venue_id = i.venue_id AND r.business_date = i.business_date AND r.receipt_id = i.receipt
LEFT JOIN record.public.products p ON p.external_id = i.product
LEFT JOIN record.public.employees e ON e.external_id = i.waiter
WHERE NOT i.deleted AND i.business_date BETWEEN ? AND ?
ORDER BY i.business_date, i.venue_id, p.id
"""
PAYMENTS = """
SELECT y.venue_id, y.business_date, y.receipt, y.line, r.status, y.method, y.kind, y.amount
FROM record.public.payments y
JOIN touched USING (venue_id, business_date)
JOIN fresh_receipts r ON r.venue_id = y.venue_id AND r.business_date = y.business_date AND r.receipt_id = y.receipt
WHERE NOT y.deleted AND y.business_date BETWEEN ? AND ?
"""


def copy_dimensions(lake: duckdb.DuckDBPyConnection) -> set[tuple[int, date]]:
    """Write the small tables again where they differ from the record; return the venue-days that this touches.

    Roll-ups hold sums of the kitchen and the bar, so a dish that moves from one to the other touches its days.
    """
    touched: set[tuple[int, date]] = set()
    for table, query in (("venues", VENUES), ("products", PRODUCTS), ("employees", EMPLOYEES)):
        lake.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {query}")
        differs = f"(FROM fresh EXCEPT FROM {table}) UNION ALL (FROM {table} EXCEPT FROM fresh) LIMIT 1"
        if lake.execute(differs).fetchone():
            touched |= {(venue, day) for venue, day in lake.execute(MOVED).fetchall()} if table == "products" else set()
            lake.execute(f"DELETE FROM {table}")
            lake.execute(f"INSERT INTO {table} FROM fresh")
    return touched


def copy_days(lake: duckdb.DuckDBPyConnection, first: date, last: date, pairs: Sequence[tuple[int, date]]) -> None:
    """Write the venue-days ``pairs``, all between ``first`` and ``last``, again: facts, then roll-ups."""
    note_touched(lake, pairs)
    for table, query in (("receipts", RECEIPTS), ("items", ITEMS), ("payments", PAYMENTS)):
        lake.execute(f"CREATE OR REPLACE TEMP TABLE fresh_{table} AS FROM {table} LIMIT 0")
        lake.execute(f"INSERT INTO fresh_{table} {query}", [first, last])
        _replace_days(lake, table, f"FROM fresh_{table}", first, last)
    for rollup in ROLLUPS:
        _replace_days(lake, rollup.name, _rollup_query(rollup), first, last)


def note_touched(lake: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[int, date]]) -> None:
    """Make the temporary table ``touched`` hold exactly these venue-days."""
    lake.execute("CREATE OR REPLACE TEMP TABLE touched (venue_id BIGINT, business_date DATE)")
    lake.execute(
        "INSERT INTO touched SELECT unnest($1), unnest($2)", [[venue for venue, _ in pairs], [day for _, day in pairs]]
    )


def duckdb_type(kind: str) -> str:
    """Return DuckDB's name of an Ibis type."""
    return str(DuckDBType.to_string(ibis.dtype(kind)))


def _replace_days(lake: duckdb.DuckDBPyConnection, table: str, query: str, first: date, last: date) -> None:
    # The span lets DuckDB skip whole files; the pairs say which rows.
    lake.execute(
        f"DELETE FROM {table} WHERE business_date BETWEEN ? AND ? "
        "AND (venue_id, business_date) IN (SELECT (venue_id, business_date) FROM touched)",
        [first, last],
    )
    lake.execute(f"INSERT INTO {table} {query}")


@functools.cache
def _rollup_query(rollup: Rollup) -> str:
    return str(ibis.to_sql(rollup.expression(fact_tables("fresh_")).order_by(*KEY), dialect="duckdb"))
