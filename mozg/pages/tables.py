"""Tables: rows for people, in their language, and the same rows for a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Literal

import pandas as pd

from mozg.analysis.change import BEFORE, Change, number
from mozg.language import later
from mozg.metrics import METRICS, Metric
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
_LONG, _SENTENCE = 14, 40  # letters that do not fit into a narrow column, and those that ask for a wide one
_WHOLE_MONEY = 1000  # from here on nobody looks for cents
Decimals = Mapping[str, int | None]


@dataclass(frozen=True)
class Column:
    """A column of a table: the frame's column, what people call it, and what it holds.

    ``signed`` numbers carry a plus; a column that is not ``shown`` is for the workbook alone.
    ``head`` stands over the column where the one beside it makes clear what is meant; ``of`` says what the column
    tells of what its label names: ``{label}, before``. All of these are said in the reader's language. ``link`` makes
    each value lead to another report (`Context.link`). Numbers of a column are alike and have as many decimals each,
    unless it is ``mixed``: one of several metrics. ``follows`` names the metric whose definition the numbers have,
    where the column is called otherwise.
    """

    name: str
    label: str
    kind: Kind
    signed: bool = False
    shown: bool = True
    head: str = ""
    of: str = ""
    link: Link | None = None
    follows: str = ""
    mixed: bool = False

    @property
    def metric(self) -> Metric | None:
        """The metric that defines the column: the one it follows, or that of its name, if it has that one's title."""
        found = METRICS.get(self.follows or self.name)
        return found if found is not None and (self.follows or found.title == self.label) else None

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
    """Return a column per metric; if ``compared``, also one of the other period and one of the change.

    The frame then needs the columns that `with_changes` adds.
    """
    columns = []
    for name in names:
        title, kind = METRICS[name].title, kind_of(name)
        columns.append(Column(name, title, kind))
        if compared:
            columns.append(Column(name + BEFORE, title, kind, shown=False, of=later("{label}, before")))
            columns.append(change_column(name))
    return columns


def change_column(metric: str) -> Column:
    """Return the column of a metric's change: in per cent, and of a share in percentage points."""
    name, title = metric + CHANGE, METRICS[metric].title
    if kind_of(metric) == "percent":
        of = later("{label}, change in points")
        return Column(name, title, "number", signed=True, head=later("change, pp"), of=of)
    return Column(name, title, "percent", signed=True, head=later("change"), of=later("{label}, change"))


def with_changes(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return ``frame`` with the change of each metric, ``<metric>_change``, missing where it has none.

    It is what `change_column` shows: relative, and between two shares in points.
    """
    result = frame.copy()
    for name in names:
        if name + BEFORE in frame:
            result[name + CHANGE] = _changes(frame, name)
    return result


def _changes(frame: pd.DataFrame, name: str) -> list[float | None]:
    pairs = zip(frame[name], frame[name + BEFORE], strict=True)
    changes = [Change(METRICS[name], number(now), number(before)) for now, before in pairs]
    return [change.points if kind_of(name) == "percent" else change.ratio for change in changes]


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
    visible = [column for column in columns if column.shown and not _says_nothing(column, frame)]
    styles = [_class(column, frame) for column in visible]
    decimals = {column.name: _decimals(column, frame, write) for column in visible}
    heads = zip(visible, styles, strict=True)
    head = "".join(f'<th scope="col"{style}>{escape(column.said_above(write))}</th>' for column, style in heads)
    body = "".join(_row(row, visible, styles, write, decimals) for row in seen.to_dict("records"))
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
    metrics = [column.metric for column in columns]
    return {write.say(metric.title): write.say(metric.definition) for metric in metrics if metric is not None}


def _cut(shown: int, all_: int, write: HouseWriter) -> str:
    return write.count(
        "{shown} of {n} row; the workbook has all.", "{shown} of {n} rows; the workbook has all.", all_, shown=shown
    )


def _row(
    row: dict[Any, Any], columns: Sequence[Column], styles: Sequence[str], write: HouseWriter, decimals: Decimals
) -> str:
    cells = (_cell(row, column, write, decimals[column.name]) for column in columns)
    first, *others = (f"{style}>{cell}" for style, cell in zip(styles, cells, strict=True))
    return f'<tr><th scope="row"{first}</th>{"".join(f"<td{one}</td>" for one in others)}</tr>'


def _cell(row: dict[Any, Any], column: Column, write: HouseWriter, decimals: int | None) -> str:
    text = _text(row[column.name], column, write, decimals)
    return escape(text) if column.link is None else column.link.around(text, row)


def _class(column: Column, frame: pd.DataFrame) -> str:
    if column.kind in ("date", "datetime"):
        return ' class="moment"'
    if column.kind in _NUMERIC:
        return ' class="number"'
    longest = max((len(str(text)) for text in frame[column.name].dropna()), default=0)
    return ' class="words long"' if longest > _SENTENCE else ' class="words"' if longest > _LONG else ""


def _says_nothing(column: Column, frame: pd.DataFrame) -> bool:
    """Tell whether a column of words has none in any row: only the workbook then has it."""
    return column.kind == "text" and len(frame) > 0 and not any(map(_is_said, frame[column.name]))


def _is_said(value: Any) -> bool:
    return bool(pd.notna(value) and str(value))


def _decimals(column: Column, frame: pd.DataFrame, write: HouseWriter) -> int | None:
    """Return with how many decimals all numbers of a column are written; None: each by its own size."""
    if column.kind not in ("money", "number") or column.mixed:
        return None
    sizes = [abs(float(known)) for known in map(number, frame[column.name]) if known is not None]
    cents = write.money.cents if column.kind == "money" else 2
    if not sizes or all(round(size, cents) == round(size) for size in sizes):
        return 0
    largest, smallest = max(sizes), min(size for size in sizes if size)
    if column.kind == "money":
        return 0 if largest >= _WHOLE_MONEY else cents
    if largest < 10:
        return 2
    return 1 if largest < 100 else 0 if smallest >= 1 else None


def _text(value: Any, column: Column, write: HouseWriter, decimals: int | None) -> str:
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
    return write.exact(None if known is None else float(known), kind, signed=column.signed, decimals=decimals)


def _for_machines(
    name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column], write: HouseWriter
) -> dict[str, Any]:
    return {
        "name": name,
        "title": write.say(title),
        "columns": [_column_for_machines(column, frame, write) for column in columns],
        "rows": [[_plain(row[column.name], column) for column in columns] for row in frame.to_dict("records")],
    }


def _column_for_machines(column: Column, frame: pd.DataFrame, write: HouseWriter) -> dict[str, Any]:
    told = {"name": column.name, "label": column.said(write), "head": column.said_above(write), "kind": column.kind}
    shown, decimals = column.shown and not _says_nothing(column, frame), _decimals(column, frame, write)
    return {**told, "shown": shown, "signed": column.signed, "decimals": decimals}


def _plain(value: Any, column: Column) -> str | int | float | None:
    if column.kind in _NUMERIC:
        known = number(value)
        return str(known) if isinstance(known, Decimal) else known
    if pd.isna(value):
        return None
    if column.kind == "date" and isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
