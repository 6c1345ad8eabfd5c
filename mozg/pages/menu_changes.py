"""The sections of menu changes: what came and what left, which prices changed, and what followed."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from mozg.analysis.menu.changes import QUIET_DAYS, came_and_went
from mozg.analysis.menu.exact import exacts, floats, known_sum, ratio
from mozg.analysis.menu.prices import CONFIDENCE, what_followed
from mozg.analysis.menu.worksheet import LEAST_DAYS, is_young
from mozg.charts import movers
from mozg.language import later
from mozg.metrics.menu import lives
from mozg.metrics.prices import WEEKS, price_steps
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import (
    CATEGORY,
    HOW_DAYS,
    MARGIN,
    MOST_ROWS,
    REVENUE,
    UNITS,
    dish_column,
    dishes,
    named,
    nothing_sold,
    part,
)
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table

HOW_NEW = later(
    "New: nobody bought it before the period, and its venue had been selling for {quiet} days by then. Withdrawn: last "
    "sold in the period, and not in the {quiet} days before its end. A dish is told apart by its name and category."
)
HOW_BESIDE = later(
    "Units per day for sale ÷ the same of all dishes of its category together, divided by their number: above 100 % it "
    "sells more than the average dish beside it."
)
HOW_PRICE = later(
    "What a unit cost before discounts. A change is a step of at least 1 % between prices that were steady for five "
    "days of sale on both sides; over venues, prices are weighed with the units before."
)
HOW_RESPONSE = later(
    "Units per day for sale after ÷ before, over up to {weeks} whole weeks on each side, divided by the same of those "
    "dishes of the category whose prices stayed, less 1. “Fewer” and “more” are said only where the {confidence} "
    "interval covers no zero, and nothing where no price beside it stayed. Card and Krueger (1994)."
)
VERDICTS = {
    "fewer": later("sells less"),
    "more": later("sells more"),
    "same": later("no difference to be told"),
    "early": later("too early to tell"),
    "alone": later("all prices beside it moved too"),
}
_JUDGED = ("fewer", "more", "same")
#: Findings first.
_ORDER = tuple(VERDICTS)


@section("Changes in short", instead=nothing_sold)
def in_short(context: Context) -> Iterator[Block]:
    """How many dishes came and went, and how many prices changed."""
    yield sentence(" ".join(_counts(context)))
    if told := _strongest(context):
        yield sentence(told)


@section("New dishes")
def new(context: Context) -> Iterator[Block]:
    """What came to the menu, and how it sells beside its category."""
    rows = _new(context)
    if rows.empty:
        yield sentence(context.write.say("No dish is new."), "muted", empty=dishes(context).empty)
        return
    more = replace(UNITS, shown=False), replace(MARGIN, shown=False)
    columns = [dish_column(context), CATEGORY, _FIRST, _DAYS, _A_DAY, _BESIDE, REVENUE, _YET, *more]
    yield table("new_dishes", "New dishes", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    young = int(rows["young"].sum())
    if young:
        yield sentence(_too_young(young, context), "mozg-note")
    say = context.write.say
    yield explained(say("New dishes"), say(HOW_NEW, quiet=_quiet(context)))
    yield explained(say("Of the average dish"), say(HOW_BESIDE))
    yield explained(say("Days for sale"), say(HOW_DAYS))


@section("Withdrawn dishes")
def withdrawn(context: Context) -> Iterator[Block]:
    """What left the menu, and what it brought in its last weeks."""
    rows = _withdrawn(context)
    if rows.empty:
        yield sentence(context.write.say("No dish was withdrawn."), "muted", empty=dishes(context).empty)
        return
    columns = [dish_column(context), CATEGORY, _LAST, _LAST_UNITS, _LAST_REVENUE, _FIRST_EVER]
    yield table("withdrawn_dishes", "Withdrawn dishes", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    yield explained(context.write.say("Withdrawn dishes"), context.write.say(HOW_NEW, quiet=_quiet(context)))


@section("Price changes and what followed")
def prices(context: Context) -> Iterator[Block]:
    """Each change of a menu price, and whether its dish sells less since."""
    rows = _followed(context)
    if rows.empty:
        yield sentence(context.write.say("No price changed."), "muted", empty=dishes(context).empty)
        return
    judged = rows[rows["verdict"].isin(("fewer", "more"))]
    if len(judged):
        named = judged.assign(name=judged["dish"], delta=judged["response"].astype(float))
        title = _strongest(context) or ""
        yield figure(movers(named, "name", "delta", title=title, unit=context.write.unit("share")))
    columns = [dish_column(context), CATEGORY, *_PRICES]
    yield table("price_changes", "Price changes", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    say, confidence = context.write.say, context.write.percent(CONFIDENCE)
    yield explained(say("Price of a unit"), say(HOW_PRICE))
    yield explained(say("Demand since"), say(HOW_RESPONSE, weeks=WEEKS, confidence=confidence))
    yield further(context, context.link("menu_engineering"), context.link("menu"))


_FIRST = Column("first_sold", "First sold", "date")
_DAYS = Column("days", "Days for sale", "number")
_A_DAY = Column("a_day", "Units a day for sale", "number", head=later("Units a day"))
_BESIDE = Column("beside", "Of the average dish", "percent")
_YET = Column("yet", "Can it be judged", "text", head=later("Judged"))
_LAST = Column("last_sold", "Last sold", "date")
_LAST_UNITS = Column("last_units", "Units of its last four weeks", "number")
_LAST_REVENUE = Column("last_revenue", "Revenue of its last four weeks", "money")
_FIRST_EVER = Column("first_sold", "First sold", "date", shown=False)
_PRICES = (
    Column("changed_on", "Since", "date"),
    Column("price_before", "Price before", "money", head=later("Before")),
    Column("price", "Price of a unit", "money", head=later("Price")),
    Column("price_change", "Price change", "percent", signed=True, head=later("change")),
    Column("response", "Demand since", "percent", signed=True),
    Column("said", "What can be told", "text"),
    Column("margin_a_day", "Margin a day, difference", "money", signed=True, head=later("Margin a day")),
    Column("response_low", "Demand since, at least", "percent", signed=True, shown=False),
    Column("response_high", "Demand since, at most", "percent", signed=True, shown=False),
    Column("elasticity", "Elasticity", "number", shown=False),
    Column("venues", "Venues", "integer", shown=False),
    Column("units_before", "Units before", "number", shown=False),
    Column("units", "Units since", "number", shown=False),
    Column("days_before", "Days for sale before", "number", shown=False),
    Column("days", "Days for sale since", "number", shown=False),
    Column("others_before", "Units beside it before", "number", shown=False),
    Column("others", "Units beside it since", "number", shown=False),
)


def _quiet(context: Context) -> int:
    return int(context.options.get("quiet_days", QUIET_DAYS))


def _lives(context: Context) -> pd.DataFrame:
    """All dishes ever sold, with what became of them; the category of those that have none is called."""

    def tell() -> pd.DataFrame:
        rows = lives(context.answers.lake, context.during, part(context))
        return named(came_and_went(rows, context.during, _quiet(context)), context)

    return context.once("lives", tell)


def _new(context: Context) -> pd.DataFrame:
    """The new dishes with what they sell, the best beside its category first."""
    found = _lives(context)
    found = found[found["life"].isin(("new", "both"))]
    sold = _beside(dishes(context))
    rows = found[["category", "dish", "first_sold"]].merge(sold, on=["category", "dish"], how="inner")
    rows = rows.assign(young=is_young(rows))
    yes, no = context.write.say("yes"), context.write.say("too early")
    rows = rows.assign(yet=[no if young else yes for young in rows["young"]])
    return rows.sort_values(["young", "beside"], ascending=[True, False], kind="stable", ignore_index=True)


def _beside(sold: pd.DataFrame) -> pd.DataFrame:
    """Add units per day for sale, and how that compares with the average dish of the category."""
    units, days = exacts(sold["units"]), exacts(sold["days"])
    rates = pd.Series([ratio(part, whole) for part, whole in zip(units, days, strict=True)], sold.index, dtype=object)
    means = rates.groupby(sold["category"]).transform(lambda part: known_sum(part) / max(part.notna().sum(), 1))
    compared = [ratio(rate, mean) for rate, mean in zip(rates, means, strict=True)]
    return sold.assign(a_day=floats(rates, sold), beside=floats(compared, sold))


def _withdrawn(context: Context) -> pd.DataFrame:
    found = _lives(context)
    gone = found["life"].isin(("withdrawn", "both")) & (found["last_sold"] >= context.during.first)
    return found[gone].sort_values("last_revenue", ascending=False, kind="stable", na_position="last")


def _followed(context: Context) -> pd.DataFrame:
    """The changes of prices with what can be told of them, findings first."""

    def tell() -> pd.DataFrame:
        steps = named(price_steps(context.answers.lake, context.during, part(context)), context)
        rows = what_followed(steps)
        rows = rows.assign(
            said=pd.Series([context.write.say(VERDICTS[one]) for one in rows["verdict"]], rows.index, dtype=object),
            order=pd.Series([_ORDER.index(one) for one in rows["verdict"]], rows.index, dtype=int),
            weight=rows["response"].astype(float).abs(),
        )
        return rows.sort_values(["order", "weight"], ascending=[True, False], kind="stable", ignore_index=True)

    return context.once("price changes", tell)


def _counts(context: Context) -> Iterator[str]:
    write = context.write
    came, gone, moved = (len(find(context)) for find in (_new, _withdrawn, _followed))
    yield write.count("{n} dish is new.", "{n} dishes are new.", came) if came else write.say("No dish is new.")
    counted = write.count("{n} dish was withdrawn.", "{n} dishes were withdrawn.", gone)
    yield counted if gone else write.say("No dish was withdrawn.")
    counted = write.count("{n} price changed.", "{n} prices changed.", moved)
    yield counted if moved else write.say("No price changed.")


def _too_young(number: int, context: Context) -> str:
    return context.write.count(
        "{n} new dish was for sale on fewer than {least} days: too early to judge.",
        "{n} new dishes were for sale on fewer than {least} days: too early to judge.",
        number,
        least=LEAST_DAYS,
    )


def _strongest(context: Context) -> str | None:
    """Say what followed the change that moved most; None if nothing can be told of any."""
    rows = _followed(context)
    rows = rows[rows["verdict"].isin(_JUDGED)]
    if rows.empty:
        return None
    row, write = rows.iloc[0], context.write
    told = {"dish": row["dish"], "price": write.growth(float(row["price_change"]))}
    if row["verdict"] == "same":
        return write.say("No price change moved demand by more than chance.")
    return write.say(
        "{dish}: price {price}, demand {demand} beside its category",
        **told,
        demand=write.growth(float(row["response"])),
    )
