"""The sections of the table load: how many tables are taken at once, whom that needs, and what a seat earns.

After MOZG's report *Загрузка столов по часам*; revenue of a seat and hour after Kimes (1999).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from mozg.analysis import table_load as load
from mozg.charts import heat_map, ranked_bars
from mozg.language import later
from mozg.metrics.table_load import dining_rooms, table_days, table_hours, table_week
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import part
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table

MOST_ROWS = 31
DAY_START = 6
#: Hours with fewer tables on an average day are for the workbook alone: a check was left open.
SELDOM = 0.1
HOW_AT_ONCE = later(
    "The most tables that were taken in the same moment of an hour, from the opening to the closing of their checks; "
    "checks of one table that overlap are one seating. The mean is over the days on which the dining room was open. "
    "Take-away, delivery, and checks that were open for more than 12 hours are at no table."
)
HOW_WAITERS = later("Tables at once ÷ {n}, rounded up. The tables that a waiter looks after are a setting.")
HOW_TURN = later("The time from the opening to the closing of all seatings ÷ their number.")
HOW_TURNS = later("Seatings ÷ (tables in use × days on which the dining room was open).")
HOW_OCCUPANCY = later(
    "Σ guests × their time at the table ÷ (seats × time open). The dining room is open from the first check at a table "
    "to the closing of the last one. Checks without guests count as empty seats."
)
HOW_REVPASH = later(
    "Revenue of checks at tables ÷ (seats × hours open), VAT included; the money of a check is spread evenly over its "
    "minutes. After Kimes (1999)."
)


def _no_tables(context: Context) -> Block | None:
    if not _week(context).empty:
        return None
    text = context.write.say("No check of this period names a table and when it was freed.")
    return sentence(text, "mozg-empty muted", empty=True)


@section("Tables in short", instead=_no_tables)
def in_short(context: Context) -> Iterator[Block]:
    """What a seat earns and how long a table is taken, and what is not known."""
    yield sentence(_earned(context))
    for text in _gaps(context):
        yield sentence(text, "mozg-note")
    yield explained(context.write.say("Turn time"), context.write.say(HOW_TURN))
    yield explained(context.write.say("Seat occupancy"), context.write.say(HOW_OCCUPANCY))
    yield explained(context.write.say("Revenue of a seat and hour"), context.write.say(HOW_REVPASH))


@section("Tables taken at once", instead=_no_tables)
def at_once(context: Context) -> Iterator[Block]:
    """How many tables are taken at once in each hour of an average week."""
    week = load.with_waiters(_average(context), _per_waiter(context))
    unit = context.write.unit("number")
    yield figure(heat_map(_usual(week, context), value="tables", title=_fullest(week, context), unit=unit))
    columns = [_WEEKDAY, _HOUR, _TABLES, Column("most", "Most tables ever", "integer"), _WAITERS]
    yield workbook_table("tables_by_hour", "Tables taken at once", _named(week, context), columns, context.write)
    yield explained(context.write.say("Tables taken at once"), context.write.say(HOW_AT_ONCE))
    yield further(context, context.link("sales"))


@section("Waiters needed", instead=_no_tables)
def waiters(context: Context) -> Iterator[Block]:
    """How many waiters the tables need: of one venue hour by hour, of several in the busiest hour of each weekday."""
    rows, columns = _waiters_of_one(context) if _alone(context) else _waiters_of_many(context)
    shown = _usual(rows, context) if _alone(context) else rows
    yield table("waiters", _WAITERS_TITLE[_alone(context)], rows, columns, context.write, shown=shown)
    yield sentence(_rule(context), "mozg-note")
    yield explained(context.write.say("Waiters needed"), context.write.say(HOW_WAITERS, n=_per_waiter(context)))


@section("Venues by what a seat earns", instead=_no_tables)
def by_venue(context: Context) -> Iterator[Block]:
    """Turn time, occupancy and revenue of a seat and hour of each venue."""
    rows = load.by_venue(_week(context), _rooms(context), _days(context))
    rows = rows.sort_values("revpash", ascending=False, kind="stable", na_position="last", ignore_index=True)
    if rows["revpash"].notna().sum() > 1:
        unit = context.write.money
        yield figure(ranked_bars(rows, "venue", "revpash", title=_dearest(rows, context), unit=unit))
    yield table("table_load", "Tables and seats by venue", rows, [_venue(context), *_OF_VENUES], context.write)
    yield explained(context.write.say("Turns a day"), context.write.say(HOW_TURNS))


@section("When a seat earns", instead=_no_tables)
def seats(context: Context) -> Iterator[Block]:
    """What a seat earns in each hour of an average week, and how full the room is."""
    week = _average(context)
    if week["revpash"].isna().all():
        yield sentence(context.write.say("The seats are not known: enter them at the till or for the venue."), "muted")
        return
    usual, unit = _usual(week, context), context.write.money
    yield figure(heat_map(usual, value="revpash", title=_best_hour(usual, context), unit=unit))
    columns, hours = [_CLOCK, _TABLES, _OCCUPANCY, _REVPASH], _hours(context)
    shown = _usual(hours, context)
    yield table("seats_by_hour", "Hours of an average day", hours, columns, context.write, shown=shown)
    columns = [_WEEKDAY, _HOUR, _OCCUPANCY, _REVPASH]
    yield workbook_table("seats_by_weekday_hour", "When a seat earns", _named(week, context), columns, context.write)


@section("Day by day", instead=_no_tables)
def by_day(context: Context) -> Iterator[Block]:
    """The most tables at once on each day, when that was, and whom it needed; the workbook has one venue's hours."""
    rows = _dated(load.with_waiters(_days(context), _per_waiter(context)), context)
    tables = Column("tables", "Most tables at once", "integer", head=later("Tables"))
    hour = Column("hour", "Hour of most tables", "integer", head=later("at, h"))
    venue = replace(_venue(context), shown=not _alone(context))  # a page of one says its name above
    columns = [_DAY, _WEEK_NUMBER, _WEEKDAY, venue, tables, hour, _WAITERS]
    shown = rows.head(MOST_ROWS)
    yield table("tables_by_day", "Tables at once day by day", rows, columns, context.write, shown=shown)
    if _alone(context):
        yield _each_hour(context)


