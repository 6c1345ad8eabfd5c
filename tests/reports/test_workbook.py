import datetime as dt
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from openpyxl import Workbook, load_workbook

from mozg.errors import ExportError
from mozg.reports.tables import HEADER_MIME, TABLE_MIME
from mozg.reports.workbook import workbook


def _book(*shown: dict[str, Any], mime: str = TABLE_MIME) -> Workbook:
    outputs = [nbformat.v4.new_output("display_data", {mime: table}) for table in shown]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])
    return load_workbook(io.BytesIO(workbook(notebook, "T")))


def _table(rows: list[list[Any]], kind: str = "text", title: str = "T", name: str = "t") -> dict[str, Any]:
    return {"name": name, "title": title, "columns": [{"name": "c", "label": "C", "kind": kind}], "rows": rows}


def test_one_sheet_about_the_report_and_one_per_table(exported: dict[str, Path]) -> None:
    book = load_workbook(exported["xlsx"])
    assert book.sheetnames == ["About", "Выручка по заведениям", "Блюда"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=3)}
    assert book["About"]["A1"].value == "Продажи за неделю"
    assert about["Организация"] == "demo"
    assert about["Снимок"] == "42"
    assert about["Made"].endswith("UTC")
    assert book["Блюда"].max_row == 121


def test_numbers_are_numbers_and_dates_are_dates(exported: dict[str, Path]) -> None:
    sheet = load_workbook(exported["xlsx"])["Выручка по заведениям"]
    assert [cell.value for cell in sheet[1]] == ["Заведение", "День", "Выручка", "Чеки", "Доля"]
    assert [cell.value for cell in sheet[2]] == ["Кафе на Тверской", dt.datetime(2026, 1, 1), 120500.5, 310, 0.615]
    assert [cell.number_format for cell in sheet[2]][1:] == ["yyyy-mm-dd", "#,##0.00", "#,##0", "0.0%"]
    assert [cell.value for cell in sheet[3]][2:] == [None, None, None]
    assert load_workbook(exported["xlsx"])["Блюда"]["C2"].value == dt.datetime(2026, 1, 3, 21, 40)


def test_the_head_stays_filters_and_columns_are_wide_enough(exported: dict[str, Path]) -> None:
    sheet = load_workbook(exported["xlsx"])["Выручка по заведениям"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"
    assert sheet.column_dimensions["A"].width > len("Кафе на Тверской")


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 999", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "http://x"]
)
def test_a_text_never_becomes_a_formula_or_a_link(text: str) -> None:
    cell = _book(_table([[text]]))["T"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None
    assert cell.style is not None
    assert cell.quotePrefix == (not text.startswith("http"))


def test_the_header_is_guarded_too() -> None:
    book = _book({"title": "T", "lines": [["Venues", "=cmd|'/c calc'!A1"]]}, mime=HEADER_MIME)
    assert book["About"]["B3"].data_type == "s"
    assert book["About"]["B3"].quotePrefix


def test_sheet_names_are_valid_and_unlike() -> None:
    titles = ["A/B: [чеки]?*", "О" * 40, "о" * 40, "History", "about", "'", ""]
    names = _book(*[_table([], title=title, name="spare") for title in titles]).sheetnames
    assert names == ["About", "A B чеки", "О" * 31, "о" * 29 + " 2", "History of sales", "about 2", "Table", "spare"]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("money", "NaN", "Row 1 of the table t cannot be read: NaN is not a number"),
        ("money", "12,50", "Row 1 of the table t"),
        ("integer", "Infinity", "a missing value is null"),
        ("date", "31.01.2026", "Row 1 of the table t"),
        ("colour", "red", "broken table"),
    ],
)
def test_a_broken_table_is_named(kind: str, value: str, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        _book(_table([[value]], kind))


def test_a_row_of_the_wrong_length_is_named() -> None:
    with pytest.raises(ExportError, match="Row 2 of the table t"):
        _book(_table([["a"], ["a", "b"]]))


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    value = _book(_table([["x" * 40_000]]))["T"]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_a_workbook_is_in_the_language_of_its_report() -> None:
    header = {"title": "Продажи", "lines": [["Организация", "Проба"]], "language": "ru"}
    sheet = _book(header, mime=HEADER_MIME)["Об отчёте"]
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == ["Организация", "Создано"]
