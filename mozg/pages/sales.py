"""The sections of the sales report. Each asks, lets `mozg.analysis` think, and draws."""

from collections.abc import Iterator, Sequence

import pandas as pd

from mozg.analysis import sales as say
from mozg.analysis import sentences as told
from mozg.analysis.calendar import per_hour, per_week, per_weekday
from mozg.analysis.change import Change, changes
from mozg.analysis.movement import movements
from mozg.charts import compared_lines, heat_map, ranked_bars, stacked_share
from mozg.charts import movers as movers_chart
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.holidays import holidays_of
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, with_changes, workbook_table
from mozg.pages.tiles import tiles

HEADLINE = (
    "revenue", "checks", "guests", "average_check", "average_per_guest", "depth",
    "discounts", "discount_rate", "void_lines_amount", "void_rate",
)  # fmt: skip
LOSSES = ("discounts", "discount_rate", "void_lines", "void_lines_amount", "void_rate")
#: One question in total, one by day and one by venue serve every section that needs any of these.
TOTALS = (*HEADLINE, "bar_share")
DAYS = (*HEADLINE, "kitchen_revenue", "bar_revenue")
VENUES = ("revenue", "checks", "average_check", "depth", *LOSSES)
MOST_DAYS = 62
MOST_ROWS = 20


@section("The period in short")
def headline(context: Context) -> Iterator[Block]:
    """What changed in one sentence, and the headline numbers, each with the line of its days."""
    found, days = _totals(context), _days(context)
    yield sentence(say.what_changed(found, context.write))
    yield tiles([(found[name], list(days[name])) for name in HEADLINE if found[name].now is not None], context.write)


@section("Revenue by day")
def revenue_by_day(context: Context) -> Iterator[Block]:
    """Each day's revenue beside that of the day it is compared with."""
    yield _line(context, "revenue")
    names = ("revenue", "checks", "guests", "average_check")
    columns = [_DAY, *metric_columns(names, compared=_two(context))]
    yield workbook_table(
        "revenue_by_day", "Revenue by day", with_changes(_days(context), names), columns, context.write
    )


@section("Revenue by venue")
def by_venue(context: Context) -> Iterator[Block]:
    """Who brought how much, and how each venue stands."""
    venues = context.ask(VENUES, ("venue",)).sort_values("revenue", ascending=False, kind="stable")
    title = say.leader_title(venues, "venue", context.write)
    before = "revenue_before" if _two(context) else None
    yield figure(ranked_bars(venues, "venue", "revenue", before, title=title, unit=context.write.money, additive=True))
    names = ("revenue", "checks", "average_check", "depth")
    columns = [_venue(context), *metric_columns(names, compared=_two(context))]
    yield table("by_venue", "Venues", with_changes(venues, names), columns, context.write)


@section("When it is busy")
def heat_of_hours(context: Context) -> Iterator[Block]:
    """Checks per hour of an average week: the sum of a weekday's hour ÷ the number of such weekdays."""
    hours = per_hour(context.ask(("checks",), ("weekday", "hour"), compare=False), "checks", context.during)
    title = say.busy_title(hours, context.write)
    yield figure(heat_map(hours, value="checks", title=title, unit=context.write.unit("count", "checks")))
    columns = [Column("name", "Weekday", "text"), Column("hour", "Hour", "integer"), _CHECKS_AN_HOUR]
    yield workbook_table("by_hour", "Checks an hour", _named(hours, context), columns, context.write)
    yield further(context, context.link("tables"))


@section("Kitchen and bar")
def kitchen_and_bar(context: Context) -> Iterator[Block]:
    """How revenue divides between kitchen and bar, by day, or by week in a long period."""
    parts = ("kitchen_revenue", "bar_revenue")
    days = _days(context)
    rows = days if len(context.during) <= MOST_DAYS else per_week(days, parts)
    title = say.share_title(_totals(context)["bar_share"], told.BAR, context.write)
    unit, names = context.write.money, (context.write.say("Kitchen"), context.write.say("Bar"))
    yield figure(stacked_share(rows, "business_date", parts, title=title, unit=unit, names=names))
    yield workbook_table("kitchen_and_bar", "Kitchen and bar", rows, [_DAY, *metric_columns(parts)], context.write)


@section("Checks and guests")
def checks_and_guests(context: Context) -> Iterator[Block]:
    """Checks and guests by day, and what an average weekday brings."""
    yield _line(context, "checks")
    counted = _totals(context)["guests"].now is not None
    yield _line(context, "guests") if counted else sentence(context.write.say("The till counts no guests."), "muted")
    names = ("checks", "guests") if counted else ("checks",)
    weekdays = _weekdays(context, names)
    columns = [Column("name", "Weekday", "text"), *metric_columns(names, compared=_two(context))]
    yield table("weekdays", "An average weekday", with_changes(weekdays, names), columns, context.write)


