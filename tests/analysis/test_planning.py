"""A month's plan falls on its days as such weekdays did before, and no kopeck is lost on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mozg.analysis.planning import spread, weights
from mozg.model import Target

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@given(
    st.decimals(0, 10**9, places=2),
    st.dictionaries(st.integers(1, 7), st.floats(0, 10**7), max_size=7),
    st.integers(0, 400),
    st.sampled_from(["revenue", "checks", "guests"]),
)
def test_the_days_sum_up_to_the_target(amount, means, more, metric):
    amount = amount if metric == "revenue" else amount.to_integral_value()
    parts = [part for _, part in spread(Target("", MARCH[0], MARCH[0] + timedelta(more), metric, amount), means)]
    assert (sum(parts), len(parts)) == (amount, more + 1)
    assert all(part >= 0 for part in parts)
    assert metric == "revenue" or all(part == part.to_integral_value() for part in parts)


def test_a_friday_is_planned_as_fridays_were():
    means = {1: 100.0, 5: 300.0}
    parts = dict(spread(Target("", date(2026, 3, 2), date(2026, 3, 8), "revenue", Decimal(800)), means))
    assert list(parts.values()) == [200, 0, 0, 0, 600, 0, 0]


def test_without_any_history_all_days_get_the_same():
    parts = [part for _, part in spread(Target("", *MARCH, "guests", Decimal(62)), {})]
    assert parts == [2] * 31


def history(first, days, revenue):
    dates = [first + timedelta(number) for number in range(days)]
    return pd.DataFrame(
        {"venue": "Nord", "business_date": dates, "revenue": [Decimal(revenue(day)) for day in dates], "checks": 1}
    )


@pytest.mark.parametrize(
    ("first", "days", "known"),
    [
        (date(2025, 3, 2), 31, True),  # 364 days before the first of March
        (date(2025, 12, 1), 90, True),  # no year before: what was lately
        (date(2023, 3, 2), 31, False),  # too long ago
    ],
)
def test_weekdays_weigh_what_they_brought_a_year_before_or_lately(first, days, known):
    sold = history(first, days, lambda day: day.isoweekday() * 100)
    found = weights(sold, Target("Nord", *MARCH, "revenue", Decimal(1)))
    expected = {weekday: weekday * 100.0 for weekday in range(1, 8)}
    assert {day: pytest.approx(found[7] / 7 * day) for day in found} == (found if known else {})
    assert not known or found.keys() == expected.keys()
    assert weights(sold, Target("Süd", *MARCH, "revenue", Decimal(1))) == {}
