"""A plan from a file: a row per venue and month, or per venue and day, a column for each thing that is planned."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from mozg.errors import ImportFileError
from mozg.model import PLANNED, PlannedMetric, Target

from .amounts import DecimalMark, decimal_mark_of, parse_number
from .moments import DateOrder, month_named, order_of, parse_moment
from .options import FileOptions
from .table import Table, read_table
from .vocabulary import words

_HEADS = {
    "venue": ("venue", "restaurant", "заведение", "ресторан", "точка"),
    "month": ("month", "месяц"),
    "day": ("day", "date", "business date", "день", "дата"),
    "revenue": ("revenue", "revenue plan", "plan", "выручка", "план", "план выручки", "выручка план"),
    "checks": ("checks", "orders", "checks plan", "чеки", "заказы", "план чеков"),
    "guests": ("guests", "covers", "guests plan", "гости", "план гостей"),
}
_NEEDED = "A plan has a column for the venue, one for the month or the day, and at least one of revenue, checks, guests"
_MONTH = re.compile(r"(?P<year>\d{4})[-./ ](?P<month>\d{1,2})|(?P<month_first>\d{1,2})[-./ ](?P<year_last>\d{4})")
_NAMED_MONTH = re.compile(r"(?P<name>[^\W\d_]{3,})\.?[ -]+(?P<year>\d{4})")


def read_plan(path: Path, options: FileOptions | None = None) -> list[Target]:
    """Return the targets of a CSV or Excel file. An empty cell plans nothing.

    Raises:
        ImportFileError: a column is missing, a month, day or number cannot be read, or a target stands there twice.
    """
    table = read_table(path, options)
    columns = _columns(table)
    marks = [cell for name in PLANNED if name in columns for cell in table.columns[columns[name]] if cell]
    decimal = decimal_mark_of(marks, (options or FileOptions()).decimal)
    order = order_of([cell for cell in table.columns[columns["day"]] if cell]).order if "day" in columns else None
    targets = [
        Target(venue, *span, metric, amount, where)
        for at in range(len(table))
        for venue, span, where in [(_venue(table, columns, at), _span(table, columns, at, order), _where(table, at))]
        for metric, amount in _amounts(table, columns, at, decimal)
    ]
    _refuse_repeated(path, targets)
    return targets


def month_of(text: str) -> tuple[date, date]:
    """Return the first and last day of a month such as ``2026-03``, ``03.2026``, ``March 2026`` or ``март 2026``.

    Raises:
        ValueError: it is no month.
    """
    year, month = _month(text.strip())
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month(text: str) -> tuple[int, int]:
    if found := _MONTH.fullmatch(text):
        return int(found["year"] or found["year_last"]), int(found["month"] or found["month_first"])
    if (found := _NAMED_MONTH.fullmatch(text)) and (number := month_named(found["name"])):
        return int(found["year"]), number
    day = parse_moment(text).day
    if day.day != 1:
        raise ValueError(f"{text!r} is not the first day of a month")
    return day.year, day.month


def _columns(table: Table) -> dict[str, str]:
    found = {
        role: name for role, heads in _HEADS.items() for name in table.header if words(name) in set(map(words, heads))
    }
    if "venue" not in found or not found.keys() & {"month", "day"} or not found.keys() & set(PLANNED):
        raise ImportFileError(f"{table.path.name}: {_NEEDED}. Its columns are: {', '.join(table.header)}.")
    return found


def _where(table: Table, at: int) -> str:
    return f"{table.path.name}, row {table.rows[at]}"


def _venue(table: Table, columns: dict[str, str], at: int) -> str:
    name = table.columns[columns["venue"]][at]
    if not name:
        raise ImportFileError(f"{_where(table, at)}: the venue is missing.")
    return name


def _span(table: Table, columns: dict[str, str], at: int, order: DateOrder | None) -> tuple[date, date]:
    role = "day" if "day" in columns and table.columns[columns["day"]][at] else "month"
    text = table.columns[columns[role]][at] if role in columns else ""
    try:
        if role == "month":
            return month_of(text)
        day = parse_moment(text, order).day
    except ValueError:
        raise ImportFileError(f"{_where(table, at)}: {text!r} is no {role}.") from None
    return day, day


def _amounts(
    table: Table, columns: dict[str, str], at: int, decimal: DecimalMark
) -> Iterator[tuple[PlannedMetric, Decimal]]:
    for metric in PLANNED:
        text = table.columns[columns[metric]][at] if metric in columns else ""
        if text:
            yield metric, _amount(text, decimal, f"{_where(table, at)}, {columns[metric]}")


def _amount(text: str, decimal: DecimalMark, where: str) -> Decimal:
    try:
        amount = parse_number(text, decimal)
    except ValueError:
        raise ImportFileError(f"{where}: {text!r} is no number.") from None
    if amount < 0:
        raise ImportFileError(f"{where}: a plan cannot be negative, and this is {text}.")
    return amount


def _refuse_repeated(path: Path, targets: list[Target]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for target in targets:
        first = seen.setdefault(target[:4], target.where)
        if first != target.where:
            raise ImportFileError(f"{target.where}: {target.metric} of {target.venue} is planned in {first} already.")
