"""The sections of the digest of yesterday: what a manager reads at eight in the morning."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd

from mozg.analysis import sales as say
from mozg.analysis.change import changes, number
from mozg.analysis.days import beside_usual, needed_for_usual
from mozg.analysis.movement import movements
from mozg.analysis.plan_fact import plan_fact, with_deviation
from mozg.language import later
from mozg.metrics import METRICS, Period, Plan
from mozg.pages.blocks import Block, sentence
from mozg.pages.context import Context
from mozg.pages.links import further
from mozg.pages.parts import largest_first, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, with_changes
from mozg.pages.tiles import tiles

HEADLINE = (
    "revenue", "checks", "guests", "average_check", "average_per_guest", "depth", "kitchen_revenue", "bar_revenue",
)  # fmt: skip
ATTENTION = ("discount_rate", "void_rate", "void_checks_amount", "refunded_amount", "on_the_house")
OF_VENUES = ("revenue", "checks", "guests", "average_check")
WEEKS = 4


@section("Yesterday in short")
def in_short(context: Context) -> Iterator[Block]:
    """What the day brought beside the same weekday a week before, its usual, the plan and last year."""
    before = context.during.back(timedelta(weeks=1))
    found = changes(context.ask_of(context.during, HEADLINE, (), before), HEADLINE)
    days = _days(context)
    yield sentence(say.what_changed(found, context.write))
    yield sentence(_beside(before, context), "mozg-note")
    yield sentence(" ".join(filter(None, (_usual(context), _planned(context), _last_year(context)))), "mozg-note")
    yield tiles([(found[name], list(days[name])) for name in HEADLINE if found[name].now is not None], context.write)


@section("The month so far")
def month_to_date(context: Context) -> Iterator[Block]:
    """The month to this day beside its plan and the same days of last year."""
    last = context.during.last
    month = Period(last.replace(day=1), last)
    year_ago = month.back(timedelta(days=364))
    before = None if context.begins_inside(year_ago) else year_ago
    found = changes(context.ask_of(month, OF_VENUES, (), before), OF_VENUES)
    yield sentence(say.what_changed(found, context.write))
    if before is not None and found["revenue"].before is not None:
        span = context.write.span(before)
        yield sentence(context.write.say("Beside the same weekdays of last year, {span}.", span=span), "mozg-note")
    days = context.ask_of(month, ("revenue",), ("venue", "business_date"), _plan(month))
    reached = plan_fact(days, "revenue", last)
    if reached.completion is not None:
        share = context.write.percent(reached.completion)
        gap = context.write.difference(float(reached.deviation), "money")
        yield sentence(context.write.say("The month is {share} of its plan: {amount}.", share=share, amount=gap))


@section("Venues of the day")
def by_venue(context: Context) -> Iterator[Block]:
    """Each venue beside the same weekday a week before and beside its plan, the furthest below first."""
    before = context.during.back(timedelta(weeks=1))
    venues = with_changes(context.ask_of(context.during, _SHORT, ("venue",), before), _SHORT)
    plan = context.ask_of(context.during, ("revenue",), ("venue",), _plan(context.during))
    completions = with_deviation(plan, "revenue").set_index("venue")["completion"]
    rows = venues.dropna(subset="venue").assign(completion=venues["venue"].map(completions))
    rows = rows.sort_values("revenue_change", kind="stable", na_position="last")
    columns = [venue_column(context), *metric_columns(_SHORT, compared=True), _COMPLETION]
    yield table("digest_venues", "Venues of the day", rows, columns, context.write)


@section("What needs a look")
def attention(context: Context) -> Iterator[Block]:
    """Discounts, voids, refunds and what was on the house, beside the four weeks before; what was nothing, not."""
    weeks = Period(context.during.first - timedelta(weeks=WEEKS), context.during.first - timedelta(days=1))
    rates = [name for name in ATTENTION if name.endswith("_rate")]
    now, usual = (context.ask_of(period, ATTENTION, ()) for period in (context.during, weeks))
    days = max(len(weeks) / len(context.during), 1)
    rows = pd.DataFrame(
        [(name, number(now.iloc[0][name]), _per_day(usual.iloc[0][name], name in rates, days)) for name in ATTENTION],
        columns=["metric", "now", "usual"],
        dtype=object,
    )
    yield sentence(_losses(rows, context))
    yield further(context, context.link("losses"), context.link("records"), context.link("revenue_by_day"))


@section("Dishes of the day")
def dishes(context: Context) -> Iterator[Block]:
    """The dishes that rose and fell most against the same weekday a week before."""
    before = context.during.back(timedelta(weeks=1))
    rows = context.ask_of(context.during, ("revenue", "units"), ("dish",), before).dropna(subset="dish")
    moves = movements(rows)
    yield sentence(say.movers_title(moves, context.write))
    best = largest_first(moves, "dish", "delta")
    ends = best if len(best) <= 2 * _ENDS else pd.concat([best.head(_ENDS), best.tail(_ENDS)])
    columns = [
        Column("dish", "Dish", "text"),
        Column("revenue", "Revenue", "money"),
        Column("revenue_before", "Revenue", "money", of=later("{label}, before")),
        Column("delta", "Change", "money", signed=True),
        Column("units", "Units", "number"),
    ]
    yield table("digest_dishes", "Dishes of the day", best, columns, context.write, shown=ends)


_DAY = ("business_date",)
_ENDS = 5
_SHORT = ("revenue", "checks", "average_check")
_COMPLETION = Column("completion", "Fact of plan", "percent")


def _plan(period: Period) -> Plan:
    return Plan(period.first, period.last)


def _days(context: Context) -> pd.DataFrame:
    """The days that the tiles' lines show, and that tell what such a weekday usually brings."""
    return context.ask_of(needed_for_usual(context.during), HEADLINE, _DAY)


