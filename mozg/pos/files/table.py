"""One file as a table of text: named columns, and for each row the number under which the file shows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mozg.errors import ImportFileError, MappingError

from .decode import read_bytes, text_of
from .excel import OLD_EXCEL_MAGIC, ZIP_MAGIC, excel_rows, refuse_old_excel
from .options import FileOptions
from .separated import Rows, separated_rows

HEADER_SEARCH_ROWS = 30


@dataclass(frozen=True)
class Table:
    """A file's rows under its header. ``columns[name][i]`` is the text of row ``rows[i]`` of the file.

    ``uneven`` holds the number of cells of rows that do not have as many cells as the header, by position ``i``.
    """

    path: Path
    header: tuple[str, ...]
    columns: dict[str, list[str]]
    rows: list[int]
    uneven: dict[int, int] = field(default_factory=dict)
    encoding: str | None = None
    separator: str | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[str]:
        """Return the cells under ``name``; raises `MappingError` that lists the columns that do exist."""
        if name not in self.columns:
            raise MappingError(f"{self.path.name} has no column {name!r}. Its columns are: {', '.join(self.header)}.")
        return self.columns[name]

    def row_text(self, position: int) -> str:
        """Return one row for a person to read."""
        return " | ".join(self.columns[name][position] for name in self.header)


def read_table(path: Path, options: FileOptions | None = None) -> Table:
    """Read a CSV, TSV or Excel file, plain or gzipped, into text.

    What ``options`` leave open is taken from the file: its encoding, separator and header row. Raises
    `ImportFileError` for a file that is empty, has only a header, is cut short or cannot be decoded.
    """
    asked = options or FileOptions()
    raw = read_bytes(path)
    if raw.startswith(OLD_EXCEL_MAGIC):
        raise refuse_old_excel(path)
    if raw.startswith(ZIP_MAGIC):
        return _table(path, excel_rows(raw, path, asked.sheet, asked.decimal), asked.header_row)
    text, encoding = text_of(raw, path, asked.encoding)
    rows, separator = separated_rows(text.removeprefix("\ufeff"), path, asked.separator)
    return _table(path, rows, asked.header_row, encoding, separator)


def _table(
    path: Path, rows: Rows, header_row: int | None, encoding: str | None = None, separator: str | None = None
) -> Table:
    start = _header_position(path, rows, header_row)
    header = _unique([cell.strip() for cell in rows[start][1]])
    body = rows[start + 1 :]
    if not body:
        raise ImportFileError(f"{path.name} has a header and nothing below it. Export a period that has receipts.")
    uneven = {i: len(cells) for i, (_, cells) in enumerate(body) if _is_uneven(cells, len(header))}
    even = [_fitted(cells, len(header)) for _, cells in body]
    turned = zip(header, zip(*even, strict=True), strict=True)
    columns = {name: [cell.strip() for cell in cells] for name, cells in turned}
    return Table(path, header, columns, [row for row, _ in body], uneven, encoding, separator)


def _header_position(path: Path, rows: Rows, header_row: int | None) -> int:
    if not rows:
        raise ImportFileError(f"{path.name} is empty. Export it again from the till.")
    if header_row is not None:
        return _asked_header(path, rows, header_row)
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in rows[:HEADER_SEARCH_ROWS]]
    usual = Counter(filled).most_common(1)[0][0]
    return next(i for i, count in enumerate(filled) if count >= 0.8 * usual)


def _asked_header(path: Path, rows: Rows, header_row: int) -> int:
    for i, (row, _) in enumerate(rows):
        if row == header_row:
            return i
    raise MappingError(f"{path.name} has no row {header_row} to take the header from.")


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    result = []
    for position, name in enumerate(names, start=1):
        plain = name or f"column {position}"
        seen[plain] += 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(result)


def _is_uneven(cells: list[str], width: int) -> bool:
    return len(cells) < width or any(cell.strip() for cell in cells[width:])


def _fitted(cells: list[str], width: int) -> list[str]:
    return cells if len(cells) == width else (cells + [""] * width)[:width]
