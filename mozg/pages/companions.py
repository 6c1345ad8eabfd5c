"""The sections of companions: which dishes and menu groups stand on the same checks, and which keep apart.

After MOZG's *Сопутствующие позиции* and *Сопутствующие группы меню*.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from mozg.analysis.menu.companions import CONFIDENCE, LEAST_CHECKS, Counted, companions, counted
from mozg.charts import Unit, ranked_bars
from mozg.language import later
from mozg.metrics.baskets import MOST, Level, baskets
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.dishes import MOST_ROWS, no_dish, part
from mozg.pages.links import Link, further
from mozg.pages.section import section
from mozg.pages.tables import Column, table

HOW_CHECKS = later(
    "Closed checks with at least one line; a check counts once, however many portions it has. Voided lines and refunds "
    "do not count. Of dishes, the {n} on most lines are looked at."
)
HOW_ATTACH = later(
    "Checks that have both ÷ checks that have the one: what share of those who took it took the other as well. After "
    "MOZG's companion items."
)
HOW_LIFT = later(
    "How many times as often two things stand on one check as they would if neither knew of the other: checks with "
    "both × all checks ÷ (checks with the one × checks with the other). The interval is its {confidence} confidence "
    "interval; a pair is told only if it lies on one side of 1 and at least {least} checks have both. On checks of "
    "large parties there is more of everything, so that a little above 1 is not yet a reason. Brin and others (1997)."
)
HOW_AVERAGE = later(
    "Revenue of all lines ÷ checks, of the checks that have it and of those that do not. The difference is not what "
    "the dish brings: large parties order more of everything."
)
WHY_APART = later("Such dishes are taken instead of each other, or at different hours.")
_BARS = 10
_TOGETHER, _APART = "together", "apart"


def _no_check(context: Context) -> Block | None:
    return None if _counted(context, "dish").checks else no_dish(context)


@section("Companions in short", instead=_no_check)
def in_short(context: Context) -> Iterator[Block]:
    """What goes together most of all."""
    best = [_bound(context, level, _TOGETHER) for level in ("category", "dish")]
    said = [_said(rows, context) for rows in best if len(rows)]
    yield sentence(" ".join(said) if said else _none(context))
    yield sentence(
        context.write.count("{n} check was looked at.", "{n} checks were looked at.", _counted(context, "dish").checks),
        "muted",
    )


@section("How often it stands on checks")
def on_checks(context: Context) -> Iterator[Block]:
    """What share of checks has a menu group or the chosen dish, and how large these checks are."""
    chosen = "dish" in dict(context.choices.only)
    found = _counted(context, "dish" if chosen else "category")
    rows = found.things[found.things["chosen"].astype(bool)].sort_values("checks", ascending=False, kind="stable")
    if rows.empty:
        yield no_dish(context)
        return
    named = Column(
        "thing", "Dish" if chosen else "Category", "text", link=None if chosen else _about(context, "category", "thing")
    )
    yield table("on_checks", "How often it stands on checks", rows, [named, *_ON_CHECKS], context.write)
    yield explained(context.write.say("Share of checks"), context.write.say(HOW_CHECKS, n=MOST))
    yield explained(context.write.say("Check with it"), context.write.say(HOW_AVERAGE))


@section("Groups taken together")
def groups(context: Context) -> Iterator[Block]:
    """The menu groups that stand on the same checks more often than chance would have it."""
    yield from _together(context, "category", "groups_together", "Groups taken together")


@section("Dishes taken together")
def dishes(context: Context) -> Iterator[Block]:
    """The dishes that stand on the same checks more often than chance would have it."""
    yield from _together(context, "dish", "dishes_together", "Dishes taken together")
    yield further(context, context.link("menu"), context.link("go_lists"))


@section("Dishes that keep apart")
def apart(context: Context) -> Iterator[Block]:
    """The dishes that stand on the same checks less often than by chance."""
    rows = _bound(context, "dish", _APART)
    if rows.empty:
        yield sentence(context.write.say("No dishes keep apart."), "muted")
        return
    yield sentence(_seldom(rows, context))
    columns = _pair_columns(context, "dish")
    yield table("dishes_apart", "Dishes that keep apart", rows, columns, context.write, shown=rows.head(MOST_ROWS))
    yield sentence(context.write.say(WHY_APART), "mozg-note")


_ON_CHECKS = (
    Column("checks", "Checks", "integer"),
    Column("share", "Share of checks", "percent"),
    Column("average_check", "Check with it", "money"),
    Column("average_without", "Check without it", "money"),
)
_NUMBERS = (
    Column("with_both", "Checks with both", "integer", head=later("Both")),
    Column("attach", "Of the first's checks", "percent"),
    Column("attach_back", "Of the second's checks", "percent"),
    Column("lift", "Lift", "number"),
    Column("between", "Interval of the lift", "text", head=later("Between")),
    Column("support", "Of all checks", "percent", shown=False),
    Column("with_first", "Checks with the first", "integer", shown=False),
    Column("with_second", "Checks with the second", "integer", shown=False),
    Column("lift_low", "Lift, at least", "number", shown=False),
    Column("lift_high", "Lift, at most", "number", shown=False),
)


def _counted(context: Context, level: Level) -> Counted:
    return context.once(
        f"baskets {level}", lambda: counted(baskets(context.answers.lake, context.during, part(context), level))
    )


def _least(context: Context) -> int:
    return int(context.options.get("least", LEAST_CHECKS))


def _bound(context: Context, level: Level, bond: str) -> pd.DataFrame:
    """The pairs that are bound so, those first of which least chance is left."""

    def judge() -> pd.DataFrame:
        found = _counted(context, level)
        return companions(found.pairs, found.checks, least=_least(context))

    told = context.once(f"companions {level}", judge)
    rows = told[told["bond"] == bond]
    by, rising = ("lift_low", False) if bond == _TOGETHER else ("lift_high", True)
    ranked = rows.sort_values(by, ascending=rising, kind="stable", ignore_index=True)
    write = context.write
    pairs = zip(ranked["lift_low"], ranked["lift_high"], strict=True)
    return ranked.assign(
        between=[
            f"{write.exact(low, 'number', decimals=2)}\u00a0…\u00a0{write.exact(high, 'number', decimals=2)}"
            for low, high in pairs
        ]
    )


def _together(context: Context, level: Level, name: str, title: str) -> Iterator[Block]:
    rows = _bound(context, level, _TOGETHER)
    if rows.empty:
        yield sentence(_none(context), "muted", empty=not _counted(context, level).checks)
        return
    alone = rows["first"].nunique() == 1
    if alone or level == "category":
        named = rows.assign(name=rows["second"] if alone else rows["first"] + " + " + rows["second"]).head(_BARS)
        yield figure(ranked_bars(named, "name", "lift", title=_said(rows, context), unit=_times(context), top=_BARS))
    columns = _pair_columns(context, level)
    yield table(name, title, rows, columns, context.write, shown=rows.head(MOST_ROWS))
    yield from _explained(context)


def _pair_columns(context: Context, level: Level) -> Sequence[Column]:
    first, second = (_about(context, level, column) for column in ("first", "second"))
    return [Column("first", "First", "text", link=first), Column("second", "Second", "text", link=second), *_NUMBERS]


def _explained(context: Context) -> Iterator[Block]:
    say, confidence = context.write.say, context.write.percent(CONFIDENCE)
    yield explained(say("Of the first's checks"), say(HOW_ATTACH))
    yield explained(say("Lift"), say(HOW_LIFT, confidence=confidence, least=_least(context)))


def _about(context: Context, level: Level, column: str) -> Link | None:
    """The link to this page about one dish or group alone."""
    nothing: dict[str, list[str]] = {"dish": [], "category": []}
    del nothing[level]
    return context.link("companions", each={level: column}, **nothing)


def _times(context: Context) -> Unit:
    return context.write.unit("number", "times")


def _none(context: Context) -> str:
    return context.write.say("Nothing stands on the same checks more often than chance would have it.")


def _said(rows: pd.DataFrame, context: Context) -> str:
    row = rows.iloc[0]
    return context.write.count(
        "{first} and {second} stand on one check {n} time as often as by chance.",
        "{first} and {second} stand on one check {n} times as often as by chance.",
        float(row["lift"]),
        n=context.write.value(float(row["lift"]), "number"),
        first=row["first"],
        second=row["second"],
    )


def _seldom(rows: pd.DataFrame, context: Context) -> str:
    row = rows.iloc[0]
    return context.write.say(
        "{first} and {second} stand on one check {share} as often as by chance.",
        first=row["first"],
        second=row["second"],
        share=context.write.percent(float(row["lift"])),
    )
