"""`suggest`: look at exported files and write the mapping that reads them."""

from collections.abc import Sequence
from pathlib import Path

from .amounts import DecimalMark, decimal_mark_of
from .collector import paused_collector
from .draft import Draft
from .joined import join_tables
from .links import link
from .mapping import MISSING, Mapping
from .moments import looks_like_moments
from .options import FileOptions
from .presets import known_export, refuse_unreadable
from .sight import Sight
from .table import Table, read_table

SAMPLE = 2000


@paused_collector()
def suggest(paths: Sequence[Path]) -> Mapping:
    """Return the mapping that reads ``paths``, found in their column names and values alone.

    Its ``notes`` say what was found and why. Raises `ImportFileError` for a damaged file and `MappingError` for files
    that cannot be receipts, that do not belong together, or that leave a question open which changes the money.
    """
    tables = [read_table(path) for path in paths]
    for table in tables:
        refuse_unreadable(table.path.name, table.header)
    if len({table.header for table in tables}) == 1 and (preset := known_export(tables[0].header)) is not None:
        return preset.mapping(tables[0].path.name, tables[0].header)
    decimal = _decimal(tables)
    if decimal == ",":
        tables = [read_table(path, FileOptions(decimal=",")) for path in paths]
    linked = link(tables)
    sight = Sight(join_tables(linked.main, linked.joins, MISSING), linked, decimal)
    return Draft(sight).mapping()


def _decimal(tables: Sequence[Table]) -> DecimalMark:
    values = [text for table in tables for cells in table.columns.values() for text in _mixed_digits(cells)]
    otherwise: DecimalMark = "," if tables[0].separator == ";" else "."
    return decimal_mark_of(values, otherwise)


def _mixed_digits(cells: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(cell for cell in cells if cell))[:SAMPLE]
    if looks_like_moments(distinct[:50]):
        return []
    return [text for text in distinct if "," in text or "." in text]