@section("Discounts and voids")
def discounts_and_voids(context: Context) -> Iterator[Block]:
    """What was taken off checks, by venue and by waiter."""
    found = _totals(context)
    losses = [
        say.share_title(found["discount_rate"], told.DISCOUNTS, context.write),
        say.share_title(found["void_rate"], told.VOIDS, context.write),
    ]
    yield sentence("; ".join(losses).rstrip(".") + ".")  # an abbreviation's dot ends a sentence, too
    venues = context.ask(VENUES, ("venue",)).sort_values("discounts", ascending=False, kind="stable")
    yield table("losses_by_venue", "By venue", venues, [_venue(context), *metric_columns(LOSSES)], context.write)
    waiters = context.ask((*LOSSES, "revenue"), ("waiter",), compare=False)
    waiters = waiters.dropna(subset="waiter").sort_values("void_lines_amount", ascending=False, kind="stable")
    columns = [Column("waiter", "Waiter", "text"), *metric_columns(("revenue", *LOSSES))]
    yield table("losses_by_waiter", "By waiter", waiters, columns, context.write, shown=waiters.head(MOST_ROWS))


@section("Which dishes moved")
def movers(context: Context) -> Iterator[Block]:
    """The dishes whose revenue rose and fell most, and whether by price or by volume."""
    dishes = context.ask(("revenue", "units"), ("dish",)).dropna(subset="dish")
    if not _two(context):
        yield from _best_dishes(context, dishes)
        return
    moves = movements(dishes)
    title = say.movers_title(moves, context.write)
    yield figure(movers_chart(moves, "dish", "delta", title=title, unit=context.write.money))
    yield sentence(say.causes(moves, context.write), "mozg-note")
    half = MOST_ROWS // 2
    ends = moves if len(moves) <= MOST_ROWS else pd.concat([moves.head(half), moves.tail(half)])
    yield table(
        "movers",
        "Dishes by change of revenue",
        _sold(moves, context),
        _MOVED,
        context.write,
        shown=_sold(ends, context),
    )


_DAY = Column("business_date", "Day", "date")
_CHECKS_AN_HOUR = Column("checks", "Checks an hour", "number")
_UNUSUAL = {"both": "", "new": later("new"), "gone": later("no longer sold"), "unknown": later("units not known")}
_MOVED = (
    Column("dish", "Dish", "text"),
    Column("revenue", "Revenue", "money"),
    Column("revenue_before", "Revenue", "money", of=later("{label}, before")),
    Column("delta", "Change", "money", signed=True),
    Column("volume", "By volume", "money", signed=True),
    Column("price", "By price", "money", signed=True),
    Column("sold", "Note", "text"),
)


def _sold(moves: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Say only what is unusual: a dish that is new, gone, or without units."""
    return moves.assign(sold=[context.write.say(_UNUSUAL[kind]) for kind in moves["kind"]])


def _best_dishes(context: Context, dishes: pd.DataFrame) -> Iterator[Block]:
    best = dishes.sort_values("revenue", ascending=False, kind="stable", na_position="last")
    title = say.leader_title(best, "dish", context.write)
    yield figure(ranked_bars(best, "dish", "revenue", title=title, unit=context.write.money, additive=True))
    columns = [Column("dish", "Dish", "text"), *metric_columns(("revenue", "units"))]
    yield table("dishes", "Dishes", best, columns, context.write, shown=best.head(MOST_ROWS))


def _venue(context: Context) -> Column:
    """The column of venues; each leads to this report of that venue alone."""
    alone = context.link("sales", each={"venues": "venue"}) if len(context.venues) > 1 else None
    return Column("venue", "Venue", "text", link=alone)


def _totals(context: Context) -> dict[str, Change]:
    return changes(context.ask(TOTALS), TOTALS)


def _days(context: Context) -> pd.DataFrame:
    return context.ask(DAYS, ("business_date",))


def _two(context: Context) -> bool:
    return context.before is not None


def _weekdays(context: Context, names: Sequence[str]) -> pd.DataFrame:
    parts = [per_weekday(_days(context), name, context.during, context.before).set_index("weekday") for name in names]
    rows = pd.concat(parts, axis=1).round().reset_index()
    return _named(rows, context)


def _named(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    return rows.assign(name=[context.write.weekday(day) for day in rows["weekday"]])


def _line(context: Context, metric: told.Counted) -> Block:
    """A metric by day. A long title would be cut on a phone, so it says what moved most and no more."""
    title = say.days_title(_days(context), metric, context.during, context.before, context.write)
    drawn = compared_lines(
        _days(context),
        "business_date",
        metric,
        f"{metric}_before" if _two(context) else None,
        title=title,
        unit=context.write.money if metric == "revenue" else context.write.unit("count", metric),
        names=context.now_and_before,
        holidays=holidays_of(context.owner.country, context.during, context.write.language),
    )
    return figure(drawn)
