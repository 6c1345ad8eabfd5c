"""What holds whatever the menu: the order of rows means nothing, and regrouping changes no total."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mozg.analysis.menu import food_cost, rating
from mozg.analysis.menu.abc import abc, classes, letters
from mozg.analysis.menu.companions import companions
from mozg.analysis.menu.engineering import Settings, side_by_side
from mozg.analysis.menu.food_cost import PARTS, by_dish, by_group, split
from mozg.analysis.menu.go_lists import rating as go_rating

money = st.decimals(-50, 5000, places=2)
COLUMNS = ("costed_units", "costed_gross", "costed_net", "cost")
amounts = st.one_of(st.none(), st.decimals(0, 900, places=2))
sides = st.tuples(st.integers(0, 400), amounts, amounts, amounts)
quick = settings(max_examples=60, deadline=None)
slow = settings(max_examples=12, deadline=None)


def menu_of(rows):
    frame = pd.DataFrame(
        [(f"dish {n}", f"group {n % 3}", *old, *new) for n, (old, new) in enumerate(rows)],
        columns=["dish", "category", *(f"{name}_before" for name in COLUMNS), *COLUMNS],
    )
    return frame.astype(dict.fromkeys(frame.columns, object))


@quick
@given(st.lists(st.tuples(sides, sides), max_size=7))
def test_the_parts_of_a_change_of_food_cost_sum_to_it_exactly(rows):
    found = split(menu_of(rows))
    if found.change is not None:
        assert sum(getattr(found, part) for part in PARTS) == found.change
        assert isinstance(found.change, Fraction)


@quick
@given(st.lists(st.tuples(sides, sides), max_size=7))
def test_dishes_share_the_parts_of_the_whole_among_them(rows):
    dishes = menu_of(rows)
    found, told = split(dishes), by_dish(dishes)
    assert list(told.index) == list(dishes.index)
    if found.change is None:
        assert told.isna().all(axis=None)
    else:
        sums = told.sum()
        assert [sums[name] for name in PARTS] == pytest.approx(
            [float(getattr(found, name)) for name in PARTS], abs=1e-6
        )
        assert sums["effect"] == pytest.approx(float(found.change), abs=1e-6)


@quick
@given(st.lists(st.tuples(sides, sides), max_size=6))
def test_two_periods_changed_places_change_every_sign(rows):
    dishes = menu_of(rows)
    turned = {name + side: name + other for name in COLUMNS for side, other in (("", "_before"), ("_before", ""))}
    swapped = dishes.rename(columns=turned)
    there, back = split(dishes), split(swapped)
    if there.change is not None:
        assert [getattr(there, part) for part in PARTS] == [-getattr(back, part) for part in PARTS]


def test_each_reason_alone_is_found_as_that_reason():
    def dish(units, gross, net, cost):
        return dict(zip(COLUMNS, map(Decimal, (units, gross, net, cost)), strict=True))

    before = {f"{name}_before": value for name, value in dish(10, 100, 90, 30).items()}
    cases = {
        "purchase": dish(10, 100, 90, 33),
        "menu_price": dish(10, 110, 99, 30),
        "discount": dish(10, 100, 80, 30),
    }
    for part, now in cases.items():
        found = split(pd.DataFrame([before | now]))
        assert found.change == getattr(found, part) != 0
        assert {getattr(found, other) for other in PARTS if other != part} == {0}
    steady = {f"{name}_before": value for name, value in dish(10, 50, 50, 5).items()}
    found = split(pd.DataFrame([before | dish(30, 300, 270, 90), steady | dish(10, 50, 50, 5)]))
    assert found.change == found.demand > 0


@quick
@given(st.lists(st.one_of(st.none(), money), max_size=9), st.randoms(use_true_random=False))
def test_letters_do_not_depend_on_the_order_of_rows(values, random):
    mixed = list(enumerate(values))
    random.shuffle(mixed)
    again = dict(zip([at for at, _ in mixed], letters([value for _, value in mixed]), strict=True))
    assert letters(values) == [again[at] for at in range(len(values))]


@slow
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(100, 900), st.integers(10, 99)), min_size=2, max_size=6),
       st.randoms(use_true_random=False))  # fmt: skip
def test_classes_do_not_depend_on_the_order_of_rows(menu, weekly, rows, random):
    dishes = menu([(f"dish {n}", sold, str(price), str(cost)) for n, (sold, price, cost) in enumerate(rows)])
    mixed = dishes.sample(frac=1, random_state=random.randint(0, 99)).reset_index(drop=True)
    one, other = (side_by_side(frame, weekly(frame, 2), Settings()) for frame in (dishes, mixed))
    pd.testing.assert_frame_equal(one, other.set_index("dish").loc[one["dish"]].reset_index()[one.columns])


@slow
@given(st.lists(st.tuples(sides, sides), min_size=1, max_size=8))
def test_regrouping_dishes_changes_no_total(rows):
    dishes = menu_of(rows)
    for side in ("", "_before"):
        dishes[f"units{side}"] = dishes[f"costed_units{side}"]
        dishes[f"revenue{side}"] = dishes[f"costed_revenue{side}"] = dishes[f"costed_net{side}"]
    fine, whole = rating.rating(dishes), rating.rating(dishes.assign(category="all"))
    for name in rating.SUMS:
        assert rating.total(fine[name]) == whole[name].iloc[0] or pd.isna(whole[name].iloc[0])
    mixed = rating.rating(dishes.sample(frac=1, random_state=1)).set_index("category")
    assert mixed.sort_index().equals(fine.set_index("category").sort_index())


@quick
@given(st.lists(money, min_size=1, max_size=9))
def test_classes_hold_all_of_the_revenue(values):
    dishes = abc(pd.DataFrame({"units": values, "revenue": values, "margin": values}))
    told = classes(dishes, "revenue_letter", "revenue")
    assert told["revenue"].sum() == sum(values)
    assert told["dishes"].sum() == len(values)


def test_nothing_sold_gives_empty_frames(menu, weekly):
    none = menu([])
    assert side_by_side(none, weekly(none, 1)).empty
    empty = pd.DataFrame(columns=["units", "revenue", "margin"])
    assert abc(empty)["letters"].tolist() == []
    assert companions(pd.DataFrame(columns=["with_first", "with_second", "with_both"]), 0).empty
    assert split(menu_of([])).change is None
    assert by_group(menu_of([]), "category").empty
    assert go_rating(pd.DataFrame(columns=["revenue", "go_revenue", "go_units", "guests"])).empty
    assert food_cost.food_cost([]) is None
