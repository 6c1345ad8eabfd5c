"""What an executed notebook carries for machines: its header and its tables, beside the HTML that people see.

A page displays a table as ``text/html`` and, in the same output, as ``application/vnd.mozg.table+json``::

    {"name": "by_venue", "title": "Revenue by venue",
     "columns": [{"name": "revenue", "label": "Revenue", "kind": "money"}], "rows": [["120.50"], [null]]}

and the report's header as ``application/vnd.mozg.header+json``::

    {"title": …, "lines": [[label, value], …], "language": "ru", "locale": "ru_RU", "timezone": "Europe/Moscow",
     "currency": "RUB"}
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar

from nbformat import NotebookNode
from pydantic import TypeAdapter, ValidationError

from mozg.errors import ExportError
from mozg.language.words import SOURCE
from mozg.pages.blocks import HEADER_MIME, TABLE_MIME

Kind = Literal["money", "number", "integer", "percent", "date", "datetime", "weekday", "text"]
Shape = TypeVar("Shape", "Table", "Header")
Value = Decimal | dt.date | dt.datetime | str | None

#: The kinds that are figures: aligned right, and numbers in a workbook.
NUMERIC: tuple[Kind, ...] = ("money", "number", "integer", "percent")


@dataclass(frozen=True)
class Column:
    """A table's column. `kind` says what its values are and how they are written.

    `head` is what stands over it where its neighbours make clear what is meant. A column that is not `shown` is for
    the workbook alone; a `signed` one has a plus before growth. `decimals` are those of all its numbers, None: each
    is written by its size.
    """

    name: str
    label: str
    kind: Kind
    head: str = ""
    shown: bool = True
    signed: bool = False
    decimals: int | None = None

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.kind in NUMERIC

    def value(self, raw: Any) -> Value:
        """Return a cell's value as its kind: Decimal, date, datetime or str; None is missing.

        Raises:
            ValueError, ArithmeticError: the cell does not hold what its column says.
        """
        if raw is None:
            return None
        if self.kind == "date":
            return dt.date.fromisoformat(raw)
        if self.kind == "datetime":
            return dt.datetime.fromisoformat(raw).replace(tzinfo=None)
        return _finite(raw) if self.numeric else str(raw)


@dataclass(frozen=True)
class Table:
    """A table of a report; `rows` hold the values in the order of `columns`."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def values(self) -> Iterator[list[Value]]:
        """Yield each row's values, typed.

        Raises:
            ExportError: a row is of the wrong length or a cell does not hold what its column says.
        """
        for number, row in enumerate(self.rows, start=1):
            try:
                yield [column.value(raw) for column, raw in zip(self.columns, row, strict=True)]
            except (ValueError, TypeError, ArithmeticError) as error:
                raise ExportError(f"Row {number} of the table {self.name} cannot be read: {error}.") from error


@dataclass(frozen=True)
class Header:
    """What a report says about itself, in its language: organisation, venues, period, freshness, snapshot.

    ``locale``, ``timezone`` and ``currency`` are the organisation's.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    language: str = SOURCE
    locale: str = SOURCE
    timezone: str = "UTC"
    currency: str | None = None


def tables(notebook: NotebookNode) -> list[Table]:
    """Return the tables of an executed notebook, in its order.

    Raises:
        ExportError: a table is not of the agreed shape.
    """
    return [_read(Table, raw) for raw in outputs(notebook, TABLE_MIME)]


def header(notebook: NotebookNode, title: str) -> Header:
    """Return the report's header, or one with `title` alone if the notebook shows none.

    Raises:
        ExportError: the header is not of the agreed shape.
    """
    found = next(outputs(notebook, HEADER_MIME), None)
    return Header(title, ()) if found is None else _read(Header, found)


def outputs(notebook: NotebookNode, mime: str) -> Iterator[Any]:
    """Yield what the notebook's outputs carry of the type `mime`."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield output["data"][mime]


def _read(shape: type[Shape], raw: Any) -> Shape:
    try:
        return TypeAdapter(shape).validate_python(raw)
    except ValidationError as error:
        raise ExportError(f"The notebook carries a broken {shape.__name__.lower()}: {error}") from error


def _finite(raw: Any) -> Decimal:
    number = Decimal(str(raw))
    if not number.is_finite():
        raise ValueError(f"{raw} is not a number; a missing value is null")
    return number
