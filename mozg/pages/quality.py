"""The sections of the report on data quality: what is wrong in the books, the money behind it, how to mend it."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mozg.charts import compared_lines, ranked_bars
from mozg.language import later
from mozg.metrics import quality
from mozg.metrics.quality import RULES
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.quality_words import MENDS, STREAMS, TERMS, TITLES
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table

MOST_ROWS = 40
_RULE = Column("title", "Rule", "text")
_VENUE = Column("venue", "Venue", "text")
_COUNTS = (
    Column("found", "Found", "integer"),
    Column("of", "Of", "integer"),
    Column("share", "Share", "percent"),
    Column("amount", "Money behind it", "money"),
)


@section("Data quality in short")
def in_short(context: Context) -> Iterator[Block]:
    """How many of the rules hold everywhere, and which one has most money behind it."""
    rules = _by_rule(context)
    kept = int((rules["found"] == 0).sum())
    yield sentence(
        context.write.count(
            "{n} rule of {all} that can be checked holds everywhere.",
            "{n} rules of {all} that can be checked hold everywhere.",
            kept,
            all=len(rules),
        )
    )
    broken = rules[rules["found"] > 0]
    if not broken.empty:
        worst = broken.iloc[0]
        said = later("Most money stands behind this rule: {rule} ({money}, {share} of what was looked at).")
        values = {
            "money": context.write.value(float(worst["amount"]), "money"),
            "share": context.write.percent(worst["share"]),
        }
        yield sentence(context.write.say(said, rule=worst["title"], **values), "")
    yield from (explained(context.write.say(TITLES[name]), context.write.say(term)) for name, term in TERMS.items())


@section("The rules")
def by_rule(context: Context) -> Iterator[Block]:
    """Every rule: how often it was broken, of how many, and the money behind it."""
    rules = _by_rule(context)
    broken = rules[rules["amount"] > 0]
    if not broken.empty:
        title = context.write.say("{rule}: most money", rule=broken.iloc[0]["title"])
        yield figure(ranked_bars(broken, "title", "amount", title=title, unit=context.write.money))
    yield table("rules", "Rules of good books", rules, [_RULE, *_COUNTS], context.write)
    unmeasured = [context.write.say(TITLES[name]) for name in RULES if name not in set(rules["rule"])]
    if unmeasured:
        said = context.write.say(
            "Not measured, because no till tells what is needed: {rules}.", rules="; ".join(unmeasured)
        )
        yield sentence(said, "muted")


@section("How to mend it at the till")
def mending(context: Context) -> Iterator[Block]:
    """For each rule that was broken, what to change, the one with most money first."""
    broken = _by_rule(context).query("found > 0")
    if broken.empty:
        yield sentence(context.write.say("Nothing needs mending."), "muted")
        return
    for name, title in zip(broken["rule"], broken["title"], strict=True):
        yield sentence(f"{title}. {context.write.say(MENDS[name])}", "")


@section("Venue by venue")
def by_venue(context: Context) -> Iterator[Block]:
    """Where each rule was broken: a row per venue and rule, the most money first."""
    found = _summed(context, "venue", "rule").query("found > 0")
    if found.empty:
        yield sentence(context.write.say("No venue broke a rule."), "muted")
        return
    columns = [_VENUE, _RULE, *_COUNTS]
    yield table("by_venue", "Rules by venue", found, columns, context.write, shown=found.head(MOST_ROWS))


@section("Week by week")
def by_week(context: Context) -> Iterator[Block]:
    """How much was found in each week; the workbook has every venue, week and rule."""
    weeks = _summed(context, "week").sort_values("week")
    weeks = weeks.assign(rate=[1000 * share for share in weeks["share"]])
    first, last = (context.write.value(float(weeks.iloc[at]["rate"]), "number") for at in (0, -1))
    title = context.write.say("From {first} to {last} faults per 1,000 things looked at", first=first, last=last)
    yield figure(compared_lines(weeks, "week", "rate", title=title, unit=context.write.unit("number")))
    every = _findings(context).sort_values(["week", "venue", "rule"])
    columns = [Column("week", "Week of", "date"), _VENUE, _RULE, *_COUNTS]
    yield workbook_table("by_week", "Rules by venue and week", every, columns, context.write)


@section("Receipts and cash shifts")
def reconciliation(context: Context) -> Iterator[Block]:
    """The days on which what was read does not agree with the till's own totals."""
    days = _placed(quality.days_off(context.answers.lake, _ids(context), context.during), context)
    told = _by_rule(context).query("rule == 'reconciliation'")
    if told.empty:
        yield sentence(context.write.say("No till tells its cash shifts, so nothing could be compared."), "muted")
        return
    if days.empty:
        said = context.write.count(
            "On {n} day of {n} the receipts agree with the tills' cash shifts.",
            "On all {n} days the receipts agree with the tills' cash shifts.",
            int(told.iloc[0]["of"]),
        )
        yield sentence(said, "muted")
        return
    columns = [
        _VENUE,
        Column("business_date", "Day", "date"),
        Column("till_revenue", "Cash shifts", "money"),
        Column("revenue", "Receipts", "money"),
        Column("difference", "Difference", "money", signed=True),
    ]
    yield table("days_off", "Days that differ", days, columns, context.write, shown=days.head(MOST_ROWS))


@section("What the tills do not tell")
def untold(context: Context) -> Iterator[Block]:
    """Which streams a venue's till lacks, and which could not be read and why."""
    missing = _placed(quality.untold(context.answers.lake, _ids(context)), context)
    if missing.empty:
        yield sentence(context.write.say("The tills tell everything that reports ask for."), "muted")
        return
    lacking = context.write.say("the till does not have it")
    missing = missing.assign(
        title=[context.write.say(STREAMS.get(name, name)) for name in missing["stream"]],
        why=missing["trouble"].fillna(lacking),
    )
    rows = missing.groupby(["title", "why"], as_index=False).agg(venue=("venue", ", ".join), venues=("venue", "size"))
    everywhere = context.write.say("everywhere")
    rows["venue"] = rows["venue"].where(rows["venues"] < len(context.venues), everywhere)
    columns = [Column("title", "What", "text"), Column("why", "Why", "text"), Column("venue", "Where", "text")]
    yield table("untold", "What is missing", rows, columns, context.write, shown=rows.head(MOST_ROWS))


def _ids(context: Context) -> list[int]:
    return [id_ for id_, name in context.allowed.items() if name in context.venues]


def _placed(found: pd.DataFrame, context: Context) -> pd.DataFrame:
    return found.assign(venue=[context.allowed[id_] for id_ in found["venue_id"]])


def _findings(context: Context) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        return _titled(_placed(quality.findings(context.answers.lake, _ids(context), context.during), context), context)

    return context.once("findings", read)


def _titled(found: pd.DataFrame, context: Context) -> pd.DataFrame:
    share = [float(broken) / all_ for broken, all_ in zip(found["found"], found["of"], strict=True)]
    if "rule" not in found:
        return found.assign(share=share)
    return found.assign(title=[context.write.say(TITLES[name]) for name in found["rule"]], share=share)


def _summed(context: Context, *by: str) -> pd.DataFrame:
    """Sum what was found by columns, the most money first, then the most found."""
    sums: dict[str, Any] = {name: (name, "sum") for name in ("found", "of", "amount")}
    summed = _findings(context).groupby(list(by), as_index=False).agg(**sums)
    return _titled(summed, context).sort_values(["amount", "found"], ascending=False, kind="stable")


def _by_rule(context: Context) -> pd.DataFrame:
    return context.once("rules", lambda: _summed(context, "rule"))
