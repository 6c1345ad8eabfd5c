"""What the till does not tell is missing in every answer. It is never zero, and never a guess."""

from datetime import date, timedelta

import pytest

from mozg.metrics import METRICS, Period, query

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOTHING = Period(date(2020, 1, 1), date(2020, 1, 2))
COUNTS = {"checks": 31, "units": 31, "lines": 31, "depth": 1, "guest_coverage": 0, "discounted_check_share": 0}
DATES = {"first_date": date(2026, 3, 1), "last_date": date(2026, 3, 31)}


@pytest.mark.parametrize("rollups", [True, False])
def test_without_prices_there_is_no_money(priceless, rollups, plain):
    answer = query(priceless.lake(), list(METRICS), during=MARCH, rollups=rollups).iloc[0]
    for name, metric in METRICS.items():
        if metric.unit == "money":
            assert plain(answer[name]) is None, name
        elif name in COUNTS:
            assert answer[name] == COUNTS[name], name
    for name in ("bar_share", "food_cost", "void_rate", "discount_rate", "cost_coverage", "guests", "first_opened"):
        assert plain(answer[name]) is None, name
    assert {name: answer[name] for name in DATES} == DATES


@pytest.mark.parametrize("by", [["business_date"], ["dish"], ["venue", "month"], ["hour"]])
def test_nor_is_there_in_any_split_or_comparison(priceless, by):
    week = timedelta(days=7)
    during = Period(MARCH.first + week, MARCH.last)
    answer = query(priceless.lake(), ["revenue", "checks"], by, during=during, compare=during.back(week))
    assert answer[["revenue", "revenue_before"]].isna().all(axis=None)
    assert answer["checks"].sum() == len(during)


def test_a_period_without_sales_has_no_money_and_no_checks(shop):
    answer = query(
        shop.lake(), ["revenue", "checks", "average_check"], during=Period(date(2020, 1, 1), date(2020, 1, 2))
    )
    assert answer[["revenue", "average_check"]].isna().all(axis=None)
    assert answer["checks"].tolist() == [0]


def test_a_period_without_sales_has_no_rows_when_split(shop):
    assert query(shop.lake(), ["revenue"], ["venue"], during=NOTHING).empty
