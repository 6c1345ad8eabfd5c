from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mozg.analysis.movement import movements

money = st.decimals(min_value=-10_000, max_value=1_000_000, places=2, allow_nan=False)
units = st.decimals(min_value=-5, max_value=5_000, places=3, allow_nan=False)
missing = st.none()


def dishes(*rows):
    return pd.DataFrame(rows, columns=["dish", "revenue", "units", "revenue_before", "units_before"], dtype=object)


def only(row):
    return movements(dishes(("Borscht", *row))).iloc[0]


def test_a_price_rise_alone_is_all_price():
    row = only((Decimal("1200.00"), Decimal(10), Decimal("1000.00"), Decimal(10)))
    assert (row["kind"], row["volume"], row["price"]) == ("both", Decimal("0.00"), Decimal("200.00"))


def test_more_portions_at_the_old_price_are_all_volume():
    row = only((Decimal("1200.00"), Decimal(12), Decimal("1000.00"), Decimal(10)))
    assert (row["volume"], row["price"]) == (Decimal("200.00"), Decimal("0.00"))


def test_volume_is_weighed_with_old_prices_and_price_is_the_rest():
    row = only((Decimal("1500.00"), Decimal(12), Decimal("1000.00"), Decimal(10)))
    assert (row["delta"], row["volume"], row["price"]) == (Decimal("500.00"), Decimal("200.00"), Decimal("300.00"))


@pytest.mark.parametrize(
    ("row", "kind", "delta"),
    [
        ((Decimal(300), Decimal(3), None, None), "new", Decimal(300)),
        ((Decimal(300), Decimal(3), Decimal(0), Decimal(0)), "new", Decimal(300)),
        ((None, None, Decimal(300), Decimal(3)), "gone", Decimal(-300)),
        ((Decimal(300), None, Decimal(200), None), "unknown", Decimal(100)),
    ],
)
def test_what_cannot_be_split_is_named_and_its_parts_are_missing(row, kind, delta):
    found = only(row)
    assert (found["kind"], found["delta"]) == (kind, delta)
    assert found["volume"] is None
    assert found["price"] is None


def test_rises_come_first_and_dishes_without_money_are_left_out():
    frame = dishes(
        ("fell", Decimal(1), Decimal(1), Decimal(2), Decimal(1)),
        ("silent", None, Decimal(1), None, Decimal(1)),
        ("rose", Decimal(5), Decimal(1), Decimal(2), Decimal(1)),
    )
    assert list(movements(frame)["dish"]) == ["rose", "fell"]


@given(st.lists(st.tuples(money | missing, units | missing, money | missing, units | missing), max_size=20))
def test_the_parts_sum_up_to_the_change_to_the_cent(rows):
    moves = movements(dishes(*[(f"dish {i}", *row) for i, row in enumerate(rows)]))
    known = sum(((r[0] or 0) - (r[2] or 0) for r in rows), Decimal(0))
    assert sum(moves["delta"], Decimal(0)) == known
    both = moves[moves["kind"] == "both"]
    assert all(row["volume"] + row["price"] == row["delta"] for _, row in both.iterrows())
