"""Go-lists, companions, portions and price changes on examples that are worked out by hand."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from mozg.analysis.menu.companions import companions, interval
from mozg.analysis.menu.go_lists import rating
from mozg.analysis.menu.portions import by_group, with_portions
from mozg.analysis.menu.prices import what_followed


def pair(first, second, both):
    return pd.DataFrame([{"with_first": first, "with_second": second, "with_both": both}])


def test_attach_support_and_lift():
    """200 checks, 50 with A, 80 with B, 40 with both: 80 % attach, 20 % support, lift 2."""
    told = companions(pair(50, 80, 40), 200).iloc[0]
    assert (told["attach"], told["support"], told["lift"]) == (0.8, 0.2, 2.0)
    assert told["bond"] == "together"
    assert told["lift_low"] < 2 < told["lift_high"]


def test_few_checks_and_chance_are_no_finding():
    assert companions(pair(50, 80, 20), 200)["bond"].tolist() == ["few"]
    assert companions(pair(100, 100, 51), 200)["bond"].tolist() == ["chance"]
    assert companions(pair(500, 500, 150), 1000)["bond"].tolist() == ["apart"]
    assert interval(0, 5, 5, 100)[0] == 0


def test_the_interval_of_a_lift_holds_the_truth_as_often_as_it_says():
    """Checks drawn from a table whose lift is known: about 95 of 100 intervals hold it."""
    cells = np.array([0.06, 0.14, 0.19, 0.61])
    true = cells[0] / ((cells[0] + cells[1]) * (cells[0] + cells[2]))
    drawn = np.random.default_rng(3).multinomial(1500, cells, size=1000)
    held = [low <= true <= high for both, a, b, _ in drawn for low, high in [interval(both, both + a, both + b, 1500)]]
    assert 0.93 <= np.mean(held) <= 0.97


def test_the_share_of_a_go_list():
    """Boris has 14,100 of 141,000, the house 12 %: index 0.833, and 2,820 below the house."""
    sellers = pd.DataFrame(
        {
            "waiter": ["Boris", "Anna"],
            "revenue": [Decimal(141000), Decimal(59000)],
            "go_revenue": [Decimal(14100), Decimal(9900)],
            "go_units": [Decimal(47), Decimal(33)],
            "guests": [100, None],
        }
    )
    told = rating(sellers).set_index("waiter")
    assert told.index.tolist() == ["Anna", "Boris"]
    assert told.loc["Boris", "share"] == pytest.approx(0.1)
    assert told.loc["Boris", "index"] == pytest.approx(0.8333, abs=1e-4)
    assert told.loc["Boris", "gap"] == pytest.approx(2820)
    assert told.loc["Boris", "per_100_guests"] == 47
    assert told.loc["Anna", "gap"] == 0
    assert pd.isna(told.loc["Anna", "per_100_guests"])
    assert rating(sellers, Decimal("0.15")).set_index("waiter").loc["Boris", "gap"] == pytest.approx(7050)


def test_a_bottle_is_five_glasses_and_a_box_is_none():
    dishes = pd.DataFrame(
        {
            "category": ["Wine", "Wine", "Extras"],
            "units": [Decimal(10), Decimal(4), Decimal(7)],
            "units_on_checks": [Decimal(11), Decimal(4), Decimal(7)],
            "units_with_guests": [Decimal(10), Decimal(3), Decimal(7)],
            "coefficient": [None, Decimal(5), Decimal(0)],
            "revenue": [Decimal(4500), Decimal(11600), Decimal(0)],
        }
    )
    told = with_portions(dishes)
    assert told["portions"].tolist() == [10, 20, 0]
    groups = by_group(told, 31, 50, ["category"]).set_index("category")
    assert groups.loc["Wine", "portions"] == 30
    assert groups.loc["Wine", "coefficient"] == pytest.approx(30 / 14)
    assert groups.loc["Wine", "per_100_checks"] == 100
    assert groups.loc["Wine", "per_100_guests"] == 50
    assert groups.loc["Wine", "portion_price"] == pytest.approx(16100 / 30)
    assert pd.isna(groups.loc["Extras", "portion_price"])
    unseen = by_group(told, 0, None, ["category"])
    assert unseen[["per_100_checks", "per_100_guests"]].isna().all(axis=None)


def step(**given):
    usual = {
        "price_before": Decimal(100), "price": Decimal(110), "units_before": 1000, "units": 800, "days_before": 28,
        "days": 28, "others_before": 5000, "others": 5000, "margin_before": Decimal(60000), "margin": Decimal(56000),
    }  # fmt: skip
    return what_followed(pd.DataFrame([usual | given])).iloc[0]


def test_a_dish_that_lost_guests_to_its_price():
    told = step()
    assert told["price_change"] == pytest.approx(0.1)
    assert told["response"] == pytest.approx(-0.2)
    assert told["elasticity"] == pytest.approx(np.log(0.8) / np.log(1.1))
    assert told["margin_a_day"] == pytest.approx(-4000 / 28)
    assert told["verdict"] == "fewer"


def test_what_everybody_lost_was_not_lost_to_the_price():
    assert step(others=4000)["response"] == pytest.approx(0)
    assert step(others=4000)["verdict"] == "same"


def test_where_every_price_moved_at_once_nothing_is_claimed():
    told = step(others=0, others_before=0)
    assert told["verdict"] == "alone"
    assert pd.isna(told["response"])


def test_a_small_difference_is_not_told_from_noise():
    assert step(units=990)["verdict"] == "same"


def test_days_for_sale_and_not_those_of_the_calendar_count():
    assert step(units=400, days=14, others=2500)["response"] == pytest.approx(-0.2)


def test_a_price_of_yesterday_is_too_early_to_judge():
    told = step(units=12, days=1)
    assert told["verdict"] == "early"
    assert pd.isna(told["response"])
    assert pd.isna(step(margin=None)["margin_a_day"])
