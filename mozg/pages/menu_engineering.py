"""The sections of menu engineering: three methods side by side in each category, and where they agree."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from mozg.analysis.menu import goal_value, kasavana_smith, pavesic
from mozg.analysis.menu.engineering import ALONE, JUDGED, NO_COST, YOUNG, Settings, side_by_side
from mozg.analysis.menu.worksheet import LEAST_DAYS
from mozg.charts import quadrants
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import (
    CATEGORY,
    DISH,
    FOOD_COST,
    HOW_DAYS,
    MOST_ROWS,
    dish_column,
    dishes,
    gaps,
    nothing_sold,
    weeks,
)
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table

AGREEMENT = {
    "strong": later("all say strong"),
    "rather strong": later("rather strong"),
    "differ": later("they differ"),
    "rather weak": later("rather weak"),
    "weak": later("all say weak"),
}
STANDING = {
    YOUNG: later("too few days for sale to judge"),
    ALONE: later("alone in its category"),
    NO_COST: later("no cost"),
}
HOW_KS = later(
    "Popular: at least {popular} % of an even share of the category's units per day for sale. Profitable: the margin "
    "of a unit is at least the category's average, ΣN·CM ÷ ΣN. Star: both; plowhorse: popular only; puzzle: profitable "
    "only; dog: neither. Kasavana and Smith (1982). An average always leaves some below it: no class alone is a reason "
    "to take a dish off."
)
HOW_PAVESIC = later(
    "Food cost up to that of the category and a margin of all units at least the average: prime; high cost and high "
    "margin: standard; low and low: sleeper; high cost and low margin: problem. Pavesic (1983)."
)
HOW_GOAL = later(
    "(1 − food cost) × units × price × (1 − (variable cost + food cost)), beside the same of the category's averages; "
    "variable cost without food is set to {variable} %. Hayes and Huffman (1985)."
)
HOW_FIRM = later(
    "The share of 400 draws of the period's weeks, with repetition, in which the dish has the same class after "
    "Kasavana and Smith. Below 70 % it sits on a border."
)
FIRM = 0.7
_AGREEMENT = Column("said", "Methods", "text")
_CLASS = Column("ks_class", "Kasavana and Smith", "text", head=later("K&S"))
_PAVESIC = Column("pavesic_class", "Pavesic", "text")
_GOAL = Column("of_goal", "Goal value of the goal", "percent", head=later("Of goal"))
_STABILITY = Column("stability", "Firmness of the class", "percent", head=later("Firm"))
_SOLD = Column("sold_per_day", "Units per day for sale", "number", head=later("A day"))
_UNIT_MARGIN = Column("unit_margin", "Margin of a unit before VAT", "money", head=later("Margin of a unit"))


def _no_class(context: Context) -> Block | None:
    if not _judged(context).empty:
        return None
    return nothing_sold(context) or sentence(context.write.say("No dish can be judged."), "mozg-empty muted")


@section("The menu in four fields", instead=_no_class)
def in_short(context: Context) -> Iterator[Block]:
    """What all methods call strong and weak, and every dish by popularity and margin against its category."""
    judged = _judged(context)
    yield sentence(_agreed(judged, context))
    star, plowhorse, puzzle, dog = (context.write.say(name) for name in kasavana_smith.NAMES)
    axes = context.write.say("Popularity of the border"), context.write.say("Margin of the border")
    fields, unit = (star, puzzle, plowhorse, dog), context.write.plain
    title = _classes(judged, context)
    yield figure(quadrants(judged, "dish", "popularity", "earning", title=title, unit=unit, axes=axes, fields=fields))
    yield sentence(_counted(judged, context), "mozg-note")
    yield from gaps(context)
    yield from _definitions(context)


@section("Methods side by side", instead=_no_class)
def methods(context: Context) -> Iterator[Block]:
    """Each dish's class by three methods, whether they agree, and how firm the class is."""
    judged = _judged(context)
    columns = [dish_column(context), CATEGORY, _AGREEMENT, _CLASS, _STABILITY, _PAVESIC, _GOAL, _SOLD, _UNIT_MARGIN]
    yield table("methods", "Methods side by side", judged, columns, context.write, shown=judged.head(MOST_ROWS))
    yield workbook_table("worksheet", "Worksheet of menu engineering", judged, _WORKSHEET, context.write)
    yield further(context, context.link("menu"), context.link("categories"), context.link("menu_changes"))


@section("Categories and their borders", instead=_no_class)
def borders(context: Context) -> Iterator[Block]:
    """What makes popular and profitable in each category, and how many of each class it has."""
    judged = _judged(context)
    rows = [_border(name, part) for name, part in judged.groupby("category", sort=True)]
    columns = [
        CATEGORY, *(Column(f"class_{code}", kasavana_smith.NAMES[code], "integer") for code in range(4)),
        Column("popular_from", "Popular from, share of units", "percent"),
        Column("margin_from", "Profitable from", "money"), Column("food_cost_to", "Food cost up to", "percent"),
    ]  # fmt: skip
    yield table("borders", "Borders of categories", pd.DataFrame(rows), columns, context.write)


@section("Dishes without a class")
def unjudged(context: Context) -> Iterator[Block]:
    """The dishes that no method judges, and why."""
    found = _told(context)
    rows = found[found["standing"] != JUDGED]
    if rows.empty:
        yield sentence(context.write.say("Every dish has a class."), "muted", empty=found.empty)
        return
    rows = rows.assign(why=[context.write.say(STANDING[standing]) for standing in rows["standing"]])
    columns = [DISH, CATEGORY, Column("why", "Why", "text"), Column("days", "Days for sale", "number"), _SOLD]
    yield table("unjudged", "Dishes without a class", rows, columns, context.write, shown=rows.head(MOST_ROWS))


