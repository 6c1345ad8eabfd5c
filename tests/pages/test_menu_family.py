"""What the reports on the menu say is what was sold, and their settings are obeyed."""

from decimal import Decimal

import pytest

from mozg import pages
from mozg.metrics import Period, query
from mozg.pages.blocks import FIGURE_MIME
from tests.shown import tables, text


def test_the_letters_are_of_all_that_was_sold(open_report, chain, chain_lake):
    page = open_report("menu")
    rows = tables(page.run(pages.menu.letters))["letters"]
    whole = query(chain_lake, ["revenue", "units"], during=page.context.during).iloc[0]
    assert sum(Decimal(row["revenue"]) for row in rows) == whole["revenue"]
    assert sum(Decimal(row["units"]) for row in rows) == whole["units"]
    assert {row["letters"][1] for row in rows} == set("ABC")
    assert {row["evenness"] for row in rows} >= {"X", "Y"}


def test_borders_are_settings(open_report):
    strict = tables(open_report("menu", a_border=50, b_border=80).run(pages.menu.letters))["letters"]
    usual = tables(open_report("menu").run(pages.menu.letters))["letters"]
    count = [sum(row["letters"][1] == "A" for row in rows) for rows in (strict, usual)]
    assert 0 < count[0] < count[1]


def test_a_menu_can_be_narrowed_to_the_bar(open_report, chain_lake):
    page = open_report("menu", only={"section": ["bar"]})
    rows = tables(page.run(pages.menu.letters))["letters"]
    during: Period = page.context.during
    (bar,) = query(chain_lake, ["bar_revenue"], during=during)["bar_revenue"]
    assert sum(Decimal(row["revenue"]) for row in rows) == bar


def test_methods_stand_side_by_side_in_each_category(open_report):
    page = open_report("menu_engineering")
    rows = tables(page.run(pages.menu_engineering.methods))["worksheet"]
    assert {row["ks_class"] for row in rows} == {"Звезда", "Рабочая лошадка", "Загадка", "Собака"}
    for category in {row["category"] for row in rows}:
        mixes = [row["mix"] for row in rows if row["category"] == category]
        assert sum(mixes) <= 1 + 1e-9  # dishes that are not judged have the rest
    one = open_report("menu_engineering", only={"category": ["Супы"]})
    soups = tables(one.run(pages.menu_engineering.methods))["worksheet"]
    assert soups == [row for row in rows if row["category"] == "Супы"]


def test_breakfasts_go_with_coffee(open_report):
    page = open_report("companions")
    pairs = tables(page.run(pages.companions.groups))["groups_together"]
    by_pair = {(row["first"], row["second"]): row for row in pairs}
    breakfast = by_pair["Кофе", "Завтраки"]
    assert breakfast["lift_low"] > 1
    assert breakfast["attach_back"] > breakfast["attach"]  # whoever has breakfast has coffee, not the other way round
    assert all(row["with_both"] >= 30 for row in pairs)
    assert len(tables(open_report("companions", least=300).run(pages.companions.groups))["groups_together"]) < len(
        pairs
    )


def test_companions_of_one_dish(open_report):
    page = open_report("companions", only={"dish": ["Капучино"]})
    rows = tables(page.run(pages.companions.dishes))["dishes_together"]
    assert {row["first"] for row in rows} == {"Капучино"}
    (alone,) = tables(page.run(pages.companions.on_checks))["on_checks"]
    assert alone["thing"] == "Капучино"
    assert {row["with_first"] for row in rows} == {alone["checks"]}
    figures = [block for block in page.run(pages.companions.dishes).blocks if FIGURE_MIME in block.bundle]
    assert len(figures) == 1


def test_shares_of_a_go_list_are_rated_against_its_target(open_report):
    page = open_report("go_lists", go_list=["Осень"])
    (autumn,) = tables(page.run(pages.go_lists.in_short))["go_lists"]
    waiters = tables(page.run(pages.go_lists.by_waiter))["go_lists_by_waiter"]
    assert {row["go_list"] for row in waiters} == {"Осень"}
    assert sum(Decimal(row["go_revenue"] or 0) for row in waiters) == Decimal(autumn["go_revenue"])
    assert sum(Decimal(row["revenue"]) for row in waiters) == Decimal(autumn["revenue"])
    assert autumn["target"] == "0.0800"
    missing = Decimal("0.08") * Decimal(autumn["revenue"]) - Decimal(autumn["go_revenue"])
    assert autumn["gap"] == pytest.approx(float(missing))
    assert {row["index"] > 1 for row in waiters} == {True, False}
    shifts = tables(page.run(pages.go_lists.by_shift))["go_lists_by_shift"]
    assert sum(Decimal(row["go_revenue"] or 0) for row in shifts) == Decimal(autumn["go_revenue"])
    assert shifts[0]["gap"] == max(row["gap"] for row in shifts) > 0


