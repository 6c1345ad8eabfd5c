"""Mistakes that menu analysis is known for, each with the menu on which it shows."""

from decimal import Decimal

import pandas as pd
import pytest

from mozg.analysis.menu.abc import abc, letters
from mozg.analysis.menu.agreement import agreement
from mozg.analysis.menu.changes import came_and_went
from mozg.analysis.menu.engineering import ALONE, NO_COST, YOUNG, Settings, side_by_side
from mozg.analysis.menu.kasavana_smith import DOG, NAMES
from mozg.analysis.menu.xyz import xyz
from mozg.metrics import Period


def test_one_dish_that_brings_85_percent_is_an_a():
    assert letters([85, 10, 5]) == ["A", "B", "C"]
    assert letters([100]) == ["A"]


def test_the_dish_that_crosses_a_border_keeps_the_better_letter():
    assert letters([50, 29, 2, 14, 5], (80, 95)) == ["A", "A", "C", "A", "B"]
    assert letters([80, 20], (80, 95)) == ["A", "B"]


def test_a_border_is_met_exactly_and_not_nearly():
    third = Decimal(10) / 3
    assert letters([Decimal("0.1"), Decimal("0.2"), Decimal("0.7")], (70, 90)) == ["C", "B", "A"]
    assert letters([0.1, 0.2, 0.7], (70, 90)) == ["C", "B", "A"]
    assert letters([third, third, third], (34, 67)) == ["A", "A", "A"]


def test_dishes_without_a_cost_have_no_letter_of_margin():
    dishes = pd.DataFrame({"units": [10, 5], "revenue": [Decimal(90), Decimal(10)], "margin": [Decimal(50), None]})
    told = abc(dishes)
    assert list(told["letters"]) == ["AAA", "AB–"]
    assert told["margin_letter"].isna().tolist() == [False, True]


def test_what_was_only_given_back_is_a_c():
    assert letters([100, 0, -20]) == ["A", "C", "C"]


def test_a_new_dish_is_not_a_dog(menu, weekly):
    """Seven days old, it sells as many a day as the others, and less than a tenth of what they sold."""
    old = menu([("Steak", 300, "20", "8"), ("Trout", 280, "18", "7"), ("Stew", 290, "17", "7")], days=84)
    new = menu([("Duck", 50, "19", "7")], days=14)
    dishes = pd.concat([old, new], ignore_index=True)
    told = side_by_side(dishes, weekly(dishes)).set_index("dish")
    assert told.loc["Duck", "kasavana_smith"] != DOG
    counted_by_period = dishes.assign(days=Decimal(84))
    naive = side_by_side(counted_by_period, weekly(dishes)).set_index("dish")
    assert naive.loc["Duck", "kasavana_smith"] == 2  # unpopular, as it would be without the calendar


def test_a_dish_of_a_few_days_is_not_judged_at_all(menu, weekly):
    dishes = pd.concat(
        [menu([("Steak", 300, "20", "8"), ("Trout", 280, "18", "7")], 84), menu([("Duck", 1, "19", "7")], 3)],
        ignore_index=True,
    )
    told = side_by_side(dishes, weekly(dishes), Settings(least_days=14)).set_index("dish")
    assert told.loc["Duck", "standing"] == YOUNG
    assert told.loc["Duck", ["kasavana_smith", "pavesic", "agreement", "stability"]].isna().all()
    assert told.loc["Steak", "mix"] == pytest.approx(300 / 580)


def test_a_dish_on_the_stop_list_keeps_its_popularity(menu, weekly):
    """On sale for a third of the days only, and it sells like the others when it is there."""
    dishes = menu([("Steak", 100, "20", "8"), ("Trout", 100, "20", "9"), ("Duck", 34, "20", "7")], days=30)
    dishes.loc[2, "days"] = Decimal("10.2")
    told = side_by_side(dishes, weekly(dishes), Settings(least_days=7)).set_index("dish")
    assert NAMES[told.loc["Duck", "kasavana_smith"]] == "Star"
    assert told["mix"].tolist() == pytest.approx([1 / 3] * 3)


def test_the_border_of_popularity_is_that_of_the_group(menu, weekly):
    """On a menu of forty dishes a bestseller has a few per cent, so mains are compared with mains."""
    drinks = menu([(f"Wine {n}", 10, "6", "2") for n in range(20)], category="Wine")
    mains = menu([("Steak", 60, "20", "8"), ("Trout", 55, "18", "7")])
    dishes = pd.concat([drinks, mains], ignore_index=True)
    told = side_by_side(dishes, weekly(dishes)).set_index("dish")
    assert told.loc["Steak", "popular_from"] == pytest.approx(0.35)
    assert told.loc["Wine 3", "popular_from"] == pytest.approx(0.035)
    assert not told["kasavana_smith"].isna().any()


def test_a_dish_that_is_alone_in_its_group_has_nothing_to_be_compared_with(menu, weekly):
    dishes = menu([("Soup of the day", 100, "5", "1")])
    assert side_by_side(dishes, weekly(dishes)).loc[0, "standing"] == ALONE


