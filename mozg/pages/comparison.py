"""The sections of the comparison of periods: every metric, venue and menu group, in absolute terms and in per cent."""

from collections.abc import Iterator, Sequence

import pandas as pd

from mozg.analysis import sales as say
from mozg.analysis.change import BEFORE, Change, changes, minus, number
from mozg.charts import movers
from mozg.language import later
from mozg.metrics import METRICS
from mozg.metrics.metric import Unit
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.links import further
from mozg.pages.parts import MOST_ROWS, known_tiles, largest_first, totals, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, Kind, change_column, kind_of, table, with_changes

HEADLINE = ("revenue", "checks", "guests", "average_check", "average_per_guest", "depth")
ALL: tuple[str, ...] = (
    "revenue", "net_revenue", "gross_sales", "discounts", "refunded_amount", "void_lines_amount", "kitchen_revenue",
    "bar_revenue", "cost_of_sales", "gross_margin", "revenue_per_day", "average_check", "average_per_guest",
    "average_unit_price", "checks", "guests", "units", "lines", "trading_days", "discounted_checks", "void_lines",
    "refunds", "depth", "kitchen_depth", "bar_depth", "guests_per_check", "average_visit", "bar_share", "discount_rate",
    "void_rate", "food_cost", "cost_coverage", "guest_coverage",
)  # fmt: skip
#: The units of which each makes a table of its own: amounts and shares do not stand in one column.
_TABLES: tuple[tuple[str, str, tuple[Unit, ...], Kind], ...] = (
    ("compared_money", later("Money"), ("money",), "money"),
    ("compared_numbers", later("Numbers"), ("count", "number", "minutes"), "number"),
    ("compared_shares", later("Shares"), ("share",), "percent"),
)
CHOOSE = later("Choose a period to compare with.")


@section("What changed")
def in_short(context: Context) -> Iterator[Block]:
    """What changed in one sentence, and the headline numbers."""
    found = totals(context, HEADLINE)
    yield sentence(say.what_changed(found, context.write))
    yield known_tiles(context, HEADLINE, found)


@section("Every number beside the one before")
def every_metric(context: Context) -> Iterator[Block]:
    """All metrics of both periods with the difference and the relative change, money, numbers and shares apart."""
    if context.before is None:
        yield sentence(context.write.say(CHOOSE), "muted")
        return
    found = changes(context.ask(ALL), ALL)
    for name, title, units, kind in _TABLES:
        metrics = [change for change in found.values() if change.metric.unit in units and _known(change)]
        rows = pd.DataFrame([_row(change, context) for change in metrics], dtype=object)
        yield table(name, title, rows, _columns(kind), context.write)


@section("Venues that made the difference")
def by_venue(context: Context) -> Iterator[Block]:
    """The venues by what they added to the change of revenue."""
    venues = largest_first(context.ask(_NAMES, ("venue",)), "venue", "revenue")
    yield from _difference(context, venues, "venue", later("Venues by change of revenue"), venue_column(context))


@section("Menu groups that made the difference")
def by_category(context: Context) -> Iterator[Block]:
    """The menu groups by what they added to the change of revenue."""
    groups = largest_first(context.ask(("revenue", "units"), ("category",)), "category", "revenue")
    first = Column("category", "Menu group", "text")
    yield from _difference(context, groups, "category", later("Menu groups by change of revenue"), first)
    yield further(context, context.link("categories"))


@section("Parts of the day that made the difference")
def by_daypart(context: Context) -> Iterator[Block]:
    """Breakfast, lunch, afternoon, dinner and night by what they added to the change of revenue."""
    parts = context.ask(("revenue", "checks", "guests"), ("daypart",)).dropna(subset="daypart")
    named = parts.assign(daypart=[context.write.say(DAYPARTS[name]) for name in parts["daypart"]])
    first = Column("daypart", "Part of the day", "text")
    yield from _difference(context, named, "daypart", later("Parts of the day by change of revenue"), first)


DAYPARTS = {
    "1 breakfast": later("Breakfast, 5–11 h"),
    "2 lunch": later("Lunch, 11–16 h"),
    "3 afternoon": later("Afternoon, 16–18 h"),
    "4 dinner": later("Dinner, 18–23 h"),
    "5 night": later("Night, 23–5 h"),
}
_NAMES = ("revenue", "checks", "guests", "average_check")
_DIFFERENCE = later("{label}, difference")


def _known(change: Change) -> bool:
    return change.now is not None or change.before is not None


def _row(change: Change, context: Context) -> dict[str, object]:
    return {
        "metric": context.write.say(change.metric.title),
        "now": change.now,
        "before": change.before,
        "difference": change.difference,
        "change": change.ratio,
        "points": change.points,
    }


def _columns(kind: Kind) -> list[Column]:
    now, then = Column("now", "This period", kind, mixed=True), Column("before", "Before", kind, mixed=True)
    both = [Column("metric", "Metric", "text"), now, then]
    if kind == "percent":
        return [*both, Column("points", "Difference, points", "number", signed=True)]
    difference = Column("difference", "Difference", kind, signed=True, mixed=True)
    return [*both, difference, Column("change", "Change", "percent", signed=True)]


def _difference(context: Context, rows: pd.DataFrame, by: str, title: str, first: Column) -> Iterator[Block]:
    """Show the parts by their difference of revenue: a figure, and a table with each metric's difference and change."""
    if context.before is None:
        yield sentence(context.write.say(CHOOSE), "muted")
        return
    metrics = [name for name in rows.columns if name in METRICS]
    moved = _with_differences(rows, metrics).sort_values("revenue_difference", ascending=False, kind="stable")
    said = say.difference_title(moved, by, context.write)
    yield figure(movers(moved, by, "revenue_difference", title=said, unit=context.write.money))
    columns = [first, *(column for name in metrics for column in _metric_columns(name, first=name == metrics[0]))]
    ends = moved if len(moved) <= MOST_ROWS else pd.concat([moved.head(MOST_ROWS // 2), moved.tail(MOST_ROWS // 2)])
    yield table(f"compared_by_{by}", title, moved, columns, context.write, shown=ends)


def _metric_columns(name: str, *, first: bool) -> list[Column]:
    """Return a metric's columns; people see the difference of the first one alone, or no paper would be wide enough."""
    title, kind = METRICS[name].title, kind_of(name)
    return [
        Column(name, title, kind),
        Column(name + BEFORE, title, kind, shown=False, of=later("{label}, before")),
        Column(
            f"{name}_difference",
            title,
            kind,
            signed=True,
            shown=first,
            head=later("difference"),
            of=later("{label}, difference"),
        ),
        change_column(name),
    ]


def _with_differences(rows: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """Add what each metric rose or fell by; what adds up counts as nothing in a period in which it was not there."""
    result = with_changes(rows, metrics)
    for name in metrics:
        adds_up = METRICS[name].unit in ("money", "count") and not name.startswith("average")
        pairs = [(number(now), number(then)) for now, then in zip(rows[name], rows[name + BEFORE], strict=True)]
        filled = [((now or 0), (then or 0)) if adds_up else (now, then) for now, then in pairs]
        differences = [None if now is None or then is None else minus(now, then) for now, then in filled]
        result[f"{name}_difference"] = pd.Series(differences, dtype=object, index=rows.index)
    return result
