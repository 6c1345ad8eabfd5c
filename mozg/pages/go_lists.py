"""The sections of the go-lists: what the dishes that waiters are to offer brought, of whom, and beside the target.

After MOZG's *Рейтинг продаж гоу-листов*.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from mozg.analysis.menu.go_lists import rating
from mozg.charts import compared_lines, ranked_bars
from mozg.language import later
from mozg.metrics.go_lists import By, go_list_dishes, go_list_sales, offers
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import CATEGORY, MOST_ROWS, REVENUE, UNITS, dish_column, part
from mozg.pages.links import further
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table

HOW_SHARE = later(
    "Revenue of the list's dishes ÷ revenue of all lines of the same people on the days and in the venues where the "
    "list is valid. A line belongs to the waiter who rang it up. After MOZG's rating of go-lists, whose denominator is "
    "not published."
)
HOW_GAP = later(
    "What the list's dishes would have brought more at the target share: (target − share) × revenue, nothing where the "
    "target is met. Without a target, that of the house is the target."
)
HOW_INDEX = later("The waiter's share ÷ the share of the whole house: above 1, the waiter offers the list more.")
HOW_GUESTS = later("Units of the list's dishes ÷ guests of the waiter's checks × 100.")
HOW_TO = later(
    "No go-list is valid in this period. `{command}` keeps one: its dishes, its days and what share of revenue "
    "it should bring."
)
COMMAND = "mozg menu go-list"
#: Lists that get a figure of their own; the tables have all.
MOST_FIGURES = 3
#: Below so many checks a waiter's share tells more of chance than of the waiter: no bar for it.
LEAST_CHECKS = 50
_LIST = Column("go_list", "Go-list", "text")
_GO_REVENUE = Column("go_revenue", "Revenue of the list", "money")
_SHARE = Column("share", "Share of revenue", "percent")
_TARGET = Column("target", "Target", "percent")
_GAP = Column("gap", "Short of the target", "money")
_PER_GUESTS = Column("per_100_guests", "Units per 100 guests", "number")
_WHOLE = Column("revenue", "All revenue", "money", shown=False)
_GO_UNITS = Column("go_units", "Units of the list", "number")


def _no_list(context: Context) -> Block | None:
    """Say how a go-list is made where there is none."""
    if not _offers(context).empty:
        return None
    return sentence(context.write.say(HOW_TO, command=COMMAND), "mozg-empty muted", empty=True)


@section("Go-lists in short", instead=_no_list)
def in_short(context: Context) -> Iterator[Block]:
    """Each list's share of revenue beside its target."""
    rows = _rated(context, ())
    yield sentence(" ".join(_said(row, context) for row in rows.head(MOST_FIGURES).to_dict("records")))
    told = rows.merge(_offers(context).drop(columns="target"), on="go_list", how="left")
    told = told.assign(gap=told["gap"].where(told["target"].notna()))  # the house is not short of itself
    days = Column("starts_on", "Valid from", "date"), Column("ends_on", "To, inclusive", "date")
    more = Column("dishes", "Dishes", "integer", shown=False), _WHOLE, _GO_UNITS
    columns = [_LIST, _SHARE, _TARGET, _GAP, _GO_REVENUE, _PER_GUESTS, *days, *more]
    yield table("go_lists", "Go-lists", told, columns, context.write)
    yield explained(context.write.say("Share of revenue"), context.write.say(HOW_SHARE))
    yield explained(context.write.say("Short of the target"), context.write.say(HOW_GAP))


