"""The dictionary of metrics and dimensions as tables in Markdown; ``docs/metrics.md`` is made from them."""

from collections.abc import Iterable

from mozg.errors import QueryError
from mozg.metrics import DIMENSIONS, FAMILIES, METRICS
from mozg.metrics.planner import plan

#: One dimension for each kind of thing that a metric can be split by.
KINDS = {"check": "channel", "dish": "dish", "payment": "payment_method"}


def metric_tables() -> str:
    """Return a heading and a table for each family: what a metric is, its unit, and what it can be split by."""
    return "\n".join(f"### {family.capitalize()}\n\n{_metrics(family)}" for family in FAMILIES)


def dimension_table() -> str:
    """Return the table of dimensions."""
    rows = ((f"`{one.name}`", one.title, one.definition) for one in DIMENSIONS.values())
    return _table(("dimension", "title", "what it is"), rows)


def _metrics(family: str) -> str:
    rows = (
        (
            f"`{one.name}`",
            one.title,
            one.unit,
            *(_can(one.needs, by) for by in KINDS.values()),
            one.definition,
            one.source,
        )
        for one in METRICS.values()
        if one.family == family
    )
    return _table(("metric", "title", "unit", *(f"by {kind}" for kind in KINDS), "definition", "source"), rows)


def _can(needs: Iterable[str], by: str) -> str:
    try:
        plan(needs, [by])
    except QueryError:
        return ""
    return "✓"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |\n" for line in lines)
