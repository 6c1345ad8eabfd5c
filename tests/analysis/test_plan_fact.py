"""Fact beside plan: only days that are over and planned are held against each other."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from mozg.analysis.plan_fact import plan_fact, planned_days, with_deviation

MONEY = Decimal


def days(*rows):
    columns = ["business_date", "revenue", "revenue_before"]
    return pd.DataFrame([(date(2026, 3, day), now, plan) for day, now, plan in rows], columns=columns, dtype=object)


MARCH = days(
    (1, MONEY("90.00"), MONEY("100.00")),
    (2, None, MONEY("50.00")),  # closed, though it was planned
    (3, MONEY("40.00"), None),  # nobody planned this day
    (4, MONEY("60.00"), MONEY("50.00")),
    (5, None, MONEY("200.00")),  # to come
)


def test_days_without_a_plan_and_days_to_come_count_in_neither():
    found = plan_fact(MARCH, "revenue", date(2026, 3, 4))
    assert (found.fact, found.plan, found.days) == (MONEY(150), MONEY(200), 3)
    assert (found.unplanned, found.ahead, found.deviation) == (MONEY(40), MONEY(200), MONEY(-50))
    assert found.completion == pytest.approx(0.75)


def test_the_month_ends_with_the_fact_and_the_rest_of_the_plan_at_this_rate():
    assert plan_fact(MARCH, "revenue", date(2026, 3, 4)).expected == MONEY("340.00")  # 150 + 40 + 200 × 0.75


def test_without_a_plan_nothing_is_expected():
    found = plan_fact(days((1, MONEY(5), None)), "revenue", date(2026, 3, 31))
    assert (found.completion, found.expected) == (None, None)


def test_each_row_has_its_deviation_where_it_has_a_plan():
    rows = with_deviation(MARCH, "revenue")
    assert rows["deviation"].tolist() == [MONEY(-10), MONEY(-50), None, MONEY(10), MONEY(-200)]
    assert rows["completion"].fillna(-1).tolist() == pytest.approx([0.9, 0, -1, 1.2, 0])


def test_a_venue_without_a_plan_does_not_help_a_day_to_reach_it():
    parts = days((1, MONEY(90), MONEY(100)), (1, MONEY(500), None), (2, MONEY(70), None))
    whole = days((1, MONEY(590), MONEY(100)), (2, MONEY(70), None))
    found = planned_days(whole, parts, "revenue")
    assert found["planned"].tolist() == [MONEY(90), None]
    assert found["deviation"].tolist() == [MONEY(-10), None]
    assert found["completion"].fillna(-1).tolist() == pytest.approx([0.9, -1])
