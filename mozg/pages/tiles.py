"""Headline numbers as tiles: the value, its change in words and signs, and the line of its days."""

from collections.abc import Iterable, Sequence
from html import escape

from mozg.analysis.change import Change
from mozg.charts import sparkline
from mozg.language import later
from mozg.pages.blocks import Block, markup
from mozg.pages.writing import HouseWriter

_VERDICTS = {"better": "mozg-good", "worse": "mozg-bad"}
_ARROWS = {True: "▲", False: "▼"}
#: What an arrow and its colour say, by whether the number rose and whether that pleases.
_SPOKEN = {
    (True, "better"): later("up (better)"),
    (True, "worse"): later("up (worse)"),
    (True, "unknown"): later("up"),
    (False, "better"): later("down (better)"),
    (False, "worse"): later("down (worse)"),
    (False, "unknown"): later("down"),
}


def tiles(changes: Iterable[tuple[Change, Sequence[object]]], write: HouseWriter) -> Block:
    """Return one tile per metric; with each change come the metric's values by day, for the line."""
    shown = list(changes)
    listed = "".join(_tile(change, days, write) for change, days in shown)
    counted = {write.say(change.metric.title): write.say(change.metric.definition) for change, _ in shown}
    told = [_for_machines(change, write) for change, _ in shown]
    return markup(f'<dl class="mozg-tiles">{listed}</dl>', counted=counted, tiles=told)


def _for_machines(change: Change, write: HouseWriter) -> dict[str, str]:
    """What a mail shows of a tile."""
    value = write.value(None if change.now is None else float(change.now), change.metric.unit)
    said = "" if change.difference is None else _amount(change, write)
    moved = said if said in ("", write.say("no change")) else f"{_arrow(change)} {said}"
    return {"title": write.say(change.metric.title), "value": value, "moved": moved, "verdict": change.verdict}


def _tile(change: Change, days: Sequence[object], write: HouseWriter) -> str:
    value = write.value(None if change.now is None else float(change.now), change.metric.unit)
    exact = write.exact(None if change.now is None else float(change.now), change.metric.unit)
    title, definition = write.say(change.metric.title), write.say(change.metric.definition)
    line = sparkline(days) if len(days) > 1 else ""
    return (
        f'<div class="mozg-tile"><dt title="{escape(definition)}">{escape(title)}</dt>'
        f'<dd><strong title="{escape(exact)}">{escape(value)}</strong>{_moved(change, write)}{line}</dd></div>'
    )


def _arrow(change: Change) -> str:
    return _ARROWS[(change.difference or 0) > 0]


def _amount(change: Change, write: HouseWriter) -> str:
    amount = write.difference(float(change.difference or 0), change.metric.unit)
    relative = "" if change.metric.unit == "share" else write.growth(change.ratio)
    same = amount == write.say("no change")
    return f"{relative} ({amount})" if relative and change.ratio is not None and not same else amount


def _moved(change: Change, write: HouseWriter) -> str:
    if change.difference is None:
        return ""
    shown, rose = _amount(change, write), change.difference > 0
    if shown == write.say("no change"):
        return f'<span class="mozg-change">{escape(shown)}</span>'
    arrow = f'<span aria-hidden="true">{_arrow(change)}</span>'
    said = write.say(_SPOKEN[rose, change.verdict])
    return (
        f'<span class="mozg-change {_VERDICTS.get(change.verdict, "")}">{arrow} '
        f'<span class="mozg-unseen">{escape(said)}: </span>{escape(shown)}</span>'
    )
