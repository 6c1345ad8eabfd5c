"""The sections of the rating of categories: what each sells and earns, at what food cost, and why that changed.

After MOZG's report of that name.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mozg.analysis.menu import food_cost
from mozg.analysis.menu import rating as rated
from mozg.charts import movers, ranked_bars
from mozg.language import later
from mozg.metrics.menu import dish_sums
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import CATEGORY, DISH, MOST_ROWS, gaps, no_dish, part, uncosted
from mozg.pages.links import further
from mozg.pages.parts import known_tiles, totals
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, with_changes

CHOOSE = later("Choose a period to compare with.")
HOW = later(
    "The change of food cost before VAT, dish by dish. Purchase prices: the recipe cost of a unit. Menu prices: the "
    "price before discounts. Discounts: what they leave of it, and VAT. Demand: guests chose dishes that are dearer or "
    "cheaper to make, new and withdrawn ones among them. The parts sum to the change exactly (Shapley, 1953)."
)
#: What each part of a change is called.
CAUSES = {
    "purchase": later("Purchase prices"),
    "menu_price": later("Menu prices"),
    "discount": later("Discounts"),
    "demand": later("Demand"),
    "other": later("Given away"),
}
#: The metrics that the rating's columns are.
_METRICS = {
    "food_cost": "net_food_cost",
    "food_cost_before": "net_food_cost_before",
    "margin": "net_gross_margin",
    "margin_before": "net_gross_margin_before",
}
HEADLINE = ("revenue", "net_gross_margin", "net_food_cost", "cost_coverage")


def _no_dish(context: Context) -> Block | None:
    return no_dish(context) if _dishes(context).empty else None


def _incomparable(context: Context) -> Block | None:
    """Return what is said where no change can be told, or None."""
    if (missing := _no_dish(context)) is not None:
        return missing
    if context.before is None:
        return sentence(context.write.say(CHOOSE), "muted")
    if _whole(context).change is None:
        return sentence(context.write.say("No dish has a cost in both periods."), "muted")
    return None


@section("Food cost in short", instead=_no_dish)
def in_short(context: Context) -> Iterator[Block]:
    """What became of the food cost of all that was sold, the headline numbers, and what is not known."""
    yield sentence(_changed(context) + ".")
    yield known_tiles(context, HEADLINE, totals(context, HEADLINE))
    yield from gaps(context, _dishes(context))


@section("Categories by revenue", instead=_no_dish)
def by_category(context: Context) -> Iterator[Block]:
    """Each category's revenue, margin and food cost beside those of the other period."""
    rows = _rated(context, "category")
    before = "revenue_before" if context.before else None
    if len(rows) > 1:
        title, unit = _leader(rows, context), context.write.money
        yield figure(ranked_bars(rows, "category", "revenue", before, title=title, unit=unit))
    yield table("categories", "Categories by revenue", rows, [_category(context), *_columns(context)], context.write)
    yield further(context, context.link("menu"), context.link("menu_engineering"), context.link("comparison"))


@section("Groups of the menu")
def by_group(context: Context) -> Iterator[Block]:
    """The same of the groups at the root of the menu's tree."""
    rows = _rated(context, "top_group")
    if rows.empty or set(rows["top_group"]) == set(_dishes(context)["category"]):
        yield sentence(context.write.say("The categories of this menu have no groups above them."), "muted")
        return
    columns = [Column("top_group", "Group", "text"), *_columns(context)]
    yield table("groups", "Groups of the menu", rows, columns, context.write)


@section("Why food cost changed", instead=_incomparable)
def causes(context: Context) -> Iterator[Block]:
    """The change split into purchase prices, menu prices, discounts and demand, whole and for each category."""
    whole = _parts(context)[[*food_cost.PARTS]].sum()
    said = [context.write.say(CAUSES[name]) for name in food_cost.PARTS]
    drawn = pd.DataFrame({"cause": said, "points": (whole * 100).round(2).tolist()})
    yield figure(movers(drawn, "cause", "points", title=_changed(context), unit=_points(context), better="down"))
    rows = _rated(context, "category").sort_values("effect", key=abs, ascending=False, kind="stable")
    columns = [_category(context), _OF_WHOLE, *_CHANGE, *_CAUSES]
    yield table("food_cost_change", "Food cost by category", rows, columns, context.write)
    yield sentence(context.write.say("All differences are in percentage points."), "mozg-note")
    yield explained(context.write.say("Why food cost changed"), context.write.say(HOW))


@section("Dishes behind the change", instead=_incomparable)
def by_dish(context: Context) -> Iterator[Block]:
    """The dishes that raised and lowered the food cost of the whole most."""
    rows = _in_points(_dishes(context).join(_parts(context)))
    rows = rows.sort_values("effect", key=abs, ascending=False, kind="stable", ignore_index=True)
    drawn = rows.assign(points=rows["effect"].round(2))
    yield figure(movers(drawn, "dish", "points", title=_mover(rows, context), unit=_points(context), better="down"))
    columns = [DISH, CATEGORY, _OF_WHOLE, *_CAUSES, *metric_columns(("revenue",), compared=True)]
    rows = with_changes(rows, ("revenue",))
    yield table(
        "food_cost_dishes", "Dishes behind the change", rows, columns, context.write, shown=rows.head(MOST_ROWS)
    )


@section("Dishes without a cost", instead=_no_dish)
def costless(context: Context) -> Iterator[Block]:
    """The dishes whose food cost cannot be known, and how much they bring."""
    yield from uncosted(context, _sold(context))