_WEEKDAY = Column("name", "Weekday", "text")
_DAY = Column("business_date", "Day", "date")
_WEEK_NUMBER = Column("week", "Week", "integer", shown=False)
_HOUR = Column("hour", "Hour", "integer")
_CLOCK = Column("clock", "Hour", "text")
_TABLES = Column("tables", "Tables taken at once", "number", head=later("Tables"))
_WAITERS = Column("waiters", "Waiters needed", "integer", head=later("Waiters"))
_OCCUPANCY = Column("occupancy", "Seat occupancy", "percent", head=later("Occupancy"))
_REVPASH = Column("revpash", "Revenue of a seat and hour", "money", head=later("A seat's hour"))
_OF_VENUES = (
    Column("tables_known", "Tables in use", "integer", head=later("Tables")),
    Column("seats", "Seats", "integer"),
    Column("days", "Days open", "integer", shown=False),
    Column("peak", "Most tables at once, mean of days", "number", head=later("Peak of a day")),
    Column("most", "Most tables at once, ever", "integer", shown=False),
    Column("seatings", "Seatings", "integer", shown=False),
    Column("turn_time", "Turn time, minutes", "number", head=later("Turn, minutes")),
    Column("turns", "Turns a day", "number"),
    Column("revenue", "Revenue at tables", "money", shown=False),
    _OCCUPANCY,
    _REVPASH,
)
_WAITERS_TITLE = {
    True: later("Waiters by hour"),
    False: later("Waiters in the busiest hour"),
}


def _week(context: Context) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        week = table_week(context.answers.lake, context.during, part(context))
        return load.with_seats(week, _rooms(context))

    return context.once("table week", read)


