"""The sections of the double ABC: which dishes are cheap to make and much sold, and which are dear.

After MOZG's report of that name.
"""

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from mozg.analysis.menu import abc, double_abc
from mozg.language import later
from mozg.pages.blocks import Block, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import (
    CATEGORY,
    FOOD_COST,
    HOW_MARGIN,
    MARGIN,
    MOST_ROWS,
    REVENUE,
    UNITS,
    dish_column,
    dishes,
    gaps,
    nothing_sold,
    pair,
    uncosted,
)
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table

HOW_DOUBLE = later(
    "First letter: food cost before VAT, A up to {a} %, B up to {b} %, else C. Second letter: A, B or C by revenue. "
    "After MOZG's double ABC, which publishes no borders."
)
#: What each combination of food cost and volume asks for.
ADVICE = {
    "AA": later("Keep and protect: cheap to make and much sold."),
    "AB": later("Offer more: cheap to make, sold well."),
    "AC": later("Make known: cheap to make, hardly sold."),
    "BA": later("Watch the recipe: every point of cost tells here."),
    "BB": later("Keep."),
    "BC": later("Make known, or replace."),
    "CA": later("Raise the price or mend the recipe: much sold and dear."),
    "CB": later("Mend the recipe or the price."),
    "CC": later("Ask what it is there for: dear and hardly sold."),
}


def _unknown(context: Context) -> Block | None:
    if not _known(context).empty:
        return None
    return nothing_sold(context) or sentence(context.write.say("No dish has a cost."), "mozg-empty muted")


@section("Food cost and volume in short", instead=_unknown)
def in_short(context: Context) -> Iterator[Block]:
    """What sells much and is dear to make, and what is not known."""
    known = _known(context)
    yield sentence(_dear(known, context))
    yield from gaps(context)


@section("Combinations", instead=_unknown)
def combinations(context: Context) -> Iterator[Block]:
    """What each combination of food cost and volume holds, and what it asks for."""
    known = _known(context)
    names = Column("names", "Which", "text", shown=False)
    columns = [_BOTH, Column("advice", "What it asks for", "text"), Column("dishes", "Dishes", "integer"), REVENUE]
    yield table("double_abc", "Double ABC", _combinations(known, context), [*columns, MARGIN, names], context.write)
    low, high = _food_cost(context)
    yield explained(context.write.say("Double ABC"), context.write.say(HOW_DOUBLE, a=low, b=high))
    yield explained(context.write.say("Gross margin before VAT"), context.write.say(HOW_MARGIN))


@section("Dishes by food cost and volume", instead=_unknown)
def by_dish(context: Context) -> Iterator[Block]:
    """Each dish with its two letters, those first that are dear and sell much."""
    known = _known(context)
    ranked = known.assign(order=[_ORDER.index(both) for both in known["double"]])
    ranked = ranked.sort_values(["order", "revenue"], ascending=[True, False], kind="stable")
    columns = [dish_column(context), CATEGORY, _BOTH, FOOD_COST, UNITS, REVENUE, MARGIN]
    shown = ranked.head(MOST_ROWS)
    yield table("double_abc_dishes", "Dishes by double ABC", ranked, columns, context.write, shown=shown)
    yield further(context, context.link("menu"), context.link("categories"))


@section("Dishes without a cost", instead=nothing_sold)
def costless(context: Context) -> Iterator[Block]:
    """The dishes whose food cost cannot be known, and how much they bring."""
    yield from uncosted(context)


_BOTH = Column("double", "Food cost, volume", "text", head=later("ABC ×2"))
#: What needs attention first: dear and much sold.
_ORDER = ("CA", "CB", "BA", "AC", "BC", "CC", "BB", "AB", "AA")


def _known(context: Context) -> pd.DataFrame:
    def judge() -> pd.DataFrame:
        borders = pair(context, "a_border", "b_border", abc.BORDERS)
        return double_abc.double_abc(dishes(context), _food_cost(context), borders).dropna(subset=["double"])

    return context.once("double abc", judge)


def _food_cost(context: Context) -> tuple[int, int]:
    return pair(context, "food_cost_a", "food_cost_b", double_abc.FOOD_COST_BORDERS)


def _dear(known: pd.DataFrame, context: Context) -> str:
    dear = known[known["double"] == "CA"]
    if dear.empty:
        return context.write.say("No dish is dear to make and sells much.")
    names = context.write.names(dear.sort_values("revenue", ascending=False)["dish"].head(3))
    return context.write.count(
        "{n} dish is dear to make and sells much: {names}.",
        "{n} dishes are dear to make and sell much, first of all {names}.",
        len(dear),
        names=names,
    )


def _combinations(known: pd.DataFrame, context: Context) -> pd.DataFrame:
    rows = []
    for combination, advice in ADVICE.items():
        part = known[known["double"] == combination].sort_values("revenue", ascending=False, kind="stable")
        if len(part):
            names = ", ".join(part["dish"].head(4)) + (" …" if len(part) > 4 else "")
            sums = {"revenue": sum(part["revenue"], Decimal(0)), "margin": sum(part["margin"], Decimal(0))}
            told = {"double": combination, "dishes": len(part), "names": names, "advice": context.write.say(advice)}
            rows.append(told | sums)
    return pd.DataFrame(rows)