def _beside(before: Period, context: Context) -> str:
    return context.write.say("Beside the same weekday a week before, {day}.", day=context.write.day(before.first))


def _usual(context: Context) -> str:
    rows = beside_usual(_days(context), "revenue")
    day = rows[rows["business_date"] == context.during.last]
    if day.empty or pd.isna(day.iloc[0]["ratio"]):
        return ""
    return context.write.say(
        "{share} on what such a weekday brought on average in the four weeks before.",
        share=context.write.growth(float(day.iloc[0]["ratio"])),
    )


def _planned(context: Context) -> str:
    days = context.ask_of(context.during, ("revenue",), ("venue", "business_date"), _plan(context.during))
    reached = plan_fact(days, "revenue", context.during.last)
    if reached.completion is None:
        return ""
    return context.write.say("{share} of the plan.", share=context.write.percent(reached.completion))


def _last_year(context: Context) -> str:
    found = changes(
        context.ask_of(context.during, ("revenue",), (), context.during.back(timedelta(days=364))), ("revenue",)
    )["revenue"]
    if found.ratio is None:
        return ""
    return context.write.say("{share} on last year.", share=context.write.growth(found.ratio))


def _per_day(value: object, rate: bool, days: float) -> float | None:
    known = number(value)
    return None if known is None else float(known) if rate else float(known) / days


def _losses(rows: pd.DataFrame, context: Context) -> str:
    told = []
    for row in rows.to_dict("records"):
        if not row["now"]:
            continue
        metric = METRICS[row["metric"]]
        now = context.write.value(float(row["now"]), metric.unit)
        usual = context.write.value(row["usual"], metric.unit) if row["usual"] is not None else "—"
        title = context.write.say(metric.title)
        told.append(context.write.say("{metric} {value} (usually {usual})", metric=title, value=now, usual=usual))
    return "; ".join(told) + "." if told else context.write.say("Nothing was taken off.")