def test_without_a_go_list_the_page_says_how_to_make_one(open_report):
    page = open_report("go_lists", date_from="2026-08-01", date_to="2026-08-31")
    shown = page.run(pages.go_lists.in_short)
    assert shown.outcome == "ok-empty"
    assert "mozg menu go-list" in text(shown)


def test_what_came_with_october_and_what_left(open_report):
    page = open_report("menu_changes", date_from="2026-08-15", date_to="2026-10-31")
    new = tables(page.run(pages.menu_changes.new))["new_dishes"]
    gone = tables(page.run(pages.menu_changes.withdrawn))["withdrawn_dishes"]
    assert {row["dish"] for row in new} == {"Чизкейк", "Пшеничное, 0,5 л", "Сырная тарелка"}
    assert {"Павлова с ягодами", "Стаут, 0,5 л", "Хумус с питой"} <= {row["dish"] for row in gone}
    assert {row["first_sold"][:7] for row in new} == {"2026-10"}
    assert {row["last_sold"][:7] for row in gone} == {"2026-09"}
    assert {row["yet"] for row in new} == {"да"}
    assert all(Decimal(row["last_revenue"]) > 0 for row in gone)


def test_a_new_dish_is_too_young_to_be_a_dog(open_report):
    given = {"date_from": "2026-09-07", "date_to": "2026-10-04"}
    new = tables(open_report("menu_changes", **given).run(pages.menu_changes.new))["new_dishes"]
    assert len(new) == 3
    assert {row["yet"] for row in new} == {"рано"}
    judged = tables(open_report("menu_engineering", **given).run(pages.menu_engineering.methods))["worksheet"]
    assert not {row["dish"] for row in new} & {row["dish"] for row in judged}


def test_the_salmon_that_became_dearer_by_itself(open_report):
    page = open_report("menu_changes", date_from="2026-05-20", date_to="2026-06-20")
    (salmon,) = tables(page.run(pages.menu_changes.prices))["price_changes"]
    assert (salmon["dish"], salmon["changed_on"]) == ("Лосось на гриле", "2026-06-01")
    assert salmon["price_change"] == pytest.approx(0.12, abs=0.01)
    assert salmon["response_low"] < salmon["response"] < salmon["response_high"]


def test_where_all_prices_rose_at_once_no_dish_is_blamed(open_report):
    page = open_report("menu_changes", date_from="2026-08-28", date_to="2026-09-10")
    rows = tables(page.run(pages.menu_changes.prices))["price_changes"]
    said = [row["said"] for row in rows]
    assert said.count("рядом изменились все цены") > len(rows) / 2
    assert all(row["response"] is None for row in rows if row["said"] == "рядом изменились все цены")


def test_portions_of_a_guest_count_a_bottle_as_five_glasses(open_report, chain_lake):
    page = open_report("menu")
    told = tables(page.run(pages.portions.of_guests))
    dishes = {row["dish"]: row for row in told["portions"]}
    bottle = dishes["Саперави, бутылка"]
    assert (bottle["coefficient"], Decimal(bottle["portions"])) == (5, 5 * Decimal(bottle["sold"]))
    assert Decimal(dishes["Рис с маслом"]["portions"]) == 0
    assert dishes["Рис с маслом"]["portion_price"] is None
    wine = next(row for row in told["portions_by_category"] if row["category"] == "Вино")
    assert Decimal(wine["portions"]) == sum(
        Decimal(row["portions"]) for row in dishes.values() if row["category"] == "Вино"
    )
    whole = query(chain_lake, ["depth_per_guest"], during=page.context.during).iloc[0]
    plain = sum(row["per_100_guests"] / (row["coefficient"] or 1) for row in dishes.values() if row["coefficient"])
    assert plain / 100 < float(whole["depth_per_guest"]), "rice is no portion"
    assert "Порций на гостя: " in text(page.run(pages.portions.of_guests))