_MARGIN = Column("net_gross_margin", "Gross margin before VAT", "money", head=later("Margin"))
_MARGIN_BEFORE = Column(
    "net_gross_margin_before", "Gross margin before VAT", "money", shown=False, of=later("{label}, before")
)
_FOOD_COST = Column("net_food_cost", "Food cost before VAT", "percent", head=later("Food cost"))
_BEFORE = Column("net_food_cost_before", "Food cost before VAT", "percent", shown=False, of=later("{label}, before"))
_MOVED = Column("change", "Change of food cost, points", "number", signed=True, head=later("change, pp"))
_OF_WHOLE = Column(
    "effect", "Part in the change of the whole, points", "number", signed=True, head=later("Of the whole")
)
_CHANGE = (_FOOD_COST, _BEFORE, _MOVED)
_CAUSES = tuple(
    Column(name, title, "number", signed=True, shown=name != "other", of=later("{label}, points"), head=title)
    for name, title in CAUSES.items()
)


def _columns(context: Context) -> list[Column]:
    compared = context.before is not None
    share = Column("share", "Share of revenue", "percent", head=later("Share"))
    coverage = Column("coverage", "Revenue with a cost", "percent", shown=False)
    tail = [_FOOD_COST, _BEFORE, _MOVED, _MARGIN_BEFORE] if compared else [_FOOD_COST]
    units = Column("units", "Units", "number", shown=False)
    return [*metric_columns(("revenue",), compared=compared), share, _MARGIN, *tail, coverage, units]


def _category(context: Context) -> Column:
    """Return the column of categories; each leads to this report on its dishes alone."""
    alone = context.link("categories", each={"category": "known"})
    return Column("category", "Category", "text", link=None if "category" in dict(context.choices.only) else alone)


def _points(context: Context) -> Any:
    return context.write.unit("number", "points")


def _dishes(context: Context) -> pd.DataFrame:
    """All dishes that were sold in either period, with the sums of both; do not change the frame."""

    def read() -> pd.DataFrame:
        lake = context.answers.lake
        found = dish_sums(lake, context.during, part(context))
        if context.before is not None:
            found = rated.compared(found, dish_sums(lake, context.before, part(context)))
        unknown = context.write.say("Without a category")
        named = [name or unknown for name in found["category"]]
        groups = [unknown if pd.isna(name) else name for name in found["top_group"]]
        return found.assign(known=found["category"].replace({"": None}), category=named, top_group=groups)

    return context.once("compared dishes", read)


def _sold(context: Context) -> pd.DataFrame:
    found = _dishes(context)
    return found[found["units"].notna()]


def _parts(context: Context) -> pd.DataFrame:
    return context.once("parts of food cost", lambda: food_cost.by_dish(_dishes(context)))


def _rated(context: Context, group: str) -> pd.DataFrame:
    """The rating by ``group``, compared with what each did to the food cost of the whole; differences in points."""

    def rate() -> pd.DataFrame:
        found = _dishes(context)
        rows = rated.rating(found, group).rename(columns=_METRICS)
        first = found.groupby(group, as_index=False, sort=False)["known"].first()
        rows = rows.merge(first, on=group)
        if context.before is None:
            return rows
        effects = found[[group]].join(_parts(context)["effect"]).groupby(group, as_index=False)["effect"].sum()
        return _in_points(with_changes(rows.merge(effects, on=group), ("revenue",)))

    return context.once(f"rated by {group}", rate)


def _in_points(rows: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in ("change", "effect", *food_cost.PARTS) if name in rows]
    return rows.assign(**{name: rows[name].astype(float) * 100 for name in names})


def _whole(context: Context) -> food_cost.Split:
    def tell() -> food_cost.Split:
        found = _dishes(context)
        return food_cost.split(found if context.before else rated.alone(found))

    return context.once("split", tell)


def _changed(context: Context) -> str:
    """Say how the food cost of the whole changed, and what did most of it."""
    write, whole = context.write, _whole(context)
    if whole.now is None:
        return write.say("No dish has a cost.").rstrip(".")
    now = write.percent(float(whole.now))
    if whole.change is None:
        return write.say("Food cost is {now} of revenue before VAT", now=now)
    change = float(whole.change)
    if round(change * 100, 1) == 0:
        return write.say("Food cost stayed at {now}", now=now)
    parts = {name: float(getattr(whole, name)) for name in food_cost.PARTS}
    name = (max if change > 0 else min)(parts, key=lambda one: parts[one])
    points = write.difference(abs(change), "share").lstrip("+")
    told = {"points": points, "now": now, "cause": write.say(CAUSES[name]).lower()}
    told["effect"] = write.difference(parts[name], "share")
    if change > 0:
        return write.say("Food cost rose by {points} to {now}, most of it: {cause} ({effect})", **told)
    return write.say("Food cost fell by {points} to {now}, most of it: {cause} ({effect})", **told)


def _leader(rows: pd.DataFrame, context: Context) -> str:
    row = rows.iloc[0]
    share = None if pd.isna(row["share"]) else float(row["share"])
    return context.write.say(
        "{name} brought {share} of revenue", name=row["category"], share=context.write.percent(share)
    )


def _mover(rows: pd.DataFrame, context: Context) -> str:
    row = rows.iloc[0]
    effect = context.write.difference(row["effect"] / 100, "share")
    return context.write.say("{name} moved food cost most: {effect}", name=row["dish"], effect=effect)
