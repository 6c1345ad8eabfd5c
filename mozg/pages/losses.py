"""The sections of discounts and voids: what was taken off, by whom, from which dishes, and when."""

from collections.abc import Iterator

import pandas as pd

from mozg.analysis import sales as say
from mozg.analysis import sentences as told
from mozg.analysis.calendar import per_hour
from mozg.analysis.change import number
from mozg.charts import heat_map, ranked_bars
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.parts import by_date, known_tiles, largest_first, parts_table, totals, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, with_changes, workbook_table

HEADLINE = (
    "discounts", "discount_rate", "discounted_check_share", "void_lines_amount", "void_rate", "voided_check_share",
    "void_checks_amount", "refunded_amount", "comped_amount",
)  # fmt: skip
OF_PLACES = (
    "discounts", "discount_rate", "discounted_check_share", "void_lines", "void_lines_amount", "void_rate",
    "void_checks", "void_checks_amount", "refunds", "refunded_amount",
)  # fmt: skip
#: What stands on the page; the workbook has all.
MAIN = ("discounts", "discount_rate", "void_lines_amount", "void_rate")
OF_WAITERS = (
    "revenue",
    "discounts",
    "discount_rate",
    "void_lines",
    "void_lines_amount",
    "void_rate",
    "refunded_amount",
)
OF_DISCOUNTS = ("discounts", "discounted_checks", "discount_rate")
OF_REASONS = ("void_lines_amount", "void_lines")
OF_DISHES = ("void_lines", "void_lines_amount", "void_rate", "discounts", "discount_rate")
#: Below so many checks a waiter's rate tells more of chance than of the waiter.
LEAST_CHECKS = 50
FEW = later("Waiters with fewer than {n} checks are left out: their rates tell of chance.")

NAMED = later("{name}: {share} of the discounts that have a name")
REASONED = later("{name}: {share} of the value of lines voided for a known reason")


@section("What was taken off")
def in_short(context: Context) -> Iterator[Block]:
    """Discounts, voids and refunds in one sentence, and as numbers."""
    found = totals(context, HEADLINE)
    losses = [
        say.share_title(found["discount_rate"], told.DISCOUNTS, context.write),
        say.share_title(found["void_rate"], told.VOIDS, context.write),
    ]
    yield sentence("; ".join(losses).rstrip(".") + ".")
    yield known_tiles(context, HEADLINE, found)


@section("Discounts by day")
def by_day(context: Context) -> Iterator[Block]:
    """The discounts of each day beside those of the day it is compared with."""
    days = context.ask(HEADLINE, ("business_date",))
    known = days.dropna(subset=["discounts"])
    if known.empty:
        yield sentence(context.write.say("Nothing was taken off."), "mozg-empty muted", empty=True)
        return
    row = max(known.to_dict("records"), key=lambda day: day["discounts"])
    day, amount = context.write.day(row["business_date"]), context.write.value(float(row["discounts"]), "money")
    title = context.write.say("{day} gave away most: {amount}", day=day, amount=amount)
    yield by_date(context, days, "discounts", title, before="discounts_before" if context.before else None)


@section("Discounts by kind")
def by_discount(context: Context) -> Iterator[Block]:
    """What the tills call the discounts, and what each took off; the rate is of the checks that have it."""
    kinds = largest_first(context.ask(OF_DISCOUNTS, ("discount_type",)), "discount_type", "discounts")
    if not kinds["discounts"].sum():
        yield sentence(context.write.say("Nothing was taken off under a name."), "muted")
        return
    title = _first(kinds, "discount_type", "discounts", NAMED, context)
    yield figure(ranked_bars(kinds, "discount_type", "discounts", title=title, unit=context.write.money))
    column = Column("discount_type", "Discount", "text")
    yield parts_table(context, "discounts_by_kind", "Discounts by kind", kinds, column, OF_DISCOUNTS)


@section("Losses by venue")
def by_venue(context: Context) -> Iterator[Block]:
    """What each venue took off its checks."""
    venues = largest_first(context.ask(OF_PLACES, ("venue",)), "venue", "discounts")
    yield parts_table(context, "losses_by_venue", "Losses by venue", venues, venue_column(context), MAIN)
    columns = [Column("venue", "Venue", "text"), *metric_columns(OF_PLACES, compared=context.before is not None)]
    rows = with_changes(venues, OF_PLACES)
    yield workbook_table("all_losses_by_venue", "All losses by venue", rows, columns, context.write)


