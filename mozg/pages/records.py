"""The sections of records and worst days: the best days ever, and the days that fell short of their usual."""

from collections.abc import Iterator

import pandas as pd

from mozg.analysis.days import beside_usual, broken, needed_for_usual, records
from mozg.charts import movers
from mozg.language import later
from mozg.metrics import Period
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.holidays import holidays_of
from mozg.pages.parts import MOST_ROWS, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table

NAMES = ("revenue", "checks", "average_check")
USUAL = later("The average of the same weekday in the four weeks before.")
_DAY = Column("business_date", "Day", "date")
_OFF = (
    Column("usual", "Usually", "money"),
    Column("off", "Off the usual", "money", signed=True),
    Column("ratio", "Off the usual, %", "percent", signed=True),
    Column("holiday", "Holiday", "text"),
)


@section("Records of all time")
def of_all_time(context: Context) -> Iterator[Block]:
    """The best day that each venue ever had, and which of them fell into this period."""
    daily = _all_days(context)
    best, new = records(daily, "revenue", "venue"), broken(daily, "revenue", "venue", context.during)
    if best.empty:
        yield sentence(context.write.say("No revenue in this period"), "mozg-empty muted", empty=True)
        return
    yield sentence(_broken(new, context))
    columns = [venue_column(context), _DAY, *metric_columns(("revenue",))]
    yield table("records", "The best day of each venue", best, columns, context.write, shown=best.head(MOST_ROWS))


@section("The worst days")
def worst_days(context: Context) -> Iterator[Block]:
    """The days that fell furthest below what such a weekday usually brings."""
    rows = _beside_usual(context)
    worst = rows[rows["off"] < 0].sort_values("ratio", kind="stable")
    if worst.empty:
        yield sentence(context.write.say("No day fell below its usual."), "muted")
        return
    yield figure(movers(_named(rows, context), "name", "off", title=_title(worst, context), unit=context.write.money))
    columns = [_DAY, *metric_columns(NAMES), *_OFF]
    yield table("worst_days", "Days below their usual", worst, columns, context.write, shown=worst.head(MOST_ROWS))
    yield explained(context.write.say("Usually"), context.write.say(USUAL))


@section("The best days")
def best_days(context: Context) -> Iterator[Block]:
    """The days of the period by revenue, the best first, each beside its usual."""
    rows = _beside_usual(context).sort_values("revenue", ascending=False, kind="stable", na_position="last")
    columns = [_DAY, *metric_columns(NAMES), *_OFF]
    yield table("best_days", "The best days", rows, columns, context.write, shown=rows.head(MOST_ROWS))


@section("Venues that fell short")
def venues_short(context: Context) -> Iterator[Block]:
    """Days of single venues that brought much less than usual."""
    needed = needed_for_usual(context.during)
    daily = context.ask_of(needed, NAMES, ("venue", "business_date")).dropna(subset="venue")
    parts = [_within(beside_usual(part, "revenue"), context.during) for _, part in daily.groupby("venue")]
    rows = pd.concat(parts, ignore_index=True) if parts else daily
    short = rows[rows["off"] < 0].sort_values("off", kind="stable") if parts else rows
    if short.empty:
        yield sentence(context.write.say("No venue fell below its usual."), "muted")
        return
    columns = [venue_column(context), _DAY, *metric_columns(NAMES), *_OFF[:3]]
    yield table(
        "venues_short", "Days of venues below their usual", short, columns, context.write, shown=short.head(MOST_ROWS)
    )


def _all_days(context: Context) -> pd.DataFrame:
    span = context.answers.span()
    whole = Period(span[0], max(span[0], context.during.last)) if span else context.during
    return context.ask_of(whole, ("revenue",), ("venue", "business_date")).dropna(subset="venue")


def _beside_usual(context: Context) -> pd.DataFrame:
    daily = context.ask_of(needed_for_usual(context.during), NAMES, ("business_date",))
    rows = _within(beside_usual(daily, "revenue"), context.during)
    marked = holidays_of(context.owner.country, context.during, context.write.language)
    return rows.assign(holiday=[marked.get(day, "") for day in rows["business_date"]])


def _within(rows: pd.DataFrame, during: Period) -> pd.DataFrame:
    return rows[rows["business_date"].between(during.first, during.last)].reset_index(drop=True)


def _named(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    return rows.assign(name=[context.write.day(day) for day in rows["business_date"]])


def _broken(new: pd.DataFrame, context: Context) -> str:
    if new.empty:
        return context.write.say("No venue broke its record of revenue in this period.")
    row, count, write = new.iloc[0], len(new), context.write
    amount, day = context.write.value(float(row["revenue"]), "money"), context.write.day(row["business_date"])
    if count == 1:
        return write.say("{venue} broke its record: {amount} on {day}.", venue=row["venue"], amount=amount, day=day)
    return context.write.count(
        "{n} venue broke its record; the largest is {venue}: {amount} on {day}.",
        "{n} venues broke their records; the largest is {venue}: {amount} on {day}.",
        count,
        venue=row["venue"],
        amount=amount,
        day=day,
    )


def _title(worst: pd.DataFrame, context: Context) -> str:
    row = worst.iloc[0]
    day, share = context.write.day(row["business_date"]), context.write.percent(abs(float(row["ratio"])))
    return context.write.say("{day} brought {share} less than such a weekday usually does", day=day, share=share)
