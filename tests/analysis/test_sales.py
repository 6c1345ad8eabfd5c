from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from mozg.analysis import sales as say
from mozg.analysis import sentences as told
from mozg.analysis.change import Change, changes
from mozg.analysis.movement import movements
from mozg.lake.reader import Owner
from mozg.metrics import METRICS, Period
from mozg.pages.writing import HouseWriter

WRITE = HouseWriter(Owner("chain", "Chain", "EUR", "en", "Europe/Berlin", "DE"))
RUSSIAN = HouseWriter(Owner("chain", "Сеть", "RUB", "ru_RU", "Europe/Moscow", "RU"))
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
BEFORE = WEEK.back(timedelta(days=7))


def totals(**values):
    names = [name for name in values if not name.endswith("_before")]
    return changes(pd.DataFrame([values], dtype=object), names)


def test_a_change_knows_difference_ratio_and_verdict():
    change = totals(revenue=Decimal("110.10"), revenue_before=Decimal("100.00"))["revenue"]
    assert change.difference == Decimal("10.10")
    assert change.ratio == pytest.approx(0.101)
    assert change.verdict == "better"


@pytest.mark.parametrize(
    ("name", "now", "before", "verdict"),
    [
        ("discounts", 5, 4, "worse"),
        ("discounts", 4, 5, "better"),
        ("checks", 4, 4, "same"),
        ("checks", 4, None, "unknown"),
        ("bar_share", 0.4, 0.3, "unknown"),
    ],
)
def test_a_rise_is_good_only_where_more_is_better(name, now, before, verdict):
    assert Change(METRICS[name], now, before).verdict == verdict


def test_a_ratio_needs_something_to_compare_with():
    assert Change(METRICS["revenue"], 5, 0).ratio is None
    assert Change(METRICS["revenue"], None, 5).ratio is None
    assert Change(METRICS["revenue"], None, 5).difference is None


def test_the_sentence_starts_with_revenue():
    found = totals(revenue=104.2, revenue_before=100, checks=101, checks_before=100, guests=97, guests_before=100)
    assert say.what_changed(found, WRITE) == "Revenue grew 4.2% to €104; checks grew by 1%, guests fell by 3%."


def test_the_sentence_says_only_what_is_known():
    found = totals(revenue=None, revenue_before=None, checks=100, checks_before=100, guests=pd.NA, guests_before=3)
    assert say.what_changed(found, WRITE) == "Checks stayed the same at 100."
    assert say.what_changed(totals(revenue=5, checks=None, guests=None), WRITE) == "Revenue was €5."
    assert say.what_changed(totals(revenue=None, checks=None, guests=None), WRITE) == "Nothing was sold."


def daily(now, before=None):
    days = [WEEK.first + timedelta(days=i) for i in range(7)]
    frame = pd.DataFrame({"business_date": days, "guests": now})
    return frame if before is None else frame.assign(guests_before=before)


def test_the_weekday_that_moved_most_is_named():
    frame = daily([10, 10, 10, 10, 10, 10, 10], [10, 11, 10, 10, 22, 5, 10])
    assert say.days_title(frame, "guests", WEEK, BEFORE, WRITE) == "Fridays lost 12 guests a day"


def test_without_comparison_the_strongest_weekday_is_named():
    frame = daily([10, 10, 10, 10, 10, 35, 10])
    assert say.days_title(frame, "guests", WEEK, None, WRITE) == "Saturdays are the strongest: 35 guests a day"


def test_who_brought_most_is_told_as_a_share_of_all():
    venues = pd.DataFrame({"venue": ["Arbat", "Mitte", None], "revenue": [Decimal(38), Decimal(62), Decimal(1000)]})
    assert say.leader_title(venues, "venue", WRITE) == "Mitte brought 62% of revenue"
    assert say.leader_title(venues[:0], "venue", WRITE) == "No revenue in this period"


def test_the_busiest_hours_are_told():
    hours = pd.DataFrame({"weekday": [6, 6, 1], "hour": [19, 20, 12], "checks": [42.0, 40.0, 12.0]})
    assert say.busy_title(hours, WRITE) == "Saturday 19–21 h is the busiest: 41 checks an hour"
    assert say.busy_title(hours[:0], WRITE) == "The hours of these checks are not known"


def test_a_share_moves_in_points():
    assert say.share_title(Change(METRICS["bar_share"], 0.27, 0.258), told.BAR, WRITE) == (
        "The bar made 27% of revenue, +1.2 pp"
    )
    assert say.share_title(Change(METRICS["bar_share"], None, 0.2), told.BAR, WRITE) == (
        "The bar made an unknown share of revenue"
    )


def test_movers_are_told_with_their_cause_and_all_parts():
    dishes = pd.DataFrame(
        [("Tea", 500, 10, 300, 6), ("Soup", 100, 10, 300, 11), ("Cake", 90, 1, None, None)],
        columns=["dish", "revenue", "units", "revenue_before", "units_before"],
    )
    moves = movements(dishes)
    assert say.movers_title(moves, WRITE) == "Tea gained €200 (by volume); Soup lost €200 (by price)"
    assert say.causes(moves, WRITE) == "All dishes +€90: volume +€173, prices −€173, new dishes +€90."
    assert say.movers_title(moves[:0], WRITE) == "No dish moved"


def russian(text):
    """The text with plain blanks."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("now", "before", "title"),
    [
        (22, 21, "По пятницам в день на 1 гостя больше"),
        (22, 20, "По пятницам в день на 2 гостя больше"),
        (10, 22, "По пятницам в день на 12 гостей меньше"),
        (10, 31, "По пятницам в день на 21 гостя меньше"),
        (12.5, 10, "По пятницам в день на 2,5 гостя больше"),
        (200_021, 0, "По пятницам в день на 200 тыс. гостей больше"),
    ],
)
def test_numbers_bend_their_nouns_in_russian(now, before, title):
    frame = daily([10, 10, 10, 10, now, 10, 10], [10, 10, 10, 10, before, 10, 10])
    assert russian(say.days_title(frame, "guests", WEEK, BEFORE, RUSSIAN)) == title


def test_sentences_are_whole_in_russian():
    found = totals(revenue=104.2, revenue_before=100, checks=101, checks_before=100, guests=97, guests_before=100)
    assert russian(say.what_changed(found, RUSSIAN)) == (
        "Выручка выросла на 4,2 % до 104 ₽; чеков стало больше на 1 %, гостей стало меньше на 3 %."
    )
    hours = pd.DataFrame({"weekday": [6, 6, 1], "hour": [19, 20, 12], "checks": [42.0, 40.0, 12.0]})
    assert say.busy_title(hours, RUSSIAN) == "Самое загруженное время: суббота, 19–21 ч, 41 чек в час"
    share = say.share_title(Change(METRICS["bar_share"], 0.27, 0.258), told.BAR, RUSSIAN)
    assert russian(share) == "Бар дал 27 % выручки, +1,2 п. п."


def test_till_names_are_never_translated_nor_filled():
    venues = pd.DataFrame({"venue": ["Revenue {amount}"], "revenue": [Decimal(5)]})
    assert russian(say.leader_title(venues, "venue", RUSSIAN)) == "Revenue {amount}: 100 % всей выручки"
