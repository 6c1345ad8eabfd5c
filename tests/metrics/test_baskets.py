"""What stands on the same checks: counted check by check in plain Python, and out of the lake's sets."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from mozg.access.scope import Scope
from mozg.analysis.menu.companions import counted
from mozg.lake.reader import open_lake
from mozg.metrics import Period
from mozg.metrics.baskets import BITS, baskets
from mozg.metrics.narrowing import Part

FIRST, LAST = date(2026, 9, 20), date(2026, 10, 18)
DURING = Period(FIRST, LAST)


@pytest.fixture(scope="module")
def lines(truth, chain):
    """The lines that stand on closed checks, with the group of their dish."""
    items = truth.frames[1]
    items = items.assign(category=chain.products["group"].to_numpy()[items["product"]])
    inside = (items["business_date"] >= FIRST) & (items["business_date"] <= LAST)
    return items[inside & (items["status"] == "sale") & (items["state"] == 0)]


def by_hand(lines, level):
    """Count the checks of each thing and pair, and add up their money, one check after the other."""
    on_check, money = defaultdict(set), Counter()
    for check, thing, hundredths in zip(lines["receipt"], lines[level], lines["revenue"], strict=True):
        on_check[check].add(thing)
        money[check] += int(hundredths)
    alone, pairs, revenue = Counter(), Counter(), Counter()
    for check, things in on_check.items():
        alone.update(things)
        pairs.update(frozenset(pair) for pair in combinations(things, 2))
        revenue.update(dict.fromkeys(things, money[check]))
    return len(on_check), Decimal(money.total()) / 100, alone, pairs, revenue


@pytest.mark.parametrize("level", ["dish", "category"])
def test_pairs_are_those_that_one_counts_check_by_check(chain_lake, lines, level):
    checks, revenue, alone, pairs, money = by_hand(lines, level)
    found = counted(baskets(chain_lake, DURING, Part(), level))
    assert (found.checks, found.revenue) == (checks, revenue)
    things = found.things.set_index("thing")
    assert things["checks"].to_dict() == alone
    for thing, row in things.iterrows():
        assert row["share"] == alone[thing] / checks
        assert row["average_check"] == pytest.approx(money[thing] / alone[thing] / 100)
        rest = float(revenue) * 100 - money[thing]
        assert row["average_without"] == pytest.approx(rest / (checks - alone[thing]) / 100)
    told = found.pairs[found.pairs["with_both"] > 0]
    assert {frozenset(pair): n for *pair, n in told[["first", "second", "with_both"]].to_numpy()} == pairs
    assert len(told) == len(pairs) > 50
    assert (found.pairs["with_first"] >= found.pairs["with_second"]).all()
    assert [alone[thing] for thing in found.pairs["first"]] == found.pairs["with_first"].tolist()


def test_what_a_page_is_about_stands_first_beside_everything_else(chain_lake, lines):
    _, _, alone, pairs, _ = by_hand(lines, "dish")
    rare = min(alone, key=lambda dish: (alone[dish], dish))
    found = counted(baskets(chain_lake, DURING, Part(only={"dish": (rare,)}), "dish", most=BITS + 3))
    assert set(found.pairs["first"]) == {rare}
    assert found.things["thing"].iloc[0] == rare  # though others sell more
    assert len(found.things) == BITS + 3  # of two words, and the rest is left out
    told = dict(zip(found.pairs["second"], found.pairs["with_both"], strict=True))
    assert told == {dish: pairs[frozenset((rare, dish))] for dish in told}
    assert found.checks == lines["receipt"].nunique()


def test_a_scope_narrows_the_checks_that_are_read(chain_organization, chain_lake):
    one, other = (id_ for (id_,) in chain_lake.rows("SELECT venue_id FROM venues ORDER BY 1 LIMIT 2"))
    lake = open_lake(chain_organization, Scope("chain", "anna", "manager", (one,)))
    here = counted(baskets(lake, DURING, Part(), "category"))
    assert here.checks == counted(baskets(chain_lake, DURING, Part((one,)), "category")).checks > 0
    nothing = counted(baskets(lake, DURING, Part((other,)), "category"))
    assert (nothing.checks, len(nothing.things), len(nothing.pairs)) == (0, 0, 0)


def test_without_prices_checks_are_counted_all_the_same(priceless):
    found = counted(baskets(priceless.lake(), Period(date(2026, 3, 1), date(2026, 3, 31)), Part(), "dish"))
    assert (found.checks, found.revenue) == (31, None)
    assert found.things["average_check"].isna().all()