_WORKSHEET = (
    *(DISH, CATEGORY, Column("units", "Units", "number"), Column("days", "Days for sale", "number"), _SOLD),
    Column("mix", "Share of the category's units", "percent"),
    Column("popular_from", "Popular from, share of units", "percent"),
    Column("unit_price", "Price of a unit before VAT", "money"),
    *(Column("unit_cost", "Cost of a unit", "money"), _UNIT_MARGIN, Column("margin_from", "Profitable from", "money")),
    *(FOOD_COST, Column("food_cost_to", "Food cost up to", "percent")),
    Column("weighted_margin", "Margin a day", "money"),
    Column("weighted_from", "Margin a day, average", "money"),
    Column("goal_value", "Goal value a day", "number"),
    Column("goal", "Goal value of the category", "number"),
    *(_CLASS, _PAVESIC, _AGREEMENT, _STABILITY),
)
_ORDER = tuple(AGREEMENT)


def settings_of(context: Context) -> Settings:
    """Return the borders that the page was asked for."""
    given = context.options
    return Settings(
        int(given.get("popular", kasavana_smith.POPULAR)),
        int(given.get("variable_cost", goal_value.VARIABLE_COST)),
        int(given.get("least_days", LEAST_DAYS)),
    )


def _told(context: Context) -> pd.DataFrame:
    """All dishes with what the methods say; those of more margin a day first among their like."""

    def tell() -> pd.DataFrame:
        found = side_by_side(dishes(context).drop(columns="food_cost"), weeks(context), settings_of(context))
        return found.assign(
            said=_texts(found["agreement"], AGREEMENT, context),
            ks_class=_texts(found["kasavana_smith"], dict(enumerate(kasavana_smith.NAMES)), context),
            pavesic_class=_texts(found["pavesic"], dict(enumerate(pavesic.NAMES)), context),
            of_goal=_over(found, "goal_value", "goal"),
            popularity=_over(found, "mix", "popular_from"),
            earning=_over(found, "unit_margin", "margin_from"),
        )

    return context.once("engineered", tell)


def _judged(context: Context) -> pd.DataFrame:
    found = _told(context)
    found = found[found["standing"] == JUDGED]
    order = [_ORDER.index(text) for text in found["agreement"]]
    ranked = found.assign(order=order, weight=found["weighted_margin"].astype(float))
    return ranked.sort_values(["order", "weight"], ascending=[False, False], kind="stable", ignore_index=True)


def _over(found: pd.DataFrame, part: str, whole: str) -> pd.Series:
    below = found[whole].astype(float)
    return found[part].astype(float) / below.where(below != 0)


def _texts(codes: pd.Series, texts: Mapping[Any, str], context: Context) -> pd.Series:
    """Say codes in words, missing ones as they are."""
    said = [None if pd.isna(code) else context.write.say(texts[code]) for code in codes]
    return pd.Series(said, codes.index, dtype=object)


def _border(name: Any, part: pd.DataFrame) -> dict[str, Any]:
    counts = {f"class_{code}": int((part["kasavana_smith"] == code).sum()) for code in range(4)}
    limits = {border: part[border].iloc[0] for border in ("popular_from", "margin_from", "food_cost_to")}
    return {"category": name} | counts | limits


def _agreed(judged: pd.DataFrame, context: Context) -> str:
    weak, strong = (judged[judged["agreement"] == word] for word in ("weak", "strong"))
    if weak.empty:
        return context.write.say("No dish is weak by every method.")
    names = context.write.names(weak.sort_values("stability", ascending=False, kind="stable")["dish"].head(3))
    return context.write.count(
        "{n} of {all} dishes is weak by every method: {names}; {strong} are strong by every one.",
        "{n} of {all} dishes are weak by every method, first of all {names}; {strong} are strong by every one.",
        len(weak),
        all=len(judged),
        names=names,
        strong=len(strong),
    )


def _classes(judged: pd.DataFrame, context: Context) -> str:
    """Say how many dishes each class has, the stars first."""
    counts = judged["kasavana_smith"].value_counts()
    names = enumerate(map(context.write.say, kasavana_smith.NAMES))
    return ", ".join(f"{name}: {int(counts.get(code, 0))}" for code, name in names)


def _counted(judged: pd.DataFrame, context: Context) -> str:
    firm = judged["stability"].astype(float)
    shaky = int((firm < FIRM).sum())
    if firm.isna().all():
        return context.write.say("Too few weeks to tell how firm the classes are.")
    if not shaky:
        return context.write.say("Every dish keeps its class from week to week.")
    return context.write.count(
        "{n} dish sits on a border: its class changes from week to week.",
        "{n} dishes sit on a border: their class changes from week to week.",
        shaky,
    )


def _definitions(context: Context) -> Iterator[Block]:
    say, chosen = context.write.say, settings_of(context)
    yield explained(say("Kasavana and Smith"), say(HOW_KS, popular=chosen.popular))
    yield explained(say("Pavesic"), say(HOW_PAVESIC))
    yield explained(say("Goal value"), say(HOW_GOAL, variable=chosen.variable_cost))
    yield explained(say("Firmness of the class"), say(HOW_FIRM))
    yield explained(say("Days for sale"), say(HOW_DAYS))
