"""How the command line prints: tables for people, JSON and CSV for programs."""

import json
import math
import sys
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

console = Console()
errors = Console(stderr=True)


class Shape(StrEnum):
    """How data are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def show(rows: Iterable[dict[str, Any]], shape: Shape, title: str = "") -> None:
    """Print rows, all with the same keys, to standard output."""
    frame = pd.DataFrame(list(rows), dtype=object)
    show_frame(frame, shape, title)


def show_frame(frame: pd.DataFrame, shape: Shape, title: str = "") -> None:
    """Print a frame to standard output; in JSON money is a number with exactly the digits it has."""
    if shape is Shape.CSV:
        sys.stdout.write(frame.to_csv(index=False))
    elif shape is Shape.JSON:
        records = [dict(zip(frame.columns, map(_plain, row), strict=True)) for row in frame.itertuples(index=False)]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
    else:
        console.print(_table(frame, title))


def _plain(value: Any) -> Any:
    if missing(value):
        return None
    if isinstance(value, Decimal):
        # A float holds 15 digits and NUMERIC(14, 2) needs 14, so this is exact.
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def missing(value: Any) -> bool:
    """Tell whether a cell of a frame is not known."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _table(frame: pd.DataFrame, title: str) -> Table:
    table = Table(title=title or None, title_justify="left")
    for name in frame.columns:
        table.add_column(str(name), justify="right" if _numeric(frame[name]) else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*map(_cell, row))
    return table


def _numeric(column: Iterable[Any]) -> bool:
    known = [value for value in column if not missing(value)]
    return bool(known) and all(isinstance(value, int | float | Decimal) or hasattr(value, "item") for value in known)


def _cell(value: Any) -> str:
    if missing(value):
        return "–"
    if isinstance(value, Decimal | float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
