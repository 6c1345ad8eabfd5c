"""The rating of categories: its numbers and reasons are those that plain Python finds line by line."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from mozg import pages
from mozg.metrics import query
from tests.shown import tables

CAUSES = ("purchase", "menu_price", "discount", "demand", "other")


def sums(chain, during):
    """Return units, money before discounts, money without VAT and cost of each dish: ``{(group, dish): [...]}``."""
    receipts, items, products = chain.receipts, chain.items, chain.products
    days = receipts["business_date"].dt.date
    counted = receipts.index[(receipts["status"] != "void") & (days >= during.first) & (days <= during.last)]
    lines = items[items["receipt"].isin(counted) & (items["state"] == 0) & (items["cost"] != 0)]
    found = defaultdict(lambda: [0] * 4)
    cells = (lines[name].tolist() for name in ("product", "quantity", "gross", "revenue", "vat", "cost"))
    for product, units, gross, revenue, vat, cost in zip(*cells, strict=True):
        kept = found[product]
        for at, more in enumerate((units, gross, revenue - vat, cost)):
            kept[at] += more
    names = list(zip(products["group"], products["name"], strict=True))
    return {names[product]: [Fraction(one) for one in kept] for product, kept in found.items()}


def share_of(dishes):
    return sum(one[3] for one in dishes) / sum(one[2] for one in dishes)


def marginal(old, new):
    """The effect of each of three factors on their product: what its change adds, over all orders of changing."""
    effects = [Fraction(0)] * 3
    for order in permutations(range(3)):
        now = list(old)
        for at in order:
            was = now[0] * now[1] * now[2]
            now[at] = new[at]
            effects[at] += (now[0] * now[1] * now[2] - was) / 6
    return effects


def factors(units, gross, net, cost):
    return cost / units, units / gross, gross / net


def by_hand(now, before):
    """Return the parts of the change of food cost, dish by dish, for dishes that sold in both periods or in one."""
    whole = sum(one[2] for one in now.values()), sum(one[2] for one in before.values())
    middle = (share_of(now.values()) + share_of(before.values())) / 2
    parts = {}
    for dish in now.keys() | before.keys():
        new, old = now.get(dish), before.get(dish)
        weights = (new[2] / whole[0] if new else 0), (old[2] / whole[1] if old else 0)
        own = [one[3] / one[2] for one in (new, old) if one]
        inside = marginal(factors(*old), factors(*new)) if new and old else [Fraction(0)] * 3
        weight = Fraction(sum(weights)) / 2
        demand = (weights[0] - weights[1]) * (sum(own) / len(own) - middle)
        parts[dish] = [*(weight * effect for effect in inside), demand]
    return parts


def test_the_reasons_are_those_that_one_finds_line_by_line(open_report, chain):
    page = open_report("categories", date_from="2026-10-01", date_to="2026-10-28")  # menus change on 1 October
    now, before = sums(chain, page.context.during), sums(chain, page.context.before)
    expected = by_hand(now, before)
    rows = {
        (row["category"], row["dish"]): row for row in tables(page.run(pages.categories.by_dish))["food_cost_dishes"]
    }
    assert rows.keys() == expected.keys()
    for dish, parts in expected.items():
        assert [rows[dish][name] for name in CAUSES] == pytest.approx(
            [float(one) * 100 for one in (*parts, 0)], abs=1e-9
        )
    change = share_of(now.values()) - share_of(before.values())
    assert sum(sum(parts) for parts in expected.values()) == change
    assert sum(row["effect"] for row in rows.values()) == pytest.approx(float(change) * 100, abs=1e-9)
    # The test means something: dishes came and went.
    assert now.keys() - before.keys()
    assert before.keys() - now.keys()


def test_categories_are_split_by_themselves_and_sum_to_the_whole(open_report, chain):
    page = open_report("categories")
    now, before = sums(chain, page.context.during), sums(chain, page.context.before)
    rows = tables(page.run(pages.categories.causes))["food_cost_change"]
    for row in rows:
        here = [{key: one for key, one in part.items() if key[0] == row["category"]} for part in (now, before)]
        shares = [share_of(part.values()) for part in here]
        assert row["net_food_cost"] == pytest.approx(float(shares[0]), rel=1e-12)
        assert row["change"] == pytest.approx(float(shares[0] - shares[1]) * 100, abs=1e-9)
        assert sum(row[name] for name in CAUSES) == pytest.approx(row["change"], abs=1e-9)
    whole = share_of(now.values()) - share_of(before.values())
    assert sum(row["effect"] for row in rows) == pytest.approx(float(whole) * 100, abs=1e-9)


def test_categories_and_groups_come_to_all_that_was_sold(open_report, chain_lake):
    page = open_report("categories")
    during, before = page.context.during, page.context.before
    names = ["revenue", "net_gross_margin", "units"]
    whole = query(chain_lake, names, during=during, compare=before).iloc[0]
    for section, name in ((pages.categories.by_category, "categories"), (pages.categories.by_group, "groups")):
        rows = tables(page.run(section))[name]
        for column in (*names, "revenue_before", "net_gross_margin_before"):
            assert sum(Decimal(row[column]) for row in rows if row[column]) == whole[column], (name, column)
        assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_a_page_of_one_category_is_its_row_of_the_whole(open_report):
    def changes(**given):
        return tables(open_report("categories", **given).run(pages.categories.causes))["food_cost_change"]

    (row,) = [row for row in changes() if row["category"] == "Супы"]
    (alone,) = changes(only={"category": ["Супы"]})
    assert [alone[name] for name in CAUSES] == pytest.approx([row[name] for name in CAUSES])
    assert alone["effect"] == pytest.approx(row["change"])  # of a whole that is this category


def test_without_a_period_to_compare_with_nothing_is_said_to_have_changed(open_report):
    page = open_report("categories", compare="none")
    rows = tables(page.run(pages.categories.by_category))["categories"]
    assert {"change", "revenue_before"}.isdisjoint(rows[0])
    for section in (pages.categories.causes, pages.categories.by_dish):
        shown = page.run(section)
        assert shown.outcome == "ok"
        assert "Выберите период" in shown.blocks[1].bundle["text/html"]


def test_a_period_before_the_first_sale_is_no_comparison(open_report):
    page = open_report("categories", compare="2020-01-01..2020-01-28")
    assert "Фудкост:" in page.run(pages.categories.in_short).blocks[1].bundle["text/html"]
    assert "В одном из периодов" in page.run(pages.categories.causes).blocks[1].bundle["text/html"]
    assert page.run(pages.categories.by_category).outcome == "ok"
