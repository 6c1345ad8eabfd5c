"""The sections of channels and delivery: what each way of selling brings, when, and how it differs."""

from collections.abc import Iterator

import pandas as pd

from mozg.analysis import sales as say
from mozg.analysis.calendar import per_hour, per_week
from mozg.charts import heat_map, ranked_bars, stacked_share
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.parts import DAY, largest_first, parts_table
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, workbook_table

MAIN = ("revenue", "checks", "average_check")
APART = ("guests", "average_per_guest", "depth", "average_visit", "discount_rate", "void_rate")
NAMES = (*MAIN, *APART)
#: What the channels are called that the adapters know; a till's own names stay as they are.
CHANNELS = {"dine_in": later("In the hall"), "takeaway": later("To take away"), "delivery": later("Delivery")}
MOST_DAYS = 62
MOST_PARTS = 6
NOTHING = later("The tills do not tell by which channel a check was sold.")


@section("What each channel brings")
def by_channel(context: Context) -> Iterator[Block]:
    """The channels by revenue, with what tells them apart: check, depth, length of a visit."""
    channels = named_channels(largest_first(context.ask(NAMES, ("channel",)), "channel", "revenue"), context)
    if channels.empty:
        yield sentence(context.write.say(NOTHING), "mozg-empty muted", empty=True)
        return
    title = say.leader_title(channels, "channel", context.write)
    before = "revenue_before" if context.before else None
    yield figure(
        ranked_bars(channels, "channel", "revenue", before, title=title, unit=context.write.money, additive=True)
    )
    first = Column("channel", "Channel", "text")
    yield parts_table(context, "channels", "Channels", channels, first, MAIN)
    columns = [first, *metric_columns(APART)]
    yield table("channels_apart", "What tells channels apart", channels, columns, context.write)


@section("Channels over time")
def over_time(context: Context) -> Iterator[Block]:
    """How revenue divides between channels, by day, or by week in a long period."""
    days = context.ask(("revenue",), ("business_date", "channel"), compare=False).dropna(subset="channel")
    if days.empty:
        yield sentence(context.write.say(NOTHING), "mozg-empty muted", empty=True)
        return
    wide = days.pivot_table(index="business_date", columns="channel", values="revenue", aggfunc="sum").astype(float)
    parts = list(wide.sum().sort_values(ascending=False).index)
    rows = wide[parts].fillna(0.0).clip(lower=0).reset_index()
    shown = rows if len(context.during) <= MOST_DAYS else per_week(rows, parts)
    names = [_called(part, context) for part in parts]
    title = _title(context)
    yield figure(stacked_share(shown, "business_date", parts, title=title, unit=context.write.money, names=names))
    columns = [DAY, *(Column(part, name, "money") for part, name in zip(parts, names, strict=True))]
    yield workbook_table("channels_by_day", "Channels by day", rows, columns, context.write)


@section("When delivery is busy")
def delivery_hours(context: Context) -> Iterator[Block]:
    """Delivery checks per hour of an average week."""
    hours = context.ask(("checks",), ("weekday", "hour", "channel"), compare=False)
    delivered = hours[hours["channel"] == "delivery"].drop(columns="channel")
    if delivered.empty:
        yield sentence(context.write.say("Nothing was delivered."), "muted")
        return
    mean = per_hour(delivered, "checks", context.during)
    title = say.busy_title(mean, context.write)
    yield figure(heat_map(mean, value="checks", title=title, unit=context.write.unit("count", "checks")))
    named = mean.assign(name=[context.write.weekday(day) for day in mean["weekday"]])
    columns = [
        Column("name", "Weekday", "text"),
        Column("hour", "Hour", "integer"),
        Column("checks", "Checks an hour", "number"),
    ]
    yield workbook_table("delivery_by_hour", "Delivery checks an hour", named, columns, context.write)


@section("Channels of each venue")
def by_venue(context: Context) -> Iterator[Block]:
    """What each venue sells by which channel."""
    names = ("revenue", "checks", "average_check")
    rows = context.ask(names, ("venue", "channel")).dropna(subset=["venue", "channel"])
    rows = named_channels(rows.sort_values(["venue", "revenue"], ascending=[True, False], kind="stable"), context)
    both = rows.assign(part=[f"{row.venue} · {row.channel}" for row in rows.itertuples()])
    first = Column("part", "Venue and channel", "text")
    yield parts_table(
        context, "channels_by_venue", "Channels by venue", both, first, ("revenue", "checks", "average_check")
    )


def _called(channel: object, context: Context) -> str:
    return context.write.say(CHANNELS[str(channel)]) if channel in CHANNELS else str(channel)


def named_channels(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Return ``rows`` with the channels' names as people say them."""
    return rows.assign(channel=[_called(channel, context) for channel in rows["channel"]])


def _title(context: Context) -> str:
    channels = context.ask(NAMES, ("channel",)).set_index("channel")["revenue"].dropna().astype(float)
    outside = channels.drop(labels=["dine_in"], errors="ignore").sum()
    whole = channels.sum()
    share = context.write.percent(outside / whole if whole > 0 else None)
    return context.write.say("{share} of revenue was sold outside the hall", share=share)
