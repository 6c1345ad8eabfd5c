"""A day stands beside the same weekday of the four weeks before; a record is the best day of all."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from mozg.analysis.days import beside_usual, broken, needed_for_usual, records
from mozg.metrics import Period

MONDAY = date(2026, 3, 2)


def daily(values, first=MONDAY, step=7):
    rows = [(first + timedelta(days=step * at), value) for at, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["business_date", "revenue"], dtype=object)


def test_the_usual_is_the_mean_of_the_four_weekdays_before():
    rows = beside_usual(daily([Decimal(value) for value in (100, 200, 300, 400, 500, 125)]), "revenue")
    assert rows["usual"].isna().tolist() == [True, False, False, False, False, False]
    assert rows["usual"][4] == 250
    assert rows["off"][5] == 125 - 350
    assert rows["ratio"][5] == pytest.approx(125 / 350 - 1)


def test_a_closed_day_is_no_day_of_nothing():
    rows = beside_usual(daily([Decimal(100), None, Decimal(300), Decimal(200)]), "revenue")
    assert rows["usual"][3] == 200
    assert rows["off"].isna()[1]


def test_other_weekdays_are_not_its_like():
    rows = beside_usual(daily([Decimal(10), Decimal(99)], step=1), "revenue")
    assert rows["usual"].isna().all()


def test_enough_days_before_are_read():
    assert needed_for_usual(Period(MONDAY, MONDAY)) == Period(MONDAY - timedelta(weeks=4), MONDAY)


def test_a_first_day_breaks_no_record():
    old = daily([Decimal(5), Decimal(3), Decimal(9)]).assign(venue="Old")
    new = daily([Decimal(50)], MONDAY + timedelta(weeks=2)).assign(venue="New")
    rows = pd.concat([old, new], ignore_index=True)
    during = Period(MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=3))
    assert records(rows, "revenue", "venue")["venue"].tolist() == ["New", "Old"]
    assert broken(rows, "revenue", "venue", during)["venue"].tolist() == ["Old"]
