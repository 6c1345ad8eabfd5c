"""What was sold of go-lists: line by line in plain Python, and out of the lake."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from mozg.access.scope import Scope
from mozg.lake.reader import open_lake
from mozg.metrics import Period
from mozg.metrics.go_lists import go_list_dishes, go_list_sales, offers
from mozg.metrics.narrowing import Part

FIRST, LAST = date(2026, 8, 20), date(2026, 10, 18)
DURING = Period(FIRST, LAST)


@pytest.fixture(scope="module")
def lists(chain_lake):
    """Each list as it was entered: its dishes, days and venues."""
    names = dict(chain_lake.rows("SELECT venue_id, venue FROM venues"))
    columns = "go_list, dish, g.venue_id, starts_on, ends_on"
    found = {}
    for name, dish, venue, first, last in chain_lake.rows(
        f"SELECT {columns} FROM go_lists g JOIN products USING (product_id)"
    ):
        dishes, *_ = found.setdefault(name, (set(), first, last or LAST, set()))
        dishes.add(dish)
        found[name][3].update({names[venue]} if venue else names.values())
    return found


def by_hand(truth, lists, key):
    """Add up each list's lines and guests, one after the other; ``key`` gives what they are split by."""
    sums = {name: Counter() for name in ("revenue", "guests", "checks", "go_revenue", "go_units")}
    receipts, items, _ = truth.during(FIRST, LAST)
    for name, (dishes, first, last, venues) in lists.items():
        for row in items[(items["status"] != "void") & (items["state"] == 0)].itertuples():
            if first <= row.business_date <= last and row.venue in venues:
                sums["revenue"][name, *key(row)] += int(row.revenue)
                if row.dish in dishes:
                    sums["go_revenue"][name, *key(row)] += int(row.revenue)
                    sums["go_units"][name, *key(row)] += int(row.quantity)
        for row in receipts[receipts["status"] == "sale"].itertuples():
            if first <= row.business_date <= last and row.venue in venues:
                sums["guests"][name, *key(row)] += int(row.guests)
                sums["checks"][name, *key(row)] += 1
    return sums


@pytest.mark.parametrize("by", [(), ("waiter",), ("business_date", "waiter")], ids=str)
def test_sales_of_go_lists_are_those_that_one_adds_up_line_by_line(chain_lake, truth, lists, by):
    sums = by_hand(truth, lists, lambda row: tuple(getattr(row, name) for name in by))
    found = go_list_sales(chain_lake, DURING, Part(), by)
    told = {tuple(row[name] for name in ("go_list", *by)): row for row in found.to_dict("records")}
    assert told.keys() == {key for part in sums.values() for key in part}
    assert {key[0] for key in told} == {"Осень", "Коктейли октября"}
    for key, row in told.items():
        for name in ("revenue", "go_revenue"):
            assert Decimal(0 if row[name] is None else row[name]) * 100 == sums[name][key], (key, name)
        for name in ("checks", "go_units"):
            assert int(row[name]) == sums[name][key], (key, name)
        assert sums["guests"][key] in (row["guests"], 0)


def test_dishes_of_a_list_sum_to_it_and_those_nobody_bought_are_named(chain_lake):
    dishes = go_list_dishes(chain_lake, DURING, Part())
    whole = go_list_sales(chain_lake, DURING, Part()).set_index("go_list")
    for name, part in dishes.groupby("go_list"):
        assert part["revenue"].sum() == whole.loc[name, "go_revenue"]
        assert part["units"].sum() == whole.loc[name, "go_units"]
    early = go_list_dishes(chain_lake, Period(date(2030, 1, 1), date(2030, 1, 7)), Part())
    assert early["dish"].tolist() == ["Борщ с говядиной", "Капучино", "Медовик"]
    assert early["revenue"].isna().all()


def test_a_list_is_there_only_where_and_while_it_is_valid(chain_organization, chain_lake):
    found = offers(chain_lake, DURING, Part()).set_index("go_list")
    assert found.index.tolist() == ["Коктейли октября", "Осень"]
    assert (found.loc["Осень", "dishes"], found.loc["Осень", "venues"]) == (3, 3)
    assert found.loc["Осень", "target"] == Decimal("0.08")
    assert offers(chain_lake, Period(date(2026, 8, 1), date(2026, 8, 31)), Part()).empty
    elsewhere = chain_lake.rows("SELECT venue_id FROM venues ANTI JOIN go_lists USING (venue_id)")[0][0]
    lake = open_lake(chain_organization, Scope("chain", "anna", "manager", (elsewhere,)))
    assert offers(lake, DURING, Part())["go_list"].tolist() == ["Осень"]
    assert set(go_list_sales(lake, DURING, Part())["go_list"]) == {"Осень"}
