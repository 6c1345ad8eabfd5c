"""Headline numbers as tiles: the value, its change in words and signs, and the line of its days."""

from collections.abc import Iterable, Sequence
from html import escape

from mozg.analysis.change import Change
from mozg.charts import sparkline
from mozg.pages.blocks import Block, markup
from mozg.pages.writing import NO_CHANGE, HouseWriter

_VERDICTS = {"better": "mozg-good", "worse": "mozg-bad"}
_ARROWS = {True: "▲", False: "▼"}


def tiles(changes: Iterable[tuple[Change, Sequence[object]]], write: HouseWriter) -> Block:
    """Return one tile per metric; with each change come the metric's values by day, for the line."""
    listed = "".join(_tile(change, days, write) for change, days in changes)
    return markup(f'<dl class="mozg-tiles">{listed}</dl>')


def _tile(change: Change, days: Sequence[object], write: HouseWriter) -> str:
    value = write.value(None if change.now is None else float(change.now), change.metric.unit)
    exact = write.exact(None if change.now is None else float(change.now), change.metric.unit)
    line = sparkline(days) if len(days) > 1 else ""
    return (
        f'<div class="mozg-tile"><dt title="{escape(change.metric.definition)}">{escape(change.metric.title)}</dt>'
        f'<dd><strong title="{escape(exact)}">{escape(value)}</strong>{_moved(change, write)}{line}</dd></div>'
    )


def _moved(change: Change, write: HouseWriter) -> str:
    if change.difference is None:
        return ""
    amount = write.difference(float(change.difference), change.metric.unit)
    if amount == NO_CHANGE:
        return f'<span class="mozg-change">{NO_CHANGE}</span>'
    arrow = f'<span aria-hidden="true">{_ARROWS[change.difference > 0]}</span>'
    relative = "" if change.metric.unit == "share" else write.growth(change.ratio)
    said = " ".join(filter(None, ["up" if change.difference > 0 else "down", _judged(change)]))
    shown = f"{relative} ({amount})" if relative and change.ratio is not None else amount
    return (
        f'<span class="mozg-change {_VERDICTS.get(change.verdict, "")}">{arrow} '
        f'<span class="mozg-unseen">{said}: </span>{escape(shown)}</span>'
    )


def _judged(change: Change) -> str:
    return f"({change.verdict})" if change.verdict in _VERDICTS else ""