@section("Waiters by go-list", instead=_no_list)
def by_waiter(context: Context) -> Iterator[Block]:
    """Whose revenue has how much of each list."""
    rows = _rated(context, ("waiter",)).dropna(subset="waiter")
    if rows.empty:
        yield sentence(context.write.say("The tills do not name waiters."), "mozg-empty muted")
        return
    unit = context.write.unit("share")
    for name in _offers(context)["go_list"].head(MOST_FIGURES):
        bars = rows[(rows["go_list"] == name) & (rows["checks"] >= LEAST_CHECKS)]
        if len(bars):
            yield figure(ranked_bars(bars, "waiter", "share", title=_best(bars, name, context), unit=unit))
    columns = [Column("waiter", "Waiter", "text"), _LIST, _SHARE, _INDEX, _PER_GUESTS, _GO_REVENUE, _GAP, *_MORE]
    yield table("go_lists_by_waiter", "Waiters by go-list", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    yield explained(context.write.say("Index"), context.write.say(HOW_INDEX))
    yield explained(context.write.say("Units per 100 guests"), context.write.say(HOW_GUESTS))


@section("Go-lists by day", instead=_no_list)
def by_day(context: Context) -> Iterator[Block]:
    """Each list's share of revenue day by day beside its target."""
    rows, unit = _rated(context, ("business_date",)), context.write.unit("share")
    names = context.write.say("Share of revenue"), context.write.say("Target")
    for name in _offers(context)["go_list"].head(MOST_FIGURES):
        days = rows[rows["go_list"] == name].sort_values("business_date")
        if len(days) > 1:
            before = "target" if days["target"].notna().any() else None
            title = _met(days, name, context)
            drawn = compared_lines(days, "business_date", "share", before, title=title, unit=unit, names=names)
            yield figure(drawn)
    columns = [_DAY, _LIST, _SHARE, _TARGET, _GO_REVENUE, _GO_UNITS, _WHOLE]
    yield workbook_table("go_lists_by_day", "Go-lists by day", rows, columns, context.write)


@section("Shifts short of the target", instead=_no_list)
def by_shift(context: Context) -> Iterator[Block]:
    """The days of waiters on which most was missing to the target."""
    rows = _rated(context, ("business_date", "waiter")).dropna(subset="waiter")
    rows = rows.assign(short=rows["gap"].astype(float)).sort_values("short", ascending=False, kind="stable")
    if rows.empty or not rows["short"].iloc[0] > 0:
        yield sentence(context.write.say("No shift is short of the target."), "muted")
        return
    columns = [_DAY, Column("waiter", "Waiter", "text"), _LIST, _GAP, _SHARE, _TARGET, _GO_REVENUE, _GO_UNITS, *_MORE]
    yield table("go_lists_by_shift", "Shifts and go-lists", rows, columns, context.write, shown=rows.head(MOST_ROWS))


@section("Dishes of the go-lists", instead=_no_list)
def by_dish(context: Context) -> Iterator[Block]:
    """What each dish of the lists sold; what nobody bought has no revenue."""
    rows = _chosen(go_list_dishes(context.answers.lake, context.during, part(context)), context)
    rows = rows.sort_values("revenue", ascending=False, kind="stable", na_position="last", ignore_index=True)
    columns = [dish_column(context), CATEGORY, _LIST, UNITS, REVENUE]
    yield table("go_list_dishes", "Dishes of the go-lists", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    yield further(context, context.link("companions"), context.link("menu"))


_DAY = Column("business_date", "Day", "date")
_INDEX = Column("index", "Index", "number")
_MORE = (
    Column("checks", "Checks", "integer", shown=False),
    Column("guests", "Guests", "integer", shown=False),
    _WHOLE,
)


def _chosen(frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The rows of the lists that the page was asked for."""
    names = list(context.options.get("go_list", ()))
    return frame[frame["go_list"].isin(names)] if names else frame


def _offers(context: Context) -> pd.DataFrame:
    return context.once(
        "go-lists", lambda: _chosen(offers(context.answers.lake, context.during, part(context)), context)
    )


def _rated(context: Context, by: tuple[By, ...]) -> pd.DataFrame:
    """What was sold of each list, rated against its own target, else against the house."""

    def rate() -> pd.DataFrame:
        rows = go_list_sales(context.answers.lake, context.during, part(context), by)
        targets = dict(zip(_offers(context)["go_list"], _offers(context)["target"], strict=True))
        parts = [(targets[name], rows[rows["go_list"] == name]) for name in targets]
        rated = [rating(sold, target).assign(target=target) for target, sold in parts if len(sold)]
        return pd.concat(rated, ignore_index=True) if rated else rows.assign(**dict.fromkeys(_RATED))

    return context.once(f"go-list sales {by}", rate)


_RATED = ("share", "index", "per_100_guests", "gap", "target")


def _said(row: Mapping[Any, Any], context: Context) -> str:
    write = context.write
    share, target = (None if pd.isna(row[name]) else float(row[name]) for name in ("share", "target"))
    told = {"name": row["go_list"], "share": write.percent(share)}
    if target is None:
        return write.say("{name} brought {share} of revenue.", **told)
    return write.say("{name} brought {share} of revenue, the target is {target}.", **told, target=write.percent(target))


def _best(bars: pd.DataFrame, name: str, context: Context) -> str:
    row = bars.iloc[0]
    share = context.write.percent(float(row["share"]))
    return context.write.say("{name}: {waiter} offers it best, {share}", name=name, waiter=row["waiter"], share=share)


def _met(days: pd.DataFrame, name: str, context: Context) -> str:
    write, known = context.write, days.dropna(subset="share")
    if known.empty or known["target"].isna().any():
        return write.say("{name}: share of revenue by day", name=name)
    met = int((known["share"].astype(float) >= known["target"].astype(float)).sum())
    return write.count(
        "{name} met its target on {n} of {all} days", "{name} met its target on {n} of {all} days", met,
        name=name, all=len(known),
    )  # fmt: skip