@section("Losses by waiter")
def by_waiter(context: Context) -> Iterator[Block]:
    """Whose checks and lines these were, of waiters with enough checks to tell."""
    waiters = context.ask((*OF_WAITERS, "checks"), ("waiter",), compare=False)
    enough = waiters[waiters["checks"].fillna(0) >= LEAST_CHECKS]
    rows = largest_first(enough, "waiter", "void_lines_amount")
    if rows.empty:
        yield sentence(context.write.say(FEW, n=LEAST_CHECKS), "mozg-empty muted")
        return
    whole = number(waiters["void_lines_amount"].sum())
    yield figure(
        ranked_bars(rows, "waiter", "void_lines_amount", title=_voided(rows, whole, context), unit=context.write.money)
    )
    yield parts_table(
        context, "losses_by_waiter", "Losses by waiter", rows, Column("waiter", "Waiter", "text"), OF_WAITERS
    )
    yield sentence(context.write.say(FEW, n=LEAST_CHECKS), "mozg-note")


@section("Why lines are struck off")
def by_reason(context: Context) -> Iterator[Block]:
    """The reasons that were given at the till, by the value of the lines."""
    reasons = largest_first(context.ask(OF_REASONS, ("void_reason",)), "void_reason", "void_lines_amount")
    reasons = reasons[reasons["void_lines"].fillna(0) > 0]
    if reasons.empty:
        yield sentence(context.write.say("No line was voided for a reason that was given."), "muted")
        return
    title = _first(reasons, "void_reason", "void_lines_amount", REASONED, context)
    yield figure(ranked_bars(reasons, "void_reason", "void_lines_amount", title=title, unit=context.write.money))
    column = Column("void_reason", "Reason", "text")
    yield parts_table(context, "voids_by_reason", "Voided lines by reason", reasons, column, OF_REASONS)


@section("Dishes that were struck off")
def by_dish(context: Context) -> Iterator[Block]:
    """The dishes whose lines were voided most."""
    dishes = largest_first(context.ask(OF_DISHES, ("dish",), compare=False), "dish", "void_lines_amount")
    struck = dishes[dishes["void_lines"].fillna(0) > 0]
    if struck.empty:
        yield sentence(context.write.say("No line was voided."), "muted")
        return
    yield parts_table(context, "voids_by_dish", "Voided dishes", struck, Column("dish", "Dish", "text"), OF_DISHES)


@section("When lines are struck off")
def by_hour(context: Context) -> Iterator[Block]:
    """Voided lines per hour of an average week: late clusters deserve a look."""
    hours = context.ask(("void_lines",), ("weekday", "hour"), compare=False)
    mean = per_hour(hours, "void_lines", context.during)
    if mean.empty or not mean["void_lines"].sum():
        yield sentence(context.write.say("No line was voided."), "muted")
        return
    title = _busiest(mean, context)
    yield figure(heat_map(mean, value="void_lines", title=title, unit=context.write.unit("number")))
    named = mean.assign(name=[context.write.weekday(day) for day in mean["weekday"]])
    columns = [
        Column("name", "Weekday", "text"),
        Column("hour", "Hour", "integer"),
        Column("void_lines", "Voided lines an hour", "number"),
    ]
    yield workbook_table("voids_by_hour", "Voided lines an hour", named, columns, context.write)


def _first(rows: pd.DataFrame, by: str, value: str, words: str, context: Context) -> str:
    share = float(rows[value].iloc[0]) / float(rows[value].sum())
    return context.write.say(words, name=rows[by].iloc[0], share=context.write.percent(share))


def _voided(rows: pd.DataFrame, whole: object, context: Context) -> str:
    first = rows.iloc[0]
    known = number(first["void_lines_amount"])
    if known is None or not whole:
        return context.write.say("No line was voided.")
    share = context.write.percent(float(known) / float(whole))  # type: ignore[arg-type]
    return context.write.say("{name}: {share} of the value of voided lines", name=first["waiter"], share=share)


def _busiest(mean: pd.DataFrame, context: Context) -> str:
    row = mean.iloc[int(mean["void_lines"].astype(float).argmax())]
    return context.write.say(
        "Most lines are struck off on {weekday} at {hour} h",
        weekday=context.write.weekday(int(row["weekday"])),
        hour=int(row["hour"]),
    )
