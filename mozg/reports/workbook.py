"""An executed notebook as an Excel workbook: a sheet about the report, then one sheet per table."""

import datetime as dt
import io
import re
from decimal import Decimal

import xlsxwriter
from nbformat import NotebookNode
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mozg.errors import ExportError
from mozg.language import words
from mozg.reports.page import generated
from mozg.reports.tables import Header, Kind, Table, Value, header, tables

_FORMATS: dict[Kind, str] = {
    "money": "#,##0.00",
    "number": "#,##0.##",
    "integer": "#,##0",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_MOST_ROWS = 1_048_575
_MOST_LETTERS = 32_767
_WIDEST = 400
# What a spreadsheet may take for a formula when a cell is edited or the sheet is saved as CSV.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def workbook(notebook: NotebookNode, title: str) -> bytes:
    """Return the workbook of an executed notebook: numbers are numbers, dates are dates, missing is empty.

    Raises:
        ExportError: a table is not of the agreed shape, or too long for a sheet.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title})
        paints = _Paints(book)
        names: set[str] = set()
        about = header(notebook, title)
        said = words(about.language)
        sheet = book.add_worksheet(_sheet_name(said.say("About"), names))
        _write_about(sheet, about, (said.say("Made"), generated(notebook)), paints)
        for table in tables(notebook):
            _write_table(book.add_worksheet(_sheet_name(table.title or table.name, names)), table, paints)
    return file.getvalue()


class _Paints:
    """The workbook's cell formats."""

    def __init__(self, book: Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 16})
        self.label: Format = book.add_format({"font_color": "#5F6B76", "valign": "top"})
        self.text: Format = book.add_format({"valign": "top"})
        self.quoted: Format = book.add_format({"valign": "top", "quote_prefix": True})
        self.kinds = {kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _FORMATS.items()}
        head = {"bold": True, "bottom": 1, "valign": "vcenter", "text_wrap": True}
        self.head: Format = book.add_format(head)
        self.head_right: Format = book.add_format(head | {"align": "right"})

    def of_text(self, text: str) -> Format:
        return self.quoted if text.startswith(_DANGEROUS) else self.text


def _write_about(sheet: Worksheet, about: Header, made: tuple[str, str], paints: _Paints) -> None:
    sheet.write_string(0, 0, about.title, paints.title)
    for row, (label, value) in enumerate([*about.lines, made], start=2):
        sheet.write_string(row, 0, label, paints.label)
        sheet.write_string(row, 1, value, paints.of_text(value))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    sheet.hide_gridlines(2)


def _write_table(sheet: Worksheet, table: Table, paints: _Paints) -> None:
    if len(table.rows) > _MOST_ROWS:
        raise ExportError(f"The table {table.name} has {len(table.rows)} rows; a sheet holds {_MOST_ROWS}.")
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.label, paints.head_right if column.numeric else paints.head)
    for row, values in enumerate(table.values(), start=1):
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _write_value(sheet, row, place, value, column.kind, paints)
    sheet.freeze_panes(1, 0)
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.autofit(_WIDEST)


def _write_value(sheet: Worksheet, row: int, place: int, value: Value, kind: Kind, paints: _Paints) -> None:
    match value:
        case None:
            return
        case Decimal():
            sheet.write_number(row, place, float(value), paints.kinds[kind])
        case dt.date():
            sheet.write_datetime(row, place, value, paints.kinds[kind])
        case str():
            text = value if len(value) <= _MOST_LETTERS else value[: _MOST_LETTERS - 1] + "…"
            sheet.write_string(row, place, text, paints.of_text(text))


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel accepts, 31 letters at most and unlike any other in the book, and take it."""
    base = re.sub(r"[\[\]:*?/\\\s\x00-\x1f]+", " ", wanted).strip(" '") or "Table"
    base = "History of sales" if base.casefold() == "history" else base
    name, number = base[:31].rstrip(" '"), 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[: 31 - len(f' {number}')].rstrip()} {number}"
    taken.add(name.casefold())
    return name