def test_a_missing_cost_is_missing_and_changes_nobody_elses_margin(menu, weekly):
    dishes = menu([("Steak", 100, "20", "8"), ("Trout", 100, "20", "12"), ("Riddle", 100, "50", "0")])
    dishes.loc[2, ["costed_units", "costed_net", "cost"]] = None
    told = side_by_side(dishes, weekly(dishes)).set_index("dish")
    assert told.loc["Riddle", "standing"] == NO_COST
    assert told.loc["Riddle", ["unit_margin", "food_cost", "kasavana_smith"]].isna().all()
    assert told.loc["Steak", "margin_from"] == 10
    assert told.loc["Riddle", "mix"] == pytest.approx(1 / 3)


def test_a_class_on_the_border_is_told_to_be_shaky(menu):
    """Two dishes far apart, one that is popular in one half of the weeks only."""
    base = menu([("Steak", 60, "20", "8"), ("Trout", 60, "20", "9"), ("Duck", 37, "20", "8.5")], days=7)
    weeks = [base.assign(week=n) for n in range(12)]
    for n, week in enumerate(weeks):
        swing = 2 if n % 2 else 0
        week.loc[2, ["units", "costed_units"]] = week.loc[2, "units"] * swing
        week.loc[2, ["costed_net", "cost"]] = [Decimal(20) * 37 * swing, Decimal("8.5") * 37 * swing]
    each = pd.concat(weeks, ignore_index=True)
    dishes = each.drop(columns="week").groupby(["category", "dish"], as_index=False, sort=False).sum()
    told = side_by_side(dishes, each).set_index("dish")
    assert told.loc["Steak", "stability"] == 1
    assert told.loc["Duck", "stability"] < 0.9
    assert told.equals(side_by_side(dishes, each).set_index("dish"))  # the draws are the same every time


def test_methods_that_contradict_each_other_are_said_to():
    assert agreement(["strong", "strong", "strong"]) == "strong"
    assert agreement(["strong", "middling", "strong"]) == "rather strong"
    assert agreement(["strong", "middling", "weak"]) == "differ"
    assert agreement(["middling", "middling", "weak"]) == "rather weak"
    assert agreement(["weak", "weak", "weak"]) == "weak"


def weeks(units, days=None, open_days=7):
    days = days or [7] * len(units)
    return pd.DataFrame({"dish": "Soup", "units": units, "days": days, "open_days": open_days})


def test_weeks_without_a_sale_count():
    """Ten a week when it sells: judged by those weeks alone it would be an X."""
    told = xyz(weeks([10, 0, 10, 0, 10, 0, 10, 0])).iloc[0]
    assert told["evenness"] == "Z"
    assert told["variation"] == pytest.approx(1)
    assert told["weeks"] == 8


def test_days_on_the_stop_list_and_off_the_menu_do_not():
    """Half a week on the stop list halves what is sold and says nothing about demand."""
    told = xyz(weeks([70, 35, 70, 35, 70, 0], [7, 3.5, 7, 3.5, 7, 0])).iloc[0]
    assert (told["evenness"], told["weeks"], told["mean"]) == ("X", 5, pytest.approx(70))


def test_a_week_that_was_hardly_on_sale_tells_nothing():
    assert xyz(weeks([70, 70, 70, 70, 1], [7, 7, 7, 7, 1])).iloc[0]["weeks"] == 4


def test_a_restaurant_that_is_closed_on_two_days_has_whole_weeks_too():
    assert xyz(weeks([50] * 5, [5] * 5, 5)).iloc[0]["evenness"] == "X"


def test_three_weeks_are_too_few_for_a_letter():
    told = xyz(weeks([10, 11, 10])).iloc[0]
    assert pd.isna(told["evenness"])
    assert told["weeks"] == 3


def lives(**dates):
    names = ("first_sold", "last_sold", "venue_since", "known_until")
    return pd.DataFrame([{name: pd.Timestamp(day).date() for name, day in zip(names, dates.values(), strict=True)}])


OCTOBER = Period(pd.Timestamp("2026-10-01").date(), pd.Timestamp("2026-10-31").date())


@pytest.mark.parametrize(
    ("dates", "life"),
    [
        (("2026-10-10", "2026-10-31", "2024-01-01", "2026-10-31"), "new"),
        (("2025-01-01", "2026-09-20", "2024-01-01", "2026-10-31"), "withdrawn"),
        (("2025-01-01", "2026-10-20", "2024-01-01", "2026-10-31"), "stays"),
        (("2026-10-01", "2026-10-02", "2024-01-01", "2026-10-31"), "both"),
        (("2026-10-05", "2026-10-31", "2026-10-05", "2026-10-31"), "stays"),  # everything is new in a new restaurant
        (("2025-01-01", "2026-10-02", "2024-01-01", "2026-10-05"), "stays"),  # the data end before one can tell
    ],
)
def test_what_is_new_and_what_is_gone(dates, life):
    told = came_and_went(lives(a=dates[0], b=dates[1], c=dates[2], d=dates[3]), OCTOBER)
    assert told["life"].tolist() == [life]
