"""What all menu reports start from: dishes, their weeks, and what is not known of them."""

from collections.abc import Iterator

import pandas as pd

from mozg.analysis.menu.dishes import dishes_of, without_cost
from mozg.analysis.menu.rating import total
from mozg.language import later
from mozg.metrics.menu import dish_weeks, without_product
from mozg.metrics.narrowing import Part
from mozg.pages.blocks import Block, sentence
from mozg.pages.context import Context
from mozg.pages.tables import Column, table

MOST_ROWS = 20
CATEGORY = Column("category", "Category", "text")
DISH = Column("dish", "Dish", "text")
UNITS = Column("units", "Units", "number")
REVENUE = Column("revenue", "Revenue", "money")
MARGIN = Column("margin", "Gross margin before VAT", "money", head=later("Margin"))
FOOD_COST = Column("food_cost", "Food cost before VAT", "percent", head=later("Food cost"), follows="net_food_cost")
HOW_MARGIN = later(
    "Revenue without VAT less the recipe cost on the day of the sale, of the lines whose cost is known. A dish without "
    "a cost has no margin and no letter for it."
)
HOW_DAYS = later(
    "Days on which the venue traded and the dish was on its menu, less the part of their hours for which it was on the "
    "stop list. A dish is on the menu between two sales that lie at most 28 days apart."
)


def part(context: Context) -> Part:
    """Return the part of the chain that the page is about."""
    chosen = tuple(id_ for id_, name in context.allowed.items() if name in context.venues)
    return Part(chosen, dict(context.choices.only))


def weeks(context: Context) -> pd.DataFrame:
    """Return the dishes of the period week by week; do not change the frame."""
    return context.once(
        "dish weeks", lambda: named(dish_weeks(context.answers.lake, context.during, part(context)), context)
    )


def dishes(context: Context) -> pd.DataFrame:
    """Return the dishes that were sold in the period; do not change the frame."""
    return context.once("dishes", lambda: dishes_of(weeks(context)))


def named(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Call the category of each dish that has none."""
    unknown = context.write.say("Without a category")
    return rows.assign(category=[name or unknown for name in rows["category"]])


def dish_column(context: Context) -> Column:
    """Return the column of dishes; each leads to what stands on the same checks."""
    return Column("dish", "Dish", "text", link=context.link("companions", each={"dish": "dish"}))


def pair(context: Context, low: str, high: str, usual: tuple[int, int]) -> tuple[int, int]:
    """Return two borders as the page was asked for them."""
    return int(context.options.get(low, usual[0])), int(context.options.get(high, usual[1]))


def nothing_sold(context: Context) -> Block | None:
    """Return the block that stands where no dish was sold; for `section`."""
    return no_dish(context) if dishes(context).empty else None


def no_dish(context: Context) -> Block:
    """Return the block that says that no dish was sold."""
    return sentence(context.write.say("No dish was sold in this period."), "mozg-empty muted", empty=True)


def gaps(context: Context, found: pd.DataFrame | None = None) -> Iterator[Block]:
    """Yield what is not known: dishes without a cost, revenue whose VAT no till tells, lines without a dish.

    ``found`` are the dishes with their sums, by default `dishes`.
    """
    for text in _gaps(context, dishes(context) if found is None else found):
        yield sentence(text, "mozg-note")


def uncosted(context: Context, found: pd.DataFrame | None = None) -> Iterator[Block]:
    """Yield the table of dishes whose cost is not known, the most revenue first; ``found`` as for `gaps`."""
    rows = without_cost(dishes(context) if found is None else found)
    if rows.empty:
        yield sentence(context.write.say("The cost of every dish is known."), "muted")
        return
    columns = [DISH, CATEGORY, REVENUE, Column("uncosted", "Revenue without a cost", "money")]
    yield table("without_cost", "Dishes without a cost", rows, columns, context.write, shown=rows.head(MOST_ROWS))


def _gaps(context: Context, found: pd.DataFrame) -> Iterator[str]:
    write = context.write
    rows = without_cost(found)
    if len(rows):
        amount = write.value(float(rows["uncosted"].sum()), "money")
        names = write.names(rows["dish"].head(3))
        yield write.count(
            "{n} dish has no cost for {amount} of revenue: {names}.",
            "{n} dishes have no cost for {amount} of revenue, first of all {names}.",
            len(rows),
            amount=amount,
            names=names,
        )
    untaxed = total(found["untaxed"])
    if untaxed:
        amount = write.value(float(untaxed), "money")
        yield write.say("The tills do not tell the VAT of {amount}: its margin includes VAT.", amount=amount)
    lost = without_product(context.answers.lake, context.during, part(context)).iloc[0]
    if lost["lines"]:
        amount = write.value(float(lost["revenue"] or 0), "money")
        yield write.say("{amount} was sold in lines without a dish and is not in this report.", amount=amount)
