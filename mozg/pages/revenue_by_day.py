"""The sections of revenue by day: fact beside plan, by day and venue, and where the month will end."""

from calendar import monthrange
from collections.abc import Iterator

import pandas as pd

from mozg.analysis.plan_fact import PlanFact, plan_fact, planned_days, with_deviation
from mozg.language import later
from mozg.metrics import Period, Plan
from mozg.pages.blocks import Block, sentence
from mozg.pages.channels import named_channels
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.parts import DAY, by_date, largest_first, parts_table, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table

NO_PLAN = later("No plan has been entered for these days: it comes from a file, or from the year before.")
HOW = later(
    "The fact of days that have a plan, less the plan of the same days. Days to come count in neither; the end of the "
    "month is the fact so far and the rest of its plan, by the completion so far."
)
_PLAN = Column("revenue_before", "Revenue", "money", of=later("{label}, plan"))
_DEVIATION = Column("deviation", "Deviation from plan", "money", signed=True)
_COMPLETION = Column("completion", "Fact of plan", "percent")


@section("Fact and plan in short")
def in_short(context: Context) -> Iterator[Block]:
    """How much of the plan was reached, and where the month will end."""
    found = plan_fact(_days_of(context, context.during), "revenue", context.during.last)
    if not found.days:
        yield sentence(context.write.say(NO_PLAN))
        return
    yield sentence(_reached(found, context))
    yield sentence(_month_end(context), "mozg-note")
    yield explained(context.write.say("Deviation from plan"), context.write.say(HOW))


@section("Day by day")
def day_by_day(context: Context) -> Iterator[Block]:
    """Each day's fact beside its plan: revenue, deviation, guests, checks and the average check."""
    whole = context.ask_of(context.during, _NAMES, ("business_date",), _plan(context.during))
    days = planned_days(whole, _days_of(context, context.during), "revenue")
    planned = days["planned"].notna().any()
    names = (context.write.say("Fact"), context.write.say("Plan"))
    drawn = days.assign(revenue=days["planned"]) if planned else days
    before = "revenue_before" if planned else None
    yield by_date(context, drawn, "revenue", _worst_day(days, context), before=before, names=names)
    if planned:
        yield sentence(_without_plan(context), "mozg-note muted")
    fact, *others = metric_columns(_NAMES)
    columns = [DAY, fact, *((_PLAN, _DEVIATION, _COMPLETION) if planned else ()), *others]
    yield table("revenue_by_day", "Revenue by day", days, columns, context.write)


@section("Venues and their plan")
def by_venue(context: Context) -> Iterator[Block]:
    """How each venue stands against its plan, the furthest behind first."""
    venues = with_deviation(context.ask_of(context.during, _NAMES, ("venue",), _plan(context.during)), "revenue")
    if not venues["revenue_before"].notna().any():
        yield sentence(context.write.say(NO_PLAN), "muted")
        return
    rows = venues.dropna(subset="venue").sort_values("deviation", kind="stable", na_position="last")
    fact, *others = metric_columns(_NAMES)
    columns = [venue_column(context), fact, _PLAN, _DEVIATION, _COMPLETION, others[0], others[-1]]
    yield table("plan_by_venue", "Venues by deviation from plan", rows, columns, context.write)


@section("Halls and channels")
def by_place(context: Context) -> Iterator[Block]:
    """What each part of the restaurants that guests see brought, and each way of selling."""
    halls = largest_first(context.ask(_NAMES, ("hall",)), "hall", "revenue")
    if len(halls):
        yield parts_table(context, "by_hall", "Revenue by hall", halls, Column("hall", "Hall", "text"), _NAMES)
    channels = named_channels(largest_first(context.ask(_NAMES, ("channel",)), "channel", "revenue"), context)
    if len(channels):
        first = Column("channel", "Channel", "text")
        yield parts_table(context, "by_channel", "Revenue by channel", channels, first, _NAMES)


_NAMES = ("revenue", "guests", "checks", "average_check")


def _plan(period: Period) -> Plan:
    return Plan(period.first, period.last)


def _days_of(context: Context, during: Period) -> pd.DataFrame:
    return context.ask_of(during, ("revenue",), ("venue", "business_date"), _plan(during))


def _reached(found: PlanFact, context: Context) -> str:
    write = context.write
    share, gap = write.percent(found.completion), write.value(float(abs(found.deviation)), "money")
    if found.deviation >= 0:
        return write.say("Revenue is {share} of plan: {amount} above it.", share=share, amount=gap)
    return write.say("Revenue is {share} of plan: {amount} short of it.", share=share, amount=gap)


def _month_end(context: Context) -> str:
    """Say where the month of the last day will end, which is known once the whole month has a plan."""
    last = context.during.last
    month = Period(last.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1]))
    found = plan_fact(_days_of(context, month), "revenue", last)
    if found.expected is None or last == month.last:
        return ""
    whole = float(found.plan + found.ahead)
    return context.write.say(
        "The month to {day} is {share} of plan; at this rate it ends with {amount} of {plan}.",
        day=context.write.day(last),
        share=context.write.percent(found.completion),
        amount=context.write.value(float(found.expected - found.unplanned), "money"),
        plan=context.write.value(whole, "money"),
    )


def _without_plan(context: Context) -> str:
    """Say what the days of venues without a plan brought: it is in the revenue, and not held against the plan."""
    unplanned = plan_fact(_days_of(context, context.during), "revenue", context.during.last).unplanned
    if not unplanned:
        return ""
    amount = context.write.value(float(unplanned), "money")
    return context.write.say(
        "{amount} came from venues without a plan on these days; it is held against no plan.", amount=amount
    )


def _worst_day(days: pd.DataFrame, context: Context) -> str:
    behind = days.dropna(subset=["deviation"])
    if behind.empty:
        return _best_day(days, context)
    row = min(behind.to_dict("records"), key=lambda day: day["deviation"])
    amount = context.write.value(abs(float(row["deviation"])), "money")
    day = context.write.day(row["business_date"])
    if row["deviation"] >= 0:
        return context.write.say("Every day reached its plan")
    return context.write.say("{day} fell furthest behind plan: {amount}", day=day, amount=amount)


def _best_day(days: pd.DataFrame, context: Context) -> str:
    known = days.dropna(subset=["revenue"])
    if known.empty:
        return context.write.say("No revenue in this period")
    row = max(known.to_dict("records"), key=lambda day: day["revenue"])
    amount = context.write.value(float(row["revenue"]), "money")
    return context.write.say(
        "{day} was the best day: {amount}", day=context.write.day(row["business_date"]), amount=amount
    )
