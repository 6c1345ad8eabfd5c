"""What a till tells us, in one vocabulary.

The records are named tuples so that a million of them can go into Postgres by COPY as they are: each field is a
column of the table that has the record's name (see ``mozg.store.load``).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

ReceiptStatus = Literal["sale", "refund", "void"]
Section = Literal["kitchen", "bar", "other"]


class Category(NamedTuple):
    """A menu group. ``external_id`` is the till's identifier, unique within the organisation."""

    external_id: str
    name: str
    parent: str | None = None
    section: Section | None = None


class Product(NamedTuple):
    """A dish, drink or modifier that can be sold. ``category`` is a category's ``external_id``."""

    external_id: str
    name: str
    category: str | None = None
    section: Section | None = None
    price: Decimal | None = None
    unit: str | None = None
    active: bool = True


class Employee(NamedTuple):
    """A person who works in the organisation; ``role`` is the till's name for the job."""

    external_id: str
    name: str
    role: str | None = None
    hired_on: date | None = None
    left_on: date | None = None
    active: bool = True


class Receipt(NamedTuple):
    """One check, known by ``(venue, external_id)``.

    ``status`` is ``sale``, ``refund`` (a return check: negative money) or ``void`` (a check deleted at the till).
    ``gross`` is the value before discounts, ``revenue`` what was to be paid (gross − discount, VAT included),
    ``vat`` the tax inside ``revenue``, ``cost`` the recipe cost as the till knows it. ``waiter`` is an employee's
    ``external_id``, ``cash_shift`` a cash shift's; where a till does not tell the latter, the shifts of a day are
    compared with the receipts of that day. ``discount_type`` is what the till calls the discounts on the check.
    """

    external_id: str
    business_date: date
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    number: str | None = None
    status: ReceiptStatus = "sale"
    guests: int | None = None
    gross: Decimal | None = None
    discount: Decimal | None = None
    revenue: Decimal | None = None
    vat: Decimal | None = None
    cost: Decimal | None = None
    waiter: str | None = None
    table_name: str | None = None
    hall: str | None = None
    channel: str | None = None
    cash_shift: str | None = None
    discount_type: str | None = None


class ReceiptItem(NamedTuple):
    """One line of a check, known by ``(venue, receipt, line)``.

    ``line`` is stable when the till is read again. ``voided`` lines were removed before payment: their ``gross``
    tells what was removed and their ``revenue`` is zero or unknown; no sales metric counts them.
    """

    receipt: str
    line: str
    business_date: date
    product: str | None = None
    quantity: Decimal | None = None
    gross: Decimal | None = None
    discount: Decimal | None = None
    revenue: Decimal | None = None
    vat: Decimal | None = None
    cost: Decimal | None = None
    waiter: str | None = None
    voided: bool = False
    void_reason: str | None = None


class Payment(NamedTuple):
    """One payment of a check. ``kind`` groups methods: cash, card, non_cash, write_off (on the house), unknown."""

    receipt: str
    line: str
    business_date: date
    method: str
    kind: Literal["cash", "card", "non_cash", "write_off", "unknown"]
    amount: Decimal | None = None


@dataclass(frozen=True)
class Catalogue:
    """A till's reference data, read whole."""

    categories: list[Category] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    employees: list[Employee] = field(default_factory=list)


@dataclass(frozen=True)
class Sales:
    """Receipts of one venue with their lines and payments.

    With a ``window`` (first and last business date, both inclusive) the batch is everything the till has for
    these days, so what is missing from it was deleted at the till. Without one it is just an addition.
    """

    receipts: list[Receipt] = field(default_factory=list)
    items: list[ReceiptItem] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    window: tuple[date, date] | None = None


@dataclass(frozen=True)
class Venue:
    """One restaurant: where it is on our side (``id``) and how its till is reached (``pos``, ``pos_config``).

    ``day_start_hour`` is the local hour at which a business date begins where the till does not say; ``pos`` is the
    name of an adapter (see ``mozg.pos``) or ``files``. ``pos_config`` holds secrets: never print it.
    """

    id: int
    organization_id: int
    name: str
    timezone: str
    pos: str = "files"
    pos_config: dict[str, Any] = field(default_factory=dict, repr=False)
    day_start_hour: int = 0
    country: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
