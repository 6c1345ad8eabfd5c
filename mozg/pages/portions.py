"""The section on portions: how many of each dish guests have, where a unit at the till is more or less than one."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from mozg.analysis.menu.portions import by_group, with_portions
from mozg.charts import ranked_bars
from mozg.language import later
from mozg.metrics.portions import dish_units, visits
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import CATEGORY, MOST_ROWS, dish_column, named, no_dish, part
from mozg.pages.section import section
from mozg.pages.tables import Column, table

HOW_PORTIONS = later(
    "What was sold at the till × portion coefficient, which says how many portions one unit is: 5 for a bottle, 0 for "
    "a box, 1 where nobody has set it. Per check: portions on closed checks ÷ all checks. Per guest: portions on "
    "checks with a guest count ÷ guests. The price of a portion is revenue ÷ portions, VAT included."
)
_SOLD = Column("sold", "Sold at the till", "number", head=later("Sold"))
_COEFFICIENT = Column("coefficient", "Portions in a unit", "number", head=later("In a unit"))
_PORTIONS = Column("portions", "Portions", "number")
_PER_CHECKS = Column("per_100_checks", "Portions per 100 checks", "number", head=later("Per 100 checks"))
_PER_GUESTS = Column("per_100_guests", "Portions per 100 guests", "number", head=later("Per 100 guests"))
_PRICE = Column("portion_price", "Price of a portion", "money", head=later("A portion"))


def _no_dish(context: Context) -> Block | None:
    return no_dish(context) if _sold(context).empty else None


@section("Portions of a guest", instead=_no_dish)
def of_guests(context: Context) -> Iterator[Block]:
    """How many portions a guest and a check have, by category and dish."""
    sold = _sold(context)
    yield sentence(_depth(sold, context))
    if sold["coefficient"].isna().all():
        yield sentence(_unset(context), "mozg-note")
    groups, dishes = (_grouped(sold, by, context) for by in (["category"], ["category", "dish"]))
    by, title = _leader(groups, context)
    yield figure(ranked_bars(groups, "category", by, title=title, unit=context.write.plain))
    counted = (
        [_PORTIONS, _PER_CHECKS, _PER_GUESTS, _PRICE] if _has_guests(context) else [_PORTIONS, _PER_CHECKS, _PRICE]
    )
    yield table("portions_by_category", "Portions by category", groups, [CATEGORY, _SOLD, *counted], context.write)
    columns = [dish_column(context), CATEGORY, _SOLD, _COEFFICIENT, *counted]
    yield table("portions", "Portions by dish", dishes, columns, context.write, shown=dishes.head(MOST_ROWS))
    yield explained(context.write.say("Portions"), context.write.say(HOW_PORTIONS))


def _sold(context: Context) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        return named(dish_units(context.answers.lake, context.during, part(context)), context)

    return context.once("dish units", read)


def _visits(context: Context) -> Any:
    return context.once("visits", lambda: visits(context.answers.lake, context.during, part(context)).iloc[0])


def _has_guests(context: Context) -> bool:
    return bool(pd.notna(_visits(context)["guests"]) and _visits(context)["guests"])


def _grouped(sold: pd.DataFrame, by: Sequence[str], context: Context) -> pd.DataFrame:
    seen = _visits(context)
    found = by_group(with_portions(sold), seen["checks"], seen["guests"], by)
    return found.rename(columns={"units": "sold"})


def _depth(sold: pd.DataFrame, context: Context) -> str:
    """Say how many portions a guest and a check have."""
    write, row = context.write, _grouped(sold.assign(all=""), ["all"], context).iloc[0]
    check, guest = (write.value(row[name] / 100, "number") for name in ("per_100_checks", "per_100_guests"))
    if not _has_guests(context):
        return write.say("Portions on a check: {check}.", check=check)
    return write.say("Portions of a guest: {guest}; on a check: {check}.", guest=guest, check=check)


def _unset(context: Context) -> str:
    return context.write.say(
        "A unit of every dish counts as one portion. To change that for bottles or platters: {command}",
        command="mozg menu portions",
    )


def _leader(groups: pd.DataFrame, context: Context) -> tuple[str, str]:
    """Return the column to rank by, and the sentence on the category that leads."""
    by = "per_100_guests" if _has_guests(context) else "per_100_checks"
    first = groups.iloc[int(groups[by].astype(float).argmax())]
    told = {"name": first["category"], "n": context.write.value(float(first[by]), "number")}
    if by == "per_100_guests":
        return by, context.write.say("{name}: {n} portions per 100 guests", **told)
    return by, context.write.say("{name}: {n} portions per 100 checks", **told)
