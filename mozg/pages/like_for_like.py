"""The sections of like-for-like: what the chain grew by itself, and what new and closed venues added."""

from collections.abc import Iterator

import pandas as pd

from mozg.analysis.growth import CLOSED, COMPARABLE, OPENED, Growth, growth, with_kinds
from mozg.charts import ranked_bars
from mozg.language import later
from mozg.metrics.query import comparable_venues
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.parts import by_date, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, with_changes

CHOOSE = later("Choose a period to compare with.")
HOW = later(
    "Venues that were open before the earlier period began and traded in both. The change of all venues is theirs, "
    "what opened venues brought more, and what closed venues brought before."
)
KINDS = {COMPARABLE: later("comparable"), OPENED: later("opened"), CLOSED: later("closed")}
NAMES = ("revenue", "checks", "guests", "average_check")


@section("Growth in short")
def in_short(context: Context) -> Iterator[Block]:
    """How much comparable venues grew, beside all of them."""
    if context.before is None:
        yield sentence(context.write.say(CHOOSE))
        return
    found = growth(_venues(context))
    yield sentence(_grew(found, context))
    yield table("growth", "What growth is made of", _parts(found, context), _PARTS, context.write)
    yield explained(context.write.say("Like for like"), context.write.say(HOW))


@section("Comparable venues over time")
def over_time(context: Context) -> Iterator[Block]:
    """The daily revenue of comparable venues in both periods."""
    same = _comparable(context)
    if not same:
        yield sentence(context.write.say("No venue was open in both periods."), "mozg-empty muted")
        return
    days = context.ask(("revenue",), ("venue", "business_date"))
    days = days[days["venue"].isin(same)]
    sums = days.groupby("business_date", as_index=False)[["revenue", "revenue_before"]].sum(min_count=1)
    yield by_date(context, sums, "revenue", _alone(growth(_venues(context)), context), before="revenue_before")


@section("Venues by growth")
def by_venue(context: Context) -> Iterator[Block]:
    """Each venue's growth, comparable ones first, the fastest on top."""
    if context.before is None:
        yield sentence(context.write.say(CHOOSE), "muted")
        return
    rows = with_changes(_venues(context), NAMES)
    comparable = rows[rows["kind"] == COMPARABLE].sort_values("revenue_change", ascending=False, na_position="last")
    if len(comparable):
        title = _fastest(comparable, context)
        unit = context.write.money
        yield figure(ranked_bars(comparable, "venue", "revenue", "revenue_before", title=title, unit=unit))
    others = rows[rows["kind"] != COMPARABLE].sort_values("difference", ascending=False)
    told = pd.concat([comparable, others], ignore_index=True)
    told["said"] = [context.write.say(KINDS[kind]) for kind in told["kind"]]
    columns = [
        venue_column(context),
        Column("said", "Kind", "text"),
        Column("difference", "Difference of revenue", "money", signed=True),
        *metric_columns(NAMES, compared=True),
    ]
    yield table("growth_by_venue", "Venues by growth", told, columns, context.write)


_PARTS = [
    Column("part", "Part", "text"),
    Column("venues", "Venues", "integer"),
    Column("difference", "Difference of revenue", "money", signed=True),
    Column("growth", "Growth", "percent", signed=True),
]


def _comparable(context: Context) -> set[str]:
    if context.before is None:
        return set()

    def found() -> set[str]:
        assert context.before is not None
        ids = comparable_venues(context.answers.lake, context.during, context.before)
        return {context.allowed[id_] for id_ in ids if id_ in context.allowed}.intersection(context.venues)

    return context.once("comparable", found)


def _venues(context: Context) -> pd.DataFrame:
    rows = context.ask(NAMES, ("venue",)).dropna(subset="venue").reset_index(drop=True)
    return with_kinds(rows, _comparable(context))


def _parts(found: Growth, context: Context) -> pd.DataFrame:
    """The parts that there are: no line tells that no venue was closed."""
    counts = _venues(context)["kind"].value_counts()
    rows = [
        ("Comparable venues", counts.get(COMPARABLE, 0), found.comparable, found.like_for_like),
        ("Opened venues", counts.get(OPENED, 0), found.opened, None),
        ("Closed venues", counts.get(CLOSED, 0), found.closed, None),
        ("All venues", int(counts.sum()), found.whole, found.total),
    ]
    said = [(context.write.say(_PART_NAMES[part]), *values) for part, *values in rows if values[0]]
    return pd.DataFrame(said, columns=["part", "venues", "difference", "growth"], dtype=object)


_PART_NAMES = {
    "Comparable venues": later("Comparable venues"),
    "Opened venues": later("Opened venues"),
    "Closed venues": later("Closed venues"),
    "All venues": later("All venues"),
}


def _grew(found: Growth, context: Context) -> str:
    write = context.write
    if found.like_for_like is None:
        return write.say("No venue was open in both periods.")
    whole, same = write.growth(found.total), write.growth(found.like_for_like)
    if set(_venues(context)["kind"]) == {COMPARABLE}:
        return write.say("All venues are comparable: revenue {whole}", whole=whole)
    return write.say("Comparable venues {same}, all venues {whole}", same=same, whole=whole)


def _alone(found: Growth, context: Context) -> str:
    return context.write.say("Comparable venues: revenue {same}", same=context.write.growth(found.like_for_like))


def _fastest(comparable: pd.DataFrame, context: Context) -> str:
    row = comparable.iloc[0]
    change = row["revenue_change"]
    known = None if pd.isna(change) else float(change)
    return context.write.say(
        "{venue} grew fastest: revenue {change}", venue=row["venue"], change=context.write.growth(known)
    )
