"""Beside each number stands its like: the same weekdays, the same venues, and missing where there was nothing."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mozg.errors import QueryError
from mozg.metrics import Period, comparison, query
from mozg.metrics.query import Question, comparable_venues, statement
from mozg.metrics.spans import dates

MARCH = Period(date(2026, 3, 2), date(2026, 3, 29))


@pytest.mark.parametrize("word", ["previous", "last_year", "2026-04-06..2026-04-19"])
@pytest.mark.parametrize("by", [[], ["venue"], ["business_date"], ["weekday"], ["dish"]], ids="+".join)
def test_the_column_beside_is_the_earlier_period_asked_alone(chain_lake, word, by):
    during = Period(date(2026, 10, 12), date(2026, 10, 25))
    compare = comparison(during, word)
    both = query(chain_lake, ["revenue", "units"], by, during=during, compare=compare)
    now = query(chain_lake, ["revenue", "units"], by, during=during)
    before = query(chain_lake, ["revenue", "units"], by, during=compare)
    if by == ["business_date"]:
        before["business_date"] = [day + (during.first - compare.first) for day in before["business_date"]]
    both, now, before = (frame.set_index(by) if by else frame for frame in (both, now, before))
    for name in ("revenue", "units"):
        assert both[name].dropna().to_dict() == now[name].to_dict()
        assert both[name + "_before"].dropna().to_dict() == before[name].to_dict()


def files_read(lake, by, during, compare=None):
    asked = statement(Question(("revenue", "units"), by), True, "period" if compare else None)
    ((_, told),) = lake.answer(f"EXPLAIN ANALYZE {asked}", dates(during, compare)).rows
    return [int(files) for files in re.findall(r"Total Files Read: (\d+)", told)]


@pytest.mark.parametrize("by", [("venue",), ("dish",)])
def test_a_comparison_reads_no_more_files_than_its_two_periods_alone(chain_lake, by):
    during = Period(date(2026, 10, 12), date(2026, 10, 25))
    compare = comparison(during, "last_year")
    apart = files_read(chain_lake, by, during) + files_read(chain_lake, by, compare)
    assert sum(files_read(chain_lake, by, during, compare)) == sum(apart) > 0


def test_days_stand_beside_the_same_weekday_of_last_year(chain_lake, truth):
    during = Period(date(2026, 10, 12), date(2026, 10, 25))
    answer = query(chain_lake, ["revenue"], ["business_date"], during=during, compare=comparison(during, "last_year"))
    for row in answer.itertuples():
        receipts = truth.during(*[row.business_date - timedelta(days=364)] * 2)[0]
        assert row.revenue_before * 100 == int(receipts.loc[receipts["status"] != "void", "revenue"].sum())
    assert len(answer) == 14


def test_a_day_without_sales_then_is_missing_and_not_zero(shop):
    during = Period(date(2026, 1, 1), date(2026, 1, 14))
    answer = query(
        shop.lake(), ["revenue", "checks"], ["business_date"], during=during, compare=during.back(timedelta(7))
    )
    first = answer[answer["business_date"] < date(2026, 1, 8)]
    assert first["revenue_before"].isna().all()
    assert (first["checks_before"].fillna(0) == 0).all()
    assert set(answer[answer["business_date"] >= date(2026, 1, 8)]["revenue_before"]) == {Decimal("101.00")}


def test_a_venue_that_is_gone_keeps_its_row_in_the_comparison(shop):
    during = Period(date(2026, 4, 1), date(2026, 4, 14))
    answer = query(
        shop.lake(), ["revenue"], ["venue"], during=during, compare=Period(date(2026, 3, 1), date(2026, 3, 14))
    )
    rows = answer.set_index("venue")
    assert rows["revenue"].isna().to_dict() == {"Бывшая": True, "Новая": False, "Старая": False}
    assert rows.loc["Бывшая", "revenue_before"] == Decimal("14.00")


@pytest.mark.parametrize(
    ("during", "compare", "names"),
    [
        (("2026-04-01", "2026-04-30"), ("2026-03-01", "2026-03-31"), {"Старая", "Новая"}),
        (("2026-03-01", "2026-03-14"), ("2026-02-01", "2026-02-14"), {"Старая", "Бывшая"}),
        (("2026-03-01", "2026-03-14"), ("2026-02-14", "2026-02-27"), {"Старая", "Бывшая"}),
        (("2026-03-01", "2026-03-14"), ("2026-02-15", "2026-02-28"), {"Старая", "Бывшая", "Новая"}),
        (("2026-04-01", "2026-04-14"), ("2026-01-01", "2026-01-14"), {"Старая"}),
    ],
)
def test_like_for_like_keeps_venues_that_traded_in_both_from_the_first_day(shop, during, compare, names):
    during, compare = (Period(*map(date.fromisoformat, days)) for days in (during, compare))
    answer = query(shop.lake(), ["revenue"], ["venue"], during=during, compare=compare, like_for_like=True)
    assert set(answer["venue"]) == names
    ids = {venue.id for name, venue in shop.venues.items() if name in names}
    assert set(comparable_venues(shop.lake(), during, compare)) == ids
    (whole,) = query(shop.lake(), ["revenue"], during=during, compare=compare, like_for_like=True)["revenue"]
    assert whole == answer["revenue"].sum()


def test_like_for_like_of_no_venue_at_all_is_missing(shop):
    answer = query(
        shop.lake(), ["revenue", "checks"], during=MARCH, compare=Period(date(2025, 3, 1), date(2025, 3, 31)),
        like_for_like=True,
    )  # fmt: skip
    assert answer[["revenue", "revenue_before"]].isna().all(axis=None)
    assert answer[["checks", "checks_before"]].eq(0).all(axis=None)


def test_a_comparison_needs_a_period(shop):
    with pytest.raises(QueryError, match="needs a period to compare"):
        query(shop.lake(), ["revenue"], compare=MARCH)
