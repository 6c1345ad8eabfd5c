"""Rows of an Excel workbook, every cell as text."""

import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mozg.errors import ImportFileError

from .separated import Rows

ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"


def excel_rows(raw: bytes, path: Path, sheet: str | None, decimal: str) -> Rows:
    """Return ``[(row, cells)]`` of ``sheet`` (the first one by default); ``row`` is Excel's own row number.

    Numbers are written with ``decimal`` so that they agree with numbers that the workbook holds as text; dates and
    times in ISO form. Raises `ImportFileError` for a broken workbook or an unknown sheet.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl tells of styles and extensions it passes over
            workbook = load_workbook(BytesIO(raw), read_only=True, data_only=True)
            rows = _sheet_rows(workbook, path, sheet, decimal)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, SyntaxError, EOFError, ValueError, zlib.error) as error:
        raise ImportFileError(
            f"{path.name} is not a whole Excel workbook ({error}); it was probably cut short. Save it again."
        ) from error
    while rows and not any(rows[-1][1]):
        rows.pop()
    return rows


def refuse_old_excel(path: Path) -> ImportFileError:
    """Return the error for a workbook in the format of Excel 97-2003."""
    return ImportFileError(f"{path.name} is in the old .xls format. Open it and save it as .xlsx or CSV.")


def _sheet_rows(workbook: Workbook, path: Path, sheet: str | None, decimal: str) -> Rows:
    names = workbook.sheetnames
    if sheet is not None and sheet not in names:
        raise ImportFileError(f"{path.name} has no sheet {sheet!r}. Its sheets are: {', '.join(names)}.")
    values = workbook[sheet or names[0]].iter_rows(values_only=True)
    return [(row, [_text(value, decimal) for value in cells]) for row, cells in enumerate(values, start=1)]


def _text(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)).replace(".", decimal)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
