"""Tables: rows for people, in their language, and the same rows for a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Literal

import pandas as pd

from mozg.analysis.change import BEFORE, Change, number
from mozg.language import later
from mozg.metrics import METRICS
from mozg.pages.blocks import TABLE_MIME, Block, markup
from mozg.pages.links import Link
from mozg.pages.mode import mode
from mozg.pages.sortable import attributes
from mozg.pages.writing import MISSING, HouseWriter

Kind = Literal["money", "number", "integer", "percent", "date", "datetime", "weekday", "text"]
_KINDS: dict[str, Kind] = {
    "money": "money", "count": "integer", "number": "number", "share": "percent",
    "minutes": "number", "date": "date", "moment": "datetime",
}  # fmt: skip
_NUMERIC = {"money": "money", "integer": "count", "number": "number", "percent": "share"}


CHANGE = "_change"
_SHORT = 12  # rows of a table that paper does not break
_LONG = 14  # letters that do not fit into a narrow column


@dataclass(frozen=True)
class Column:
    """A column of a table: the frame's column, what people call it, and what it holds.

    ``signed`` numbers carry a plus; a column that is not ``shown`` is for the workbook alone.
    ``head`` stands over the column where the one beside it makes clear what is meant; ``of`` says what the column
    tells of what its label names: ``{label}, before``. All of these are said in the reader's language. ``link`` makes
    each value lead to another report (`Context.link`).
    """

    name: str
    label: str
    kind: Kind
    signed: bool = False
    shown: bool = True
    head: str = ""
    of: str = ""
    link: Link | None = None

    def said(self, write: HouseWriter) -> str:
        """Return the label as the reader says it."""
        label = write.say(self.label)
        return write.say(self.of, label=label) if self.of else label

    def said_above(self, write: HouseWriter) -> str:
        """Return what stands over the column on the page."""
        return write.say(self.head) if self.head else self.said(write)


def kind_of(metric: str) -> Kind:
    """Return what a column of a metric holds."""
    return _KINDS[METRICS[metric].unit]


def metric_columns(names: Sequence[str], *, compared: bool = False) -> list[Column]:
    """Return a column per metric; if ``compared``, also one of the other period and one of the relative change.

    The frame then needs the columns that `with_changes` adds.
    """
    columns = []
    for name in names:
        title, kind = METRICS[name].title, kind_of(name)
        columns.append(Column(name, title, kind))
        if compared:
            columns.append(Column(name + BEFORE, title, kind, shown=False, of=later("{label}, before")))
            of, head = later("{label}, change"), later("change")
            columns.append(Column(name + CHANGE, title, "percent", signed=True, head=head, of=of))
    return columns


def with_changes(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return ``frame`` with the relative change of each metric, ``<metric>_change``, missing where it has none."""
    result = frame.copy()
    for name in names:
        if name + BEFORE in frame:
            result[name + CHANGE] = _changes(frame, name)
    return result


def _changes(frame: pd.DataFrame, name: str) -> list[float | None]:
    pairs = zip(frame[name], frame[name + BEFORE], strict=True)
    return [Change(METRICS[name], number(now), number(before)).ratio for now, before in pairs]


def table(
    name: str,
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    write: HouseWriter,
    *,
    shown: pd.DataFrame | None = None,
) -> Block:
    """Return a table of ``frame``: the first column names its rows. People see the rows ``shown`` first, then all.

    Title and labels are given in English and said in the reader's language. With the page's script, a table is sorted
    by its columns' values and kept as CSV (`mozg.pages.sortable`); a workbook has all rows and columns.
    """
    seen, told = frame if shown is None else shown, _for_machines(name, title, frame, columns, write)
    visible = [column for column in columns if column.shown]
    styles = [_class(column, frame) for column in visible]
    heads = zip(visible, styles, strict=True)
    head = "".join(f'<th scope="col"{style}>{escape(column.said_above(write))}</th>' for column, style in heads)
    body = "".join(_row(row, visible, styles, write) for row in seen.to_dict("records"))
    cut = f'<p class="muted">{escape(_cut(len(seen), len(frame), write))}</p>' if len(seen) < len(frame) else ""
    said, more = escape(write.say(title)), attributes(told, columns, frame, write)
    css = "mozg-table mozg-short" if len(seen) <= _SHORT else "mozg-table"
    html = (
        f'<mozg-table class="{css}" role="region" aria-label="{said}" tabindex="0"{more}>'
        f'<table class="mozg"><caption>{said}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{cut}</mozg-table>"
    )
    return markup(html, table=told, counted=_counted(visible, write))


def workbook_table(name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column], write: HouseWriter) -> Block:
    """Return a table for the workbook alone: its figure stands on the page already. A dashboard has no use for it."""
    kept = [replace(column, shown=False) for column in columns]
    told = {} if mode() == "live" else {TABLE_MIME: _for_machines(name, title, frame, kept, write)}
    return Block(told, counted=_counted(columns, write))


def _counted(columns: Sequence[Column], write: HouseWriter) -> dict[str, str]:
    """The definitions of the columns that are metrics."""
    metrics = [METRICS[column.name] for column in columns if column.name in METRICS]
    return {write.say(metric.title): write.say(metric.definition) for metric in metrics}


def _cut(shown: int, all_: int, write: HouseWriter) -> str:
    return write.count(
        "{shown} of {n} row; the workbook has all.", "{shown} of {n} rows; the workbook has all.", all_, shown=shown
    )


def _row(row: dict[Any, Any], columns: Sequence[Column], styles: Sequence[str], write: HouseWriter) -> str:
    first, *others = (f"{style}>{_cell(row, column, write)}" for column, style in zip(columns, styles, strict=True))
    return f'<tr><th scope="row"{first}</th>{"".join(f"<td{one}</td>" for one in others)}</tr>'


def _cell(row: dict[Any, Any], column: Column, write: HouseWriter) -> str:
    text = _text(row[column.name], column, write)
    return escape(text) if column.link is None else column.link.around(text, row)


def _class(column: Column, frame: pd.DataFrame) -> str:
    if column.kind in ("date", "datetime"):
        return ' class="moment"'
    if column.kind in _NUMERIC:
        return ' class="number"'
    longest = max((len(str(text)) for text in frame[column.name].dropna()), default=0)
    return ' class="words"' if longest > _LONG else ""


def _text(value: Any, column: Column, write: HouseWriter) -> str:
    if pd.isna(value):
        return MISSING
    match column.kind:
        case "text":
            return str(value)
        case "date":
            return write.day(value)
        case "datetime":
            return write.moment(value)
    known = number(value)
    kind: Any = _NUMERIC[column.kind]
    return write.exact(None if known is None else float(known), kind, signed=column.signed)


def _for_machines(
    name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column], write: HouseWriter
) -> dict[str, Any]:
    return {
        "name": name,
        "title": write.say(title),
        "columns": [_column_for_machines(column, write) for column in columns],
        "rows": [[_plain(row[column.name], column) for column in columns] for row in frame.to_dict("records")],
    }


def _column_for_machines(column: Column, write: HouseWriter) -> dict[str, Any]:
    told = {"name": column.name, "label": column.said(write), "head": column.said_above(write), "kind": column.kind}
    return {**told, "shown": column.shown, "signed": column.signed}


def _plain(value: Any, column: Column) -> str | int | float | None:
    if column.kind in _NUMERIC:
        known = number(value)
        return str(known) if isinstance(known, Decimal) else known
    if pd.isna(value):
        return None
    if column.kind == "date" and isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
