"""`read_sales`: from files and a mapping to the records of a venue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mozg.errors import ImportFileError
from mozg.model import Catalogue, Sales, Venue

from .amounts import money, parse_number
from .cells import Cells
from .collector import paused_collector
from .heads import Head, heads_of
from .joined import find_file, open_export
from .lines import lines_of
from .mapping import Mapping, PriceList
from .menu import Menu
from .options import FileOptions
from .receipts import Register
from .table import read_table

SHOWN_TEXT = 300


class Rejected(NamedTuple):
    """A row that was not imported: where it is, why, and what it says."""

    file: str
    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Imported:
    """What files of receipts hold. ``rows_read`` counts the rows below the header, rejected ones included."""

    sales: Sales
    catalogue: Catalogue
    rejected: list[Rejected] = field(default_factory=list)
    rows_read: int = 0


@paused_collector()
def read_sales(paths: Sequence[Path], mapping: Mapping, venue: Venue, default_date: date | None = None) -> Imported:
    """Read exported receipts of ``venue``; the same files give the same records each time.

    ``default_date`` is the business date of a file that has no date column. Times become UTC by ``venue.timezone``.
    A row that cannot be read is left out and listed; the rest of its receipt is kept. Raises `ImportFileError` when
    a file is damaged or too many rows are rejected, and `MappingError` when the mapping does not fit.
    """
    export = open_export(paths, mapping)
    cells, menu = Cells(export, mapping), Menu()
    heads, lines = heads_of(cells, venue, default_date), lines_of(cells, menu)
    _reject_headless(cells, heads)
    register = Register(cells, heads, lines, menu)
    sales = register.ring_up()
    rejected = _rejected(cells)
    _refuse_too_many(rejected, len(export), mapping.max_rejected_share)
    if mapping.price_list:
        _add_prices(menu, mapping.price_list, paths, mapping)
    return Imported(sales, menu.catalogue(), rejected, len(export))


def _reject_headless(cells: Cells, heads: list[Head]) -> None:
    number = {cells.mapping.columns.receipt}
    for row, head in enumerate(heads):
        if head.number is None:
            empty = cells.export.is_empty(row, but=set())
            cells.problems.setdefault(row, "empty row" if empty else "no receipt number")
        elif head.moment is None:
            empty = cells.export.is_empty(row, but=number)
            cells.problems.setdefault(row, "empty row with nothing but a receipt number" if empty else "no date")
    if cells.mapping.shape != "lines":
        _reject_hollow(cells)


def _reject_hollow(cells: Cells) -> None:
    """A row that is a whole receipt must have a dish or an amount."""
    amounts = [cells.text(role) for role in ("total", "total_gross", "items")]
    amounts += [cells.dish_quantities(dish) for dish in cells.mapping.dishes]  # type: ignore[misc]
    for row in range(len(cells.export)):
        if not any(column[row] is not None for column in amounts):
            cells.problems.setdefault(row, "neither a dish nor an amount")


def _rejected(cells: Cells) -> list[Rejected]:
    export = cells.export
    return [
        Rejected(*export.origins[row], reason, export.row_text(row)[:SHOWN_TEXT])
        for row, reason in sorted(cells.problems.items())
    ]


def _refuse_too_many(rejected: Sequence[Rejected], rows: int, allowed: float) -> None:
    if len(rejected) <= allowed * rows:
        return
    frequent = Counter(row.reason for row in rejected).most_common(3)
    reasons = "; ".join(f"{reason} ({count} rows)" for reason, count in frequent)
    first = rejected[0]
    raise ImportFileError(
        f"{len(rejected)} of {rows} rows cannot be imported, more than the allowed {allowed:.0%}: {reasons}. "
        f"The first is {first.file}, row {first.row}: {first.text}. "
        "Mend the mapping, or raise max_rejected_share in it."
    )


def _add_prices(menu: Menu, listed: PriceList, paths: Sequence[Path], mapping: Mapping) -> None:
    table = read_table(find_file(paths, listed.file), FileOptions(decimal=mapping.file.decimal))
    names = table.column(listed.name)
    prices = table.column(listed.price) if listed.price else [""] * len(table)
    groups = table.column(listed.category) if listed.category else [""] * len(table)
    for name, price, group in zip(names, prices, groups, strict=True):
        if name:
            value = money(parse_number(price, mapping.file.decimal)) if price else None
            menu.price(name, value, group or None)
