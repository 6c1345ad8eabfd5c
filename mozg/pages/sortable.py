"""What the script ``tables.js`` needs to sort a table by value, to show all of it, and to keep it as CSV.

It is JSON in an attribute, which Voila, a shadow tree and a file all keep. Without the script the table is read as it
is, on paper above all. Rows that the page does not show are written by the browser, in the manner of those it shows.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
from babel.numbers import get_currency_precision

from mozg.pages.writing import HouseWriter

if TYPE_CHECKING:
    from mozg.pages.tables import Column

#: A table with more cells than these is for the workbook alone: a page has to travel to a phone.
MOST_CELLS = 40_000


def attributes(told: Mapping[str, Any], columns: Sequence["Column"], frame: pd.DataFrame, write: HouseWriter) -> str:
    """Return the attributes of a table whose rows for machines are ``told``, with a blank in front; "" if too large."""
    if len(told["rows"]) * len(columns) > MOST_CELLS:
        return ""
    given = [(column, each) for column in columns if column.link for each in column.link.each.items()]
    beside = list(dict.fromkeys(name for _, (_, name) in given if name not in {column.name for column in columns}))
    places = {name: place for place, name in enumerate([*(column.name for column in columns), *beside])}
    about = {
        "name": told["name"],
        "locale": write.locale.replace("_", "-"),
        "money": _around(write.exact(0, "money")),
        "cents": get_currency_precision(write.money.currency or ""),
        "percent": _around(write.exact(0, "share")),
        "columns": [
            _column(column, seen, write, places) for column, seen in zip(columns, told["columns"], strict=True)
        ],
        "rows": _with(told["rows"], frame, beside),
        "said": _said(write),
    }
    return f" data-table='{_attribute(about)}'"


def _column(column: "Column", told: Mapping[str, Any], write: HouseWriter, places: Mapping[str, int]) -> dict[str, Any]:
    about: dict[str, Any] = {"label": column.said(write), "kind": column.kind}
    if column.signed:
        about["signed"] = True
    if not told["shown"]:
        about["hidden"] = True
    if told["decimals"] is not None:
        about["decimals"] = told["decimals"]
    if column.link:
        about["each"] = {parameter: places[name] for parameter, name in column.link.each.items()}
    return about


def _said(write: HouseWriter) -> dict[str, str]:
    return {
        "sort": write.say("Sort by this column"),
        "all": write.say("Show all rows"),
        "few": write.say("Show fewer rows"),
        "csv": write.say("Save as CSV"),
    }


def _with(rows: list[list[Any]], frame: pd.DataFrame, names: Sequence[str]) -> list[list[Any]]:
    """The rows with columns that only links need."""
    if not names:
        return rows
    more = frame[list(names)].astype(object).where(frame[list(names)].notna(), None)
    return [[*row, *map(_text, other)] for row, other in zip(rows, more.itertuples(index=False), strict=True)]


def _text(value: Any) -> str | None:
    return None if value is None else str(value.date() if isinstance(value, pd.Timestamp) else value)


def _around(zero: str) -> str:
    """What stands around a number of this kind: ``{} ₽``."""
    return "{}".join(zero.split("0", 1))


def _attribute(about: Mapping[str, Any]) -> str:
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
    return escape(text, quote=False).replace("'", "&#39;")
