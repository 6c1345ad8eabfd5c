"""Copying from the record's tables into the lake's: what a refresh runs, in the order in which it runs it.

The statements are in `mozg.lake.statements`.
"""

import functools
from collections.abc import Sequence
from datetime import date

import duckdb
import ibis
from ibis.backends.sql.datatypes import DuckDBType

from mozg.lake import statements, sweeps
from mozg.lake.rollups import KEY, ROLLUPS, Rollup, fact_tables
from mozg.lake.tables import DIMENSIONS, FACTS

VenueDay = tuple[int, date]


def copy_dimensions(lake: duckdb.DuckDBPyConnection) -> set[VenueDay]:
    """Write the small tables again where they differ from the record; return the venue-days that this touches.

    Roll-ups hold sums of the kitchen and the bar, so a dish that moves from one to the other touches its days; lines
    hold costs, so a cost that changes touches the days from which on it is valid.
    """
    touched: set[VenueDay] = set()
    for table in DIMENSIONS:
        name = table.name
        lake.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS FROM {name} LIMIT 0")
        lake.execute(f"INSERT INTO fresh {statements.DIMENSIONS[name]}")
        differs = f"(FROM fresh EXCEPT FROM {name}) UNION ALL (FROM {name} EXCEPT FROM fresh) LIMIT 1"
        if lake.execute(differs).fetchone():
            touched |= _moved_by(lake, name)
            lake.execute(f"DELETE FROM {name}")
            lake.execute(f"INSERT INTO {name} FROM fresh")
    return touched


def copy_days(lake: duckdb.DuckDBPyConnection, first: date, last: date, pairs: Sequence[VenueDay]) -> None:
    """Write the venue-days ``pairs``, all between ``first`` and ``last``, again: facts, then roll-ups."""
    note_touched(lake, pairs)
    # Written out, the venues are told to Postgres, which would otherwise send those of the whole chain.
    venues = ", ".join(str(int(venue)) for venue in sorted({venue for venue, _ in pairs}))
    for name, statement in statements.STAGES.items():
        query = statement.format(venues=venues)
        lake.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", {"first": first, "last": last})
    for fact in FACTS:
        lake.execute(f"CREATE OR REPLACE TEMP TABLE fresh_{fact.name} AS FROM {fact.name} LIMIT 0")
        lake.execute(f"INSERT INTO fresh_{fact.name} BY NAME {statements.FACTS[fact.name]}")
    write_days(lake, first, last)


def write_days(lake: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    """Put the temporary tables ``fresh_receipts``, ``fresh_items`` and ``fresh_payments`` in place of what the lake
    has of the venue-days in ``touched``, and work out from them what is stored ready.
    """  # fmt: skip
    written = {fact.name: f"FROM fresh_{fact.name}" for fact in FACTS}
    written |= {rollup.name: _rollup_query(rollup) for rollup in ROLLUPS}
    written |= {sweeps.TABLE_HOURS.name: sweeps.SWEEP}
    known = any(_knows(lake, fact.name, first, last) for fact in FACTS)
    for table, query in written.items():
        if known:
            _forget_days(lake, table, first, last)
        lake.execute(f"INSERT INTO {table} {query}")


def every_day(lake: duckdb.DuckDBPyConnection) -> set[VenueDay]:
    """Return every venue-day of the record."""
    return {(venue, day) for venue, day in lake.execute(statements.EVERY_DAY).fetchall()}


def note_touched(lake: duckdb.DuckDBPyConnection, pairs: Sequence[VenueDay]) -> None:
    """Make the temporary table ``touched`` hold exactly these venue-days."""
    lake.execute("CREATE OR REPLACE TEMP TABLE touched (venue_id BIGINT, business_date DATE)")
    lake.execute(
        "INSERT INTO touched SELECT unnest($1), unnest($2)", [[venue for venue, _ in pairs], [day for _, day in pairs]]
    )


def duckdb_type(kind: str) -> str:
    """Return DuckDB's name of an Ibis type, as DuckDB itself writes it."""
    return str(duckdb.sqltype(DuckDBType.to_string(ibis.dtype(kind))))


def _moved_by(lake: duckdb.DuckDBPyConnection, table: str) -> set[VenueDay]:
    statement = statements.MOVED.get(table)
    return {(venue, day) for venue, day in lake.execute(statement).fetchall()} if statement else set()


#: The span lets DuckDB skip whole files; the pairs say which rows.
_TOUCHED = (
    "business_date BETWEEN ? AND ? AND (venue_id, business_date) IN (SELECT (venue_id, business_date) FROM touched)"
)


def _knows(lake: duckdb.DuckDBPyConnection, table: str, first: date, last: date) -> bool:
    """Tell whether a fact has rows of the touched days. If none has, neither has what is worked out from them."""
    return lake.execute(f"SELECT 1 FROM {table} WHERE {_TOUCHED} LIMIT 1", [first, last]).fetchone() is not None


def _forget_days(lake: duckdb.DuckDBPyConnection, table: str, first: date, last: date) -> None:
    lake.execute(f"DELETE FROM {table} WHERE {_TOUCHED}", [first, last])


@functools.cache
def _rollup_query(rollup: Rollup) -> str:
    return str(ibis.to_sql(rollup.expression(fact_tables("fresh_")).order_by(*KEY), dialect="duckdb"))
