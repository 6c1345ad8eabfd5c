"""The sections of payment methods: how guests paid, by day and venue, and what was on the house."""

from collections.abc import Iterator

import pandas as pd

from mozg.charts import ranked_bars, stacked_share
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.parts import DAY, largest_first, parts_table, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, with_changes, workbook_table

NAMES = ("paid", "payments", "average_payment")
OF_VENUES = ("paid", "paid_cash", "cash_share", "on_the_house")
#: What the kinds of payment are called.
KINDS = {
    "cash": later("Cash"),
    "card": later("Card"),
    "non_cash": later("Other non-cash"),
    "write_off": later("On the house"),
    "unknown": later("Unknown"),
}
NOTHING = later("The tills tell of no payments in this period.")


@section("How guests paid")
def by_method(context: Context) -> Iterator[Block]:
    """The payment methods by amount, beside the period before."""
    methods = largest_first(context.ask(NAMES, ("payment_method", "payment_kind")), "payment_method", "paid")
    if methods["paid"].notna().sum() == 0:
        yield sentence(context.write.say(NOTHING), "mozg-empty muted", empty=True)
        return
    before = "paid_before" if context.before else None
    title = _leader(methods, context)
    unit = context.write.money
    yield figure(ranked_bars(methods, "payment_method", "paid", before, title=title, unit=unit, additive=True))
    named = methods.assign(kind=[context.write.say(KINDS.get(kind, kind)) for kind in methods["payment_kind"]])
    columns = [
        Column("payment_method", "Payment method", "text"),
        Column("kind", "Kind", "text"),
        *metric_columns(NAMES, compared=context.before is not None),
    ]
    yield workbook_table(
        "payment_methods", "Methods and kinds of payment", with_changes(named, NAMES), columns, context.write
    )
    yield parts_table(context, "by_payment_method", "Payment methods", named, columns[0], NAMES)


@section("Kinds of payment by day")
def by_day(context: Context) -> Iterator[Block]:
    """Which share of each day was paid in which way."""
    days = context.ask(("paid",), ("business_date", "payment_kind"), compare=False)
    if days["paid"].notna().sum() == 0:
        yield sentence(context.write.say(NOTHING), "mozg-empty muted", empty=True)
        return
    wide = days.pivot_table(index="business_date", columns="payment_kind", values="paid", aggfunc="sum").astype(float)
    kinds = [kind for kind in KINDS if kind in wide]
    rows = wide[kinds].fillna(0.0).reset_index()
    names = [context.write.say(KINDS[kind]) for kind in kinds]
    yield figure(
        stacked_share(rows, "business_date", kinds, title=_cash(context), unit=context.write.money, names=names)
    )
    columns = [DAY, *(Column(kind, KINDS[kind], "money") for kind in kinds)]
    yield workbook_table("payments_by_day", "Payments by day", rows, columns, context.write)


@section("Payments by venue")
def by_venue(context: Context) -> Iterator[Block]:
    """What each venue took, how much of it in cash, and what it gave away."""
    venues = largest_first(context.ask(OF_VENUES, ("venue",)), "venue", "paid")
    yield parts_table(context, "payments_by_venue", "Payments by venue", venues, venue_column(context), OF_VENUES)


@section("On the house")
def on_the_house(context: Context) -> Iterator[Block]:
    """Whose checks the house paid."""
    waiters = context.ask(("on_the_house", "payments"), ("waiter",), compare=False)
    rows = largest_first(waiters, "waiter", "on_the_house")
    rows = rows[rows["on_the_house"].fillna(0).astype(float) > 0]
    if rows.empty:
        yield sentence(context.write.say("Nothing was on the house."), "muted")
        return
    total = context.write.value(float(rows["on_the_house"].sum()), "money")
    yield sentence(context.write.say("{amount} were on the house.", amount=total))
    first = Column("waiter", "Waiter", "text")
    yield parts_table(context, "on_the_house", "On the house by waiter", rows, first, ("on_the_house",))


def _leader(methods: pd.DataFrame, context: Context) -> str:
    known = methods.dropna(subset=["paid"])
    whole, row = float(known["paid"].sum()), known.iloc[0]
    if whole <= 0:
        return context.write.say("Nothing was paid")
    share = context.write.percent(float(row["paid"]) / whole)
    return context.write.say("{method}: {share} of what was paid", method=row["payment_method"], share=share)


def _cash(context: Context) -> str:
    share = context.ask(("cash_share",), compare=False).iloc[0]["cash_share"]
    known = None if pd.isna(share) else float(share)
    return context.write.say("{share} was paid in cash", share=context.write.percent(known))
