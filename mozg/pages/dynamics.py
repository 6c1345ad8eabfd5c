"""The sections of dynamics: any metric over time, beside the period before and beside last year."""

from collections.abc import Iterator

from mozg.analysis.change import Change, changes
from mozg.language import later
from mozg.metrics import METRICS, Period, comparison
from mozg.pages.blocks import Block, sentence
from mozg.pages.context import Context
from mozg.pages.links import further
from mozg.pages.parts import by_date, largest_first, parts_table, venue_column
from mozg.pages.section import section
from mozg.pages.tables import Column, metric_columns, table, with_changes, workbook_table

#: The metrics that the page offers to go on with.
OFFERED = (
    "revenue", "checks", "guests", "average_check", "average_per_guest", "depth", "bar_share", "food_cost",
    "discount_rate", "void_rate",
)  # fmt: skip
#: More steps than these are for the workbook: the figure shows them already.
MOST_ROWS = 31
STEPS = {"business_date": later("Day"), "week": later("Week of"), "month": later("Month")}
_UP = {
    "previous": later("{metric} {value}: {change} on the period before"),
    "last_year": later("{metric} {value}: {change} on last year"),
}
_BESIDE = {"previous": later("Beside the period before"), "last_year": later("Beside last year")}
_PARTLY = {
    "previous": later("{metric} {value}; the data begin on {day}, inside the period before"),
    "last_year": later("{metric} {value}; the data begin on {day}, inside last year"),
}
_ALONE = {
    "previous": later("{metric} {value}; the period before is not known"),
    "last_year": later("{metric} {value}; last year is not known"),
}


@section("Beside the period before")
def beside_previous(context: Context) -> Iterator[Block]:
    """The metric step by step beside the weeks before."""
    yield from _beside(context, "previous")


@section("Beside last year")
def beside_last_year(context: Context) -> Iterator[Block]:
    """The metric step by step beside the same weekdays a year before."""
    yield from _beside(context, "last_year")


@section("By venue")
def by_venue(context: Context) -> Iterator[Block]:
    """The metric of each venue beside last year, if all of that is known."""
    metric, before = _metric(context), _before(context, "last_year")
    venues = context.ask_of(context.during, (metric,), ("venue",), None if context.begins_inside(before) else before)
    rows = largest_first(venues, "venue", metric)
    yield parts_table(context, "dynamics_by_venue", "By venue", rows, venue_column(context), (metric,))


@section("Other metrics")
def others(context: Context) -> Iterator[Block]:
    """Links to this page with another metric."""
    links = [(name, context.link("dynamics", metric=name)) for name in OFFERED if name != _metric(context)]
    named = [context.write.say(METRICS[name].title) for name, link in links if link]
    yield further(context, *(link and link.named(title) for (_, link), title in zip(links, named, strict=False)))


def _metric(context: Context) -> str:
    return str(context.options.get("metric", "revenue"))


def _step(context: Context) -> str:
    """The step that was asked for, or the one that suits the length of the period."""
    asked = str(context.options.get("step", "auto"))
    if asked in ("week", "month"):
        return asked
    long = asked == "auto" and len(context.during) > 100
    return ("month" if len(context.during) > 370 else "week") if long else "business_date"


def _before(context: Context, word: str) -> Period:
    before = comparison(context.during, word)
    assert before is not None
    return before


def _beside(context: Context, word: str) -> Iterator[Block]:
    metric, step, before = _metric(context), _step(context), _before(context, word)
    rows = context.ask_of(context.during, (metric,), (step,), before)
    found = changes(context.ask_of(context.during, (metric,), (), before), (metric,))[metric]
    names = (context.write.span(context.during), context.write.span(before))
    drawn = f"{metric}_before" if rows[f"{metric}_before"].notna().any() else None
    if found.now is None and found.before is None:
        yield sentence(context.write.say("The tills do not tell this metric."), "mozg-empty muted", empty=True)
        return
    title = _partly(found, word, before, context) or _title(found, word, context)
    yield by_date(context, rows, metric, title, x=step, before=drawn, names=names)
    columns = [Column(step, STEPS[step], "date"), *metric_columns((metric,), compared=True)]
    show = table if len(rows) <= MOST_ROWS else workbook_table
    yield show(f"dynamics_{word}", _BESIDE[word], with_changes(rows, (metric,)), columns, context.write)


def _partly(found: Change, word: str, before: Period, context: Context) -> str:
    """Say that the period before is known in part alone: growth on half a period would be none."""
    first = context.begins_inside(before)
    if first is None or found.difference is None:
        return ""
    value = context.write.value(None if found.now is None else float(found.now), found.metric.unit)
    metric, day = context.write.say(found.metric.title), context.write.day(first)
    return context.write.say(_PARTLY[word], metric=metric, value=value, day=day)


def _title(found: Change, word: str, context: Context) -> str:
    write, unit = context.write, found.metric.unit
    name = write.say(found.metric.title)
    value = write.value(None if found.now is None else float(found.now), unit)
    if found.difference is None:
        return write.say(_ALONE[word], metric=name, value=value)
    share = unit == "share" or found.ratio is None
    moved = write.difference(float(found.difference), unit) if share else write.growth(found.ratio)
    return write.say(_UP[word], metric=name, value=value, change=moved)
