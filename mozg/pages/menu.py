"""The sections of the menu report: letters by quantity, revenue and margin, and how evenly dishes sell."""

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from mozg.analysis.menu import abc
from mozg.analysis.menu import xyz as evenness
from mozg.charts import ranked_bars
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import (
    CATEGORY,
    FOOD_COST,
    HOW_DAYS,
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
    weeks,
)
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table

HOW_ABC = later(
    "Dishes from the largest value down: A while those before it bring less than {a} %, B less than {b} %, else C. The "
    "dish that crosses a border keeps the better letter. The three letters are for units, revenue and gross margin."
)
HOW_XYZ = later(
    "How much a dish's sales per day for sale vary from week to week (σ ÷ μ): X up to {x} %, Y up to {y} %, else Z. "
    "Weeks without a sale count; days off the menu and on the stop list do not. Four whole weeks are needed."
)
_LETTERS = Column("letters", "ABC: units, revenue, margin", "text", head="ABC")
_EVENNESS = Column("evenness", "XYZ", "text")
_VARIATION = Column("variation", "Variation", "percent", shown=False)


@section("The menu in short", instead=nothing_sold)
def in_short(context: Context) -> Iterator[Block]:
    """How few dishes bring most of the revenue, and what is not known."""
    found = _judged(context)
    yield sentence(_carried(found, context))
    yield from gaps(context)


@section("Letters of dishes", instead=nothing_sold)
def letters(context: Context) -> Iterator[Block]:
    """Each dish with its letters by units, revenue and gross margin, and its evenness."""
    found = _judged(context)
    unit = context.write.money
    yield figure(ranked_bars(found, "dish", "revenue", title=_leader(found, context), unit=unit))
    named = dish_column(context)
    columns = [named, CATEGORY, _LETTERS, _EVENNESS, UNITS, REVENUE, MARGIN, FOOD_COST, _VARIATION, _DAYS]
    yield table("letters", "Letters of dishes", found, columns, context.write, shown=found.head(MOST_ROWS))
    a, b = _borders(context)
    yield explained(context.write.say("ABC"), context.write.say(HOW_ABC, a=a, b=b))
    yield explained(context.write.say("Gross margin before VAT"), context.write.say(HOW_MARGIN))
    others = context.link("double_abc"), context.link("menu_engineering"), context.link("categories")
    more = context.link("menu_changes"), context.link("companions"), context.link("go_lists")
    yield further(context, *others, *more)


@section("Carriers and their evenness")
def matrix(context: Context) -> Iterator[Block]:
    """How many dishes of each letter of revenue sell evenly, unevenly, or by chance."""
    found = _judged(context)
    known = found.dropna(subset=["revenue_letter", "evenness"])
    if known.empty:
        yield sentence(context.write.say("Evenness needs a period of at least four whole weeks."), "muted")
        return
    yield sentence(_even(known, context))
    yield table("abc_xyz", "Dishes by ABC of revenue and XYZ", _counted(known), _MATRIX, context.write)
    x, y = _bounds(context)
    yield explained(context.write.say("XYZ"), context.write.say(HOW_XYZ, x=x, y=y))
    yield explained(context.write.say("Days for sale"), context.write.say(HOW_DAYS))


@section("Dishes without a cost", instead=nothing_sold)
def costless(context: Context) -> Iterator[Block]:
    """The dishes whose margin cannot be known, and how much they bring."""
    yield from uncosted(context)


_DAYS = Column("days", "Days for sale", "number", shown=False)
_MATRIX = (
    Column("letter", "Revenue", "text"),
    Column("X", "X", "integer"),
    Column("Y", "Y", "integer"),
    Column("Z", "Z", "integer"),
    Column("revenue", "Revenue", "money"),
)


def _judged(context: Context) -> pd.DataFrame:
    """The dishes with all their letters, the most revenue first."""

    def judge() -> pd.DataFrame:
        within = "category" if context.options.get("within") == "category" else None
        found = abc.abc(dishes(context), _borders(context), within=within)
        even = evenness.xyz(_whole_weeks(context), _bounds(context), key=("category", "dish"))
        merged = found.merge(even.drop(columns=["mean", "weeks"]), on=["category", "dish"], how="left")
        return merged.sort_values("revenue", ascending=False, kind="stable", na_position="last", ignore_index=True)

    return context.once("judged dishes", judge)


def _whole_weeks(context: Context) -> pd.DataFrame:
    rows = weeks(context)
    return rows[[week >= context.during.first for week in rows["week"]]]


def _borders(context: Context) -> tuple[int, int]:
    return pair(context, "a_border", "b_border", abc.BORDERS)


def _bounds(context: Context) -> tuple[int, int]:
    return pair(context, "x_bound", "y_bound", evenness.BOUNDS)


def _carried(found: pd.DataFrame, context: Context) -> str:
    """Say how few dishes carry the menu."""
    write = context.write
    carriers = found[found["revenue_letter"] == "A"]
    share = float(sum(carriers["revenue"])) / float(sum(found["revenue"].dropna())) if len(carriers) else None
    return write.count(
        "{n} of {all} dishes brings {share} of the revenue.",
        "{n} of {all} dishes bring {share} of the revenue.",
        len(carriers),
        all=len(found),
        share=write.percent(share),
    )


def _leader(found: pd.DataFrame, context: Context) -> str:
    row = found.iloc[0]
    share = None if pd.isna(row["share"]) else float(row["share"])
    return context.write.say("{name} brought {share} of revenue", name=row["dish"], share=context.write.percent(share))


def _counted(known: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for letter in "ABC":
        part = known[known["revenue_letter"] == letter]
        counts = {even: int((part["evenness"] == even).sum()) for even in "XYZ"}
        rows.append({"letter": letter, **counts, "revenue": sum(part["revenue"], Decimal(0))})
    return pd.DataFrame(rows)


def _even(known: pd.DataFrame, context: Context) -> str:
    carriers = known[known["revenue_letter"] == "A"]
    shaky = carriers[carriers["evenness"] == "Z"]
    if shaky.empty:
        return context.write.say("Every A dish sells evenly enough from week to week: none is a Z.")
    return context.write.count(
        "{n} of {all} A dishes sells unevenly from week to week.",
        "{n} of {all} A dishes sell unevenly from week to week.",
        len(shaky),
        all=len(carriers),
    )
