from datetime import date, timedelta

import pandas as pd
import pytest

from mozg.analysis.calendar import busiest, per_hour, per_week, per_weekday, weekday_counts
from mozg.metrics import Period

NOVEMBER = Period(date(2026, 11, 2), date(2026, 11, 12))  # Monday to Thursday of the week after


def test_weekdays_are_counted():
    assert weekday_counts(NOVEMBER) == {1: 2, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 1}


@pytest.mark.parametrize("days", [1, 6, 7, 8, 30, 365])
def test_every_day_is_counted_once(days):
    first = date(2026, 3, 5)
    assert sum(weekday_counts(Period(first, first + timedelta(days=days - 1))).values()) == days


def test_a_weekday_is_averaged_over_its_number_in_each_period():
    daily = pd.DataFrame(
        {
            "business_date": [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 6)],
            "guests": pd.array([10, 20, 7], dtype="Int64"),
            "guests_before": pd.array([6, None, None], dtype="Int64"),
        }
    )
    before = NOVEMBER.back(timedelta(days=364))
    found = per_weekday(daily, "guests", NOVEMBER, before).set_index("weekday")
    assert found.loc[1].to_dict() == {"guests": 15.0, "guests_before": 3.0}
    assert found.loc[5, "guests"] == 7.0
    assert pd.isna(found.loc[5, "guests_before"])


def test_an_hour_is_averaged_over_the_weekdays_and_hours_unknown_are_left_out():
    hourly = pd.DataFrame(
        {
            "weekday": [1, 5, 5],
            "hour": pd.array([12, 12, None], dtype="Int64"),
            "checks": pd.array([8, 8, 99], dtype="Int64"),
        }
    )
    assert per_hour(hourly, "checks", NOVEMBER).to_dict("list") == {
        "weekday": [1, 5],
        "hour": [12, 12],
        "checks": [4.0, 8.0],
    }


def test_the_busiest_two_hours_may_lie_around_midnight():
    hourly = pd.DataFrame({"weekday": [5, 5, 6], "hour": [23, 0, 19], "checks": [40.0, 42.0, 50.0]})
    assert busiest(hourly, "checks") == (5, 23, 41.0)


def test_the_end_of_a_business_day_does_not_meet_its_beginning():
    hourly = pd.DataFrame({"weekday": [5, 5], "hour": [5, 6], "checks": [40.0, 50.0]})
    assert busiest(hourly, "checks") == (5, 6, 25.0)


def test_no_hours_have_no_busiest():
    assert busiest(pd.DataFrame(columns=["weekday", "hour", "checks"]), "checks") is None


def test_weeks_are_sums_from_monday_and_missing_stays_missing():
    daily = pd.DataFrame(
        {"business_date": [date(2026, 11, 8), date(2026, 11, 9), date(2026, 11, 10)], "bar_revenue": [None, 2, 3]}
    )
    weeks = per_week(daily, ["bar_revenue"])
    assert list(weeks["business_date"]) == [date(2026, 11, 2), date(2026, 11, 9)]
    assert pd.isna(weeks["bar_revenue"][0])
    assert weeks["bar_revenue"][1] == 5.0
