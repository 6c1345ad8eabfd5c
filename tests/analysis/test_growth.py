"""A chain's growth divides exactly into comparable, opened and closed venues."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mozg.analysis.growth import CLOSED, COMPARABLE, OPENED, growth, with_kinds

amounts = st.one_of(st.none(), st.decimals(0, 10**9, places=2))


def venues(rows):
    return pd.DataFrame(rows, columns=["venue", "revenue", "revenue_before"], dtype=object)


def test_an_opened_and_a_closed_venue_are_not_growth():
    frame = venues([("A", Decimal(110), Decimal(100)), ("B", Decimal(50), Decimal(20)), ("C", None, Decimal(40))])
    rows = with_kinds(frame, {"A"})
    assert rows["kind"].tolist() == [COMPARABLE, OPENED, CLOSED]
    found = growth(rows)
    assert (found.comparable, found.opened, found.closed, found.whole) == (10, 30, -40, 0)
    assert found.like_for_like == pytest.approx(0.1)
    assert found.total == 0


@given(st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=8))
def test_the_parts_sum_up_to_the_change_of_all(rows):
    frame = venues([(str(at), now, before) for at, (now, before, _) in enumerate(rows)])
    found = growth(with_kinds(frame, {str(at) for at, row in enumerate(rows) if row[2]}))
    assert found.whole == sum((now or 0) - (before or 0) for now, before, _ in rows)


def test_nothing_before_has_no_growth():
    found = growth(with_kinds(venues([("A", Decimal(1), None)]), set()))
    assert (found.like_for_like, found.total, found.opened) == (None, None, 1)
