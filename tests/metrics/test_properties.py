"""Whatever was sold: regrouping dishes or splitting a venue changes no total, and the order of rows does not matter."""

import functools
from datetime import date
from decimal import Decimal
from itertools import count

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.formats.pyarrow import PyArrowSchema

from mozg.lake.measures import MEASURES, aggregated
from mozg.lake.rollups import CHANNEL_DAYS, DISH_DAYS, fact_tables
from mozg.lake.tables import ITEMS, PRODUCTS, RECEIPTS

FACTS = fact_tables()
#: Measures that add up: those that count different things do not, and of extremes there is no sum.
ADDED = {
    fact: [m.name for m in MEASURES.values()
           if m.from_fact(fact) is not None and m.combine == "sum" and fact not in m.distinct and not m.of_days]
    for fact in ("receipts", "items")
}  # fmt: skip
money = st.one_of(st.none(), st.decimals(-(10**6), 10**6, places=2))
DAYS = (date(2026, 3, 1), date(2026, 3, 2))
common = {
    "venue_id": st.integers(1, 2),
    "business_date": st.sampled_from(DAYS),
    "status": st.sampled_from(["sale", "sale", "refund", "void"]),
    "guests": st.one_of(st.none(), st.integers(0, 5)),
    "channel": st.sampled_from(["dine_in", "delivery", None]),
    **dict.fromkeys(("gross", "discount", "revenue", "vat", "cost"), money),
}
checks = st.lists(st.fixed_dictionaries({**common, "void_lines": st.integers(0, 2), "minutes": st.none()}), max_size=12)
lines = st.lists(
    st.fixed_dictionaries(
        {**common, "voided": st.booleans(), "product_id": st.sampled_from([1, 2, 3, None]),
         "quantity": st.decimals(-9, 9, places=3)}
    ),
    max_size=12,
)  # fmt: skip
MENU = [(1, "kitchen"), (2, "bar"), (3, "kitchen")]


@pytest.fixture(scope="module")
def database():
    """DuckDB in memory, with a menu of three dishes."""
    connection = duckdb.connect()
    dishes = [dict.fromkeys(PRODUCTS.columns) | {"product_id": key, "section": section} for key, section in MENU]
    put(connection, PRODUCTS, dishes)
    return connection


def put(connection, table, rows):
    numbers = count(1)
    filled = [dict.fromkeys(table.columns) | {"check_key": next(numbers), "line": "1"} | row for row in rows]
    schema = PyArrowSchema.from_ibis(ibis.schema(table.columns))
    given_ = [{name: row.get(name) for name in table.columns} for row in filled]
    connection.register(table.name, pa.Table.from_pylist(given_, schema=schema))


@functools.cache
def of_facts(fact, by):
    return str(ibis.to_sql(aggregated(FACTS[fact], list(by), ADDED[fact], fact), dialect="duckdb"))


@functools.cache
def of_rollup(rollup):
    return str(ibis.to_sql(rollup.expression(FACTS), dialect="duckdb"))


def totals(connection, fact, by=()):
    """Every measure summed over the groups ``by``; zero where no group knows it."""
    frame = connection.execute(of_facts(fact, tuple(by))).fetch_df()
    return {name: added(frame[name]) for name in ADDED[fact]}


def added(column):
    known = [Decimal(str(value)) for value in column if not pd.isna(value)]
    return sum(known) if any(known) else 0


@settings(max_examples=25, deadline=None)
@given(lines)
def test_regrouping_dishes_changes_no_total(database, rows):
    put(database, ITEMS, rows)
    whole = totals(database, "items")
    for by in (["product_id"], ["section"], ["venue_id", "product_id"], ["channel", "business_date"]):
        assert totals(database, "items", by) == whole, by


@settings(max_examples=25, deadline=None)
@given(checks, st.data())
def test_splitting_a_venue_changes_no_total(database, rows, data):
    put(database, RECEIPTS, rows)
    whole = totals(database, "receipts")
    put(database, RECEIPTS, [row | {"venue_id": data.draw(st.sampled_from([row["venue_id"], 3]))} for row in rows])
    assert totals(database, "receipts", ["venue_id"]) == whole


@settings(max_examples=25, deadline=None)
@given(lines.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_does_not_matter(database, both):
    found = []
    for rows in both:
        put(database, ITEMS, rows)
        found.append(totals(database, "items"))
    assert found[0] == found[1]


@settings(max_examples=25, deadline=None)
@given(checks, lines)
def test_a_roll_up_keeps_every_total(database, heads, rows):
    put(database, RECEIPTS, heads)
    put(database, ITEMS, rows)
    whole = {fact: totals(database, fact) for fact in ADDED}
    for rollup in (DISH_DAYS, CHANNEL_DAYS):
        frame = database.execute(of_rollup(rollup)).fetch_df()
        for measure in rollup.measures:
            fact = rollup.source_of(measure)
            if measure.name in ADDED[fact]:
                assert added(frame[measure.name]) == whole[fact][measure.name], measure.name