def _average(context: Context) -> pd.DataFrame:
    return context.once("average table week", lambda: load.by_weekday_hour(_week(context)))


def _rooms(context: Context) -> pd.DataFrame:
    return context.once("dining rooms", lambda: dining_rooms(context.answers.lake, part(context)))


def _days(context: Context) -> pd.DataFrame:
    return context.once("table days", lambda: table_days(context.answers.lake, context.during, part(context)))


def _hours(context: Context) -> pd.DataFrame:
    """An average day, from its first hour on."""
    return context.once("average table day", lambda: _clocked(load.by_hour(_week(context))))


def _usual(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Keep the hours that a reader looks for: not those which one check that was left open makes."""
    hours = _hours(context)
    often = hours["hour"][hours["tables"] >= SELDOM]
    return rows[rows["hour"].isin(often)] if len(often) else rows


def _per_waiter(context: Context) -> int:
    return int(context.options.get("tables_per_waiter", load.TABLES_PER_WAITER))


def _alone(context: Context) -> bool:
    """Whether the page is of one venue with tables."""
    return _week(context)["venue"].nunique() == 1


def _venue(context: Context) -> Column:
    """Return the column of venues; each leads to this report on that venue alone, which tells hours."""
    alone = context.link("tables", each={"venues": "venue"}) if len(context.venues) > 1 else None
    return Column("venue", "Venue", "text", link=alone)


def _named(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    return rows.assign(name=[context.write.weekday(int(day)) for day in rows["weekday"]])


def _spread(rows: pd.DataFrame, by: list[str], across: str, value: str, order: Iterable[int]) -> pd.DataFrame:
    """Return ``value`` with a column for each number of ``across``, called ``at8``, in this order."""
    wide = rows.pivot_table(index=by, columns=across, values=value, aggfunc="first").reindex(columns=list(order))
    return wide.astype("Int64").rename(columns=lambda number: f"at{number}").reset_index()


def _clocked(rows: pd.DataFrame) -> pd.DataFrame:
    """Order rows by the hours of a business day, and write these as a clock does."""
    ordered = rows.sort_values("hour", key=lambda hour: (hour - DAY_START) % 24, ignore_index=True)
    return ordered.assign(clock=[f"{hour:02d}:00" for hour in ordered["hour"]])


def _waiters_of_one(context: Context) -> tuple[pd.DataFrame, list[Column]]:
    week = load.with_waiters(_average(context), _per_waiter(context))
    return _clocked(_spread(week, ["hour"], "weekday", "waiters", range(1, 8))), [_CLOCK, *_weekdays(context)]


def _waiters_of_many(context: Context) -> tuple[pd.DataFrame, list[Column]]:
    busiest = load.with_waiters(load.by_venue_weekday(_week(context)), _per_waiter(context))
    return _spread(busiest, ["venue"], "weekday", "waiters", range(1, 8)), [_venue(context), *_weekdays(context)]


def _weekdays(context: Context) -> list[Column]:
    return [Column(f"at{day}", context.write.weekday(day), "integer") for day in range(1, 8)]


def _each_hour(context: Context) -> Block:
    """Return the days of one venue with a column for each hour, for the workbook: paper is not wide enough."""
    hours, order = table_hours(context.answers.lake, context.during, part(context)), list(_hours(context)["hour"])
    wide = _spread(hours, ["business_date"], "hour", "tables", order).set_index("business_date")
    inside = wide.ffill(axis=1).notna() & wide.bfill(axis=1).notna()  # from the first table of a day to the last
    rows = _dated(wide.mask(wide.isna() & inside, 0).reset_index(), context)
    columns = [_DAY, _WEEK_NUMBER, _WEEKDAY, *(Column(f"at{hour}", f"{hour:02d}:00", "integer") for hour in order)]
    return workbook_table("tables_each_hour", "Tables at once in each hour of each day", rows, columns, context.write)


def _dated(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Give days their weekday and the number of their week (ISO 8601), the latest first."""
    dates = list(rows["business_date"])
    named = rows.assign(
        weekday=[day.isoweekday() for day in dates],
        week=[day.isocalendar().week for day in dates],
    )
    return _named(named, context).sort_values("business_date", ascending=False, kind="stable", ignore_index=True)


def _rule(context: Context) -> str:
    return context.write.count(
        "One waiter for {n} table that is taken at once on an average day.",
        "One waiter for {n} tables that are taken at once on an average day.",
        _per_waiter(context),
    )


def _earned(context: Context) -> str:
    write, found = context.write, load.whole(_week(context))
    turn = write.value(found["turn_time"], "number")
    if found["revpash"] is None:
        return write.say("A table is taken for {turn} minutes.", turn=turn)
    told = {"turn": turn, "money": write.value(found["revpash"], "money")}
    if found["occupancy"] is None:
        return write.say("A seat earns {money} an hour; a table is taken for {turn} minutes.", **told)
    return write.say(
        "A seat earns {money} an hour and is taken {share} of the time; a table is taken for {turn} minutes.",
        share=write.percent(found["occupancy"]),
        **told,
    )


def _fullest(week: pd.DataFrame, context: Context) -> str:
    row = week.iloc[int(week["tables"].astype(float).argmax())]
    told = {
        "tables": context.write.value(float(row["tables"]), "number"),
        "weekday": context.write.weekday(int(row["weekday"])),
        "hour": int(row["hour"]),
    }
    if _alone(context):
        return context.write.say("{weekday}, {hour} h: {tables} tables are taken at once", **told)
    return context.write.say("{weekday}, {hour} h: {tables} tables are taken at once in a venue", **told)


def _best_hour(week: pd.DataFrame, context: Context) -> str:
    row = week.iloc[int(week["revpash"].astype(float).argmax())]
    return context.write.say(
        "{weekday}, {hour} h: a seat earns {money}",
        weekday=context.write.weekday(int(row["weekday"])),
        hour=int(row["hour"]),
        money=context.write.value(float(row["revpash"]), "money"),
    )


def _dearest(rows: pd.DataFrame, context: Context) -> str:
    money = context.write.value(float(rows["revpash"].iloc[0]), "money")
    return context.write.say("{venue}: a seat earns most, {money} an hour", venue=rows["venue"].iloc[0], money=money)


def _gaps(context: Context) -> Iterator[str]:
    """Say which venues lack tables, seats or guests, and how much of the revenue is at tables at all."""
    yield from _missing(context)
    at_tables, write = sum(_week(context)["revenue"]), context.write
    revenue = context.ask(("revenue",), compare=False).iloc[0]["revenue"]
    if not pd.isna(revenue) and revenue > at_tables:
        share = write.percent(float(at_tables) / float(revenue))
        yield write.say("{share} of the revenue was made at tables; the rest is not in this report.", share=share)


def _missing(context: Context) -> Iterator[str]:
    write, week, rooms = context.write, _week(context), _rooms(context)
    seen = set(week["venue"])
    here = rooms[rooms["venue"].isin(seen)]
    uncounted = week.groupby("venue")["guest_seconds"].sum()
    named = {
        "tables": [name for name in rooms["venue"] if name not in seen],
        "seats": list(here["venue"][here["seats"].isna()]),
        "guests": [str(name) for name in uncounted.index[uncounted == 0]],
    }
    for what, names in named.items():
        if names:
            yield write.say(_LACKS[what], names=", ".join(names))
    partly = here[here["seats"].notna() & (here["seatless"].fillna(0) > 0)]
    for row in partly.to_dict("records"):
        yield write.count(
            "{n} table of {name} has no seats: occupancy and what a seat earns may be too high.",
            "{n} tables of {name} have no seats: occupancy and what a seat earns may be too high.",
            int(row["seatless"]),
            name=row["venue"],
        )


_LACKS = {
    "tables": later("Without tables on their checks, and so not in this report: {names}."),
    "seats": later("The seats are not known, and so no occupancy and no revenue of a seat: {names}."),
    "guests": later("Nobody enters guests, and so no occupancy is known: {names}."),
}
