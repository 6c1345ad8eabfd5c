"""Portions of guests: line by line in plain Python, and out of the lake."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mozg.analysis.menu.portions import by_group, with_portions
from mozg.metrics import Period
from mozg.metrics.narrowing import Part
from mozg.metrics.portions import dish_units, visits

FIRST, LAST = date(2026, 9, 3), date(2026, 10, 7)
DURING = Period(FIRST, LAST)


def by_hand(truth, coefficients):
    """Add up each dish's portions, line after line, and all checks and guests."""
    receipts, items, _ = truth.during(FIRST, LAST)
    sums = {name: Counter() for name in ("portions", "portions_on_checks", "portions_with_guests", "revenue")}
    for row in items[(items["status"] != "void") & (items["state"] == 0)].itertuples():
        portions = Fraction(int(row.quantity)) * Fraction(coefficients.get(row.dish, 1))
        sums["portions"][row.dish] += portions
        sums["revenue"][row.dish] += Fraction(int(row.revenue), 100)
        if row.status == "sale":
            sums["portions_on_checks"][row.dish] += portions
            sums["portions_with_guests"][row.dish] += portions if row.guests > 0 else 0
    sales = receipts[receipts["status"] == "sale"]
    return sums, len(sales), int(sum(sales["guests"]))


def test_portions_are_those_that_one_adds_up_line_by_line(chain_lake, truth):
    set_ = dict(chain_lake.rows("SELECT dish, portions FROM products WHERE portions IS NOT NULL"))
    assert set(set_.values()) == {Decimal(5), Decimal("2.5"), Decimal(0)}
    sums, checks, guests = by_hand(truth, set_)
    (seen,) = visits(chain_lake, DURING, Part()).to_dict("records")
    assert (int(seen["checks"]), int(seen["guests"])) == (checks, guests)
    sold = with_portions(dish_units(chain_lake, DURING, Part()))
    told = {row["dish"]: row for row in by_group(sold, checks, guests, ["category", "dish"]).to_dict("records")}
    assert told.keys() == sums["portions"].keys()
    for dish, row in told.items():
        for name, amounts in sums.items():
            assert Fraction(row[name]) == amounts[dish], (dish, name)
        assert row["per_100_checks"] == float(sums["portions_on_checks"][dish] * 100 / checks)
        assert row["per_100_guests"] == float(sums["portions_with_guests"][dish] * 100 / guests)
    assert told["Саперави, бутылка"]["coefficient"] == 5
    assert told["Рис с маслом"]["portions"] == 0 < told["Рис с маслом"]["units"]


def test_groups_have_the_portions_of_their_dishes(chain_lake):
    sold = with_portions(dish_units(chain_lake, DURING, Part(only={"section": ["bar"]})))
    assert set(sold["section"]) == {"bar"}
    groups = by_group(sold, 1000, 2000, ["category"])
    assert sum(groups["portions"]) == sum(sold["portions"])
    assert float(groups["per_100_guests"].sum()) * 20 == float(sum(sold["portions_with_guests"]))
