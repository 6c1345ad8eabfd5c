"""What each row of an export says of its receipt."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from mozg.model import ReceiptStatus, Venue

from .cells import Cells
from .clock import Moment
from .mapping import Status

_NUMBERED = re.compile(r"(?P<name>.*\S)\s*\((?P<number>\d+[^\W\d_]{0,2})\)")


class Head(NamedTuple):
    """The receipt as one row shows it; ``None`` where the row says nothing."""

    number: str | None
    moment: Moment | None
    closed: Moment | None
    status: ReceiptStatus
    guests: int | None
    waiter: str | None
    table: str | None
    hall: str | None
    channel: str | None
    payment: str | None
    total: Decimal | None
    gross: Decimal | None
    discount: Decimal | None
    vat: Decimal | None


def heads_of(cells: Cells, venue: Venue, default_date: date | None) -> list[Head]:
    """Return the head of each row; faulty cells are noted in ``cells.problems``."""
    statuses = cells.text("status")
    known = {value: status_of(value, cells.mapping.status) for value in set(statuses)}
    places = [_place(channel, table) for channel, table in zip(cells.text("channel"), cells.text("table"), strict=True)]
    columns: list[Iterable[object]] = [
        cells.text("receipt"),
        cells.moments(venue, default_date),
        cells.closings(venue),
        [known[value] for value in statuses],
        cells.count("guests"),
        cells.text("waiter"),
        [table for _, table in places],
        cells.text("hall"),
        [channel for channel, _ in places],
        cells.text("payment"),
        cells.money("total"),
        cells.money("total_gross"),
        cells.discount("total_discount"),
        cells.money("total_vat"),
    ]
    return list(map(Head._make, zip(*columns, strict=True)))


def merged(heads: Sequence[Head]) -> Head:
    """Return one head for all rows of a receipt: for each field the first value that is known.

    Rows of different status do not make the receipt void: then only those lines are.
    """
    if len(heads) == 1:
        return heads[0]
    whole = Head._make(map(_first_known, zip(*heads, strict=True)))
    return whole if all(head.status == whole.status for head in heads) else whole._replace(status="sale")


def _first_known(values: Sequence[Any]) -> Any:
    for value in values:
        if value is not None:
            return value
    return None


def status_of(value: str | None, known: Status) -> ReceiptStatus:
    """Return what a value of the status column makes of a receipt: ``sale`` unless the mapping lists it."""
    word = (value or "").casefold()
    if word in {void.casefold() for void in known.void}:
        return "void"
    return "refund" if word in {refund.casefold() for refund in known.refund} else "sale"


@cache
def _place(channel: str | None, table: str | None) -> tuple[str | None, str | None]:
    """Split ``Dine In (20)`` or ``Dine In (4A)`` into channel and table; anything else stays as it is."""
    found = _NUMBERED.fullmatch(channel) if channel and table is None else None
    return (found["name"], found["number"]) if found else (channel, table)
