"""Tables: rows for people, in their language, and the same rows for a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Literal

import pandas as pd

from mozg.analysis.change import BEFORE, Change, number
from mozg.metrics import METRICS
from mozg.pages.blocks import TABLE_MIME, Block, markup
from mozg.pages.writing import MISSING, HouseWriter

Kind = Literal["money", "number", "integer", "percent", "date", "datetime", "weekday", "text"]
_KINDS: dict[str, Kind] = {
    "money": "money", "count": "integer", "number": "number", "share": "percent",
    "minutes": "number", "date": "date", "moment": "datetime",
}  # fmt: skip
_NUMERIC = {"money": "money", "integer": "count", "number": "number", "percent": "share"}


CHANGE = "_change"
_SHORT = 12  # rows of a table that paper does not break


@dataclass(frozen=True)
class Column:
    """A column of a table: the frame's column, what people call it, and what it holds.

    ``signed`` numbers carry a plus; a column that is not ``shown`` is for the workbook alone.
    ``head`` stands over the column where the one beside it makes clear what is meant.
    """

    name: str
    label: str
    kind: Kind
    signed: bool = False
    shown: bool = True
    head: str = ""


def metric_columns(names: Sequence[str], *, compared: bool = False) -> list[Column]:
    """Return a column per metric; if ``compared``, also one of the other period and one of the relative change.

    The frame then needs the columns that `with_changes` adds.
    """
    columns = []
    for name in names:
        title, kind = METRICS[name].title, _KINDS[METRICS[name].unit]
        columns.append(Column(name, title, kind))
        if compared:
            columns.append(Column(name + BEFORE, f"{title}, before", kind, shown=False))
            columns.append(Column(name + CHANGE, f"{title}, change", "percent", signed=True, head="change"))
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
    """Return a table of ``frame``: the first column names its rows. People see the rows ``shown``, a workbook all."""
    seen, told = frame if shown is None else shown, columns
    columns = [column for column in columns if column.shown]
    head = "".join(
        f'<th scope="col"{_numeric(column)}>{escape(column.head or column.label)}</th>' for column in columns
    )
    body = "".join(_row(row, columns, write) for row in seen.to_dict("records"))
    cut = (
        f'<p class="muted">{len(seen)} of {len(frame)} rows; the workbook has all.</p>'
        if len(seen) < len(frame)
        else ""
    )
    css = "mozg-table mozg-short" if len(seen) <= _SHORT else "mozg-table"
    html = (
        f'<div class="{css}"><table class="mozg"><caption>{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{cut}</div>"
    )
    return markup(html, table=_for_machines(name, title, frame, told))


def workbook_table(name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column]) -> Block:
    """Return a table for the workbook alone: its figure stands on the page already."""
    return Block({TABLE_MIME: _for_machines(name, title, frame, columns)})


def _row(row: dict[Any, Any], columns: Sequence[Column], write: HouseWriter) -> str:
    first, *others = columns
    cells = "".join(f"<td{_numeric(column)}>{escape(_text(row[column.name], column, write))}</td>" for column in others)
    return f'<tr><th scope="row"{_numeric(first)}>{escape(_text(row[first.name], first, write))}</th>{cells}</tr>'


def _numeric(column: Column) -> str:
    return ' class="number"' if column.kind in _NUMERIC else ""


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
    text = write.exact(None if known is None else float(known), _NUMERIC[column.kind])  # type: ignore[arg-type]
    return f"+{text}" if column.signed and known is not None and known > 0 else text


def _for_machines(name: str, title: str, frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "columns": [{"name": column.name, "label": column.label, "kind": column.kind} for column in columns],
        "rows": [[_plain(row[column.name], column) for column in columns] for row in frame.to_dict("records")],
    }


def _plain(value: Any, column: Column) -> str | int | float | None:
    if column.kind in _NUMERIC:
        known = number(value)
        return str(known) if isinstance(known, Decimal) else known
    if pd.isna(value):
        return None
    if column.kind == "date" and isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
