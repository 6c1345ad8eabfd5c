"""Rows of separated text: CSV, TSV and their cousins, with the row numbers of the file."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path

from mozg.errors import ImportFileError

SEPARATORS = (";", ",", "\t", "|")
SAMPLE_ROWS = 200
CELL_LIMIT = 1 << 20

Rows = list[tuple[int, list[str]]]


def separated_rows(text: str, path: Path, separator: str | None = None) -> tuple[Rows, str]:
    """Return ``([(row, cells)], separator)``; ``row`` is the line of the file on which the row begins, from 1.

    Quoted cells may hold separators and line ends. Blank lines are no rows. Raises `ImportFileError` for a quote
    that never closes and for a last row that was cut short.
    """
    chosen = separator or sniff_separator(text)
    try:
        rows = list(_rows(text, chosen))
    except csv.Error as error:
        raise ImportFileError(
            f"{path.name}: the file is cut short or a quote never closes ({error}). Export it again."
        ) from error
    _refuse_cut_end(text, rows, path)
    return rows, chosen


def sniff_separator(text: str) -> str:
    """Return the separator under which most of the first rows have the same, largest number of cells."""
    return max(SEPARATORS, key=lambda separator: _regularity(text, separator))


def _regularity(text: str, separator: str) -> tuple[float, int]:
    sample = text[: 1 << 16]
    widths = Counter(len(cells) for cells in _sample(sample, separator))
    width, rows = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
    return (rows / max(widths.total(), 1) if width > 1 else 0.0, width)


def _sample(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    return (cells for cells in islice(reader, SAMPLE_ROWS) if cells)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        if cells:
            yield begins, cells
        begins = reader.line_num + 1


def _refuse_cut_end(text: str, rows: Rows, path: Path) -> None:
    if len(rows) < 2 or text.endswith(("\n", "\r")):
        return
    row, cells = rows[-1]
    usual = len(rows[-2][1])
    if len(cells) < usual:
        raise ImportFileError(
            f"{path.name}, row {row}: the last row has {len(cells)} cells instead of {usual} and no line end; "
            "the file was cut short. Export it again."
        )
