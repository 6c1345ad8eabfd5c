"""What a restaurant keeps books of besides its receipts: one record for each stream of `mozg.model.streams`.

Each record is known by its ``external_id`` within the venue, unless it says otherwise. ``product`` is a product's
``external_id``, ``employee`` an employee's. What goods cost is without VAT.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple


class Shift(NamedTuple):
    """One attendance of one employee; one that is still open has no ``ended_at``. ``pay`` is what it earned them."""

    external_id: str
    employee: str
    business_date: date
    started_at: datetime
    ended_at: datetime | None = None
    role: str | None = None
    pay: Decimal | None = None


class CashShift(NamedTuple):
    """One shift of a till, with the till's own control totals; an open one has no ``closed_at``.

    ``revenue`` is the till's total of what its receipts of this shift came to (returns taken off, VAT included, no
    more than zero for what was on the house): it is compared with the receipts that were read. ``cash``, ``card`` and
    ``non_cash`` are its parts by means of payment, ``receipts`` counts its sales. ``cash_difference`` is what lay in
    the drawer less what should have. ``responsible`` is an employee's ``external_id``.
    """

    external_id: str
    business_date: date
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    number: str | None = None
    register: str | None = None
    responsible: str | None = None
    revenue: Decimal | None = None
    receipts: int | None = None
    cash: Decimal | None = None
    card: Decimal | None = None
    non_cash: Decimal | None = None
    cash_difference: Decimal | None = None


class WriteOff(NamedTuple):
    """Goods of one product written off; ``cost`` is for the whole quantity. ``document`` numbers the act."""

    external_id: str
    business_date: date
    product: str | None = None
    quantity: Decimal | None = None
    cost: Decimal | None = None
    reason: str | None = None
    store: str | None = None
    document: str | None = None


class Purchase(NamedTuple):
    """One line of a supplier's invoice; ``cost`` is for the whole quantity. ``document`` numbers the invoice."""

    external_id: str
    business_date: date
    supplier: str | None = None
    product: str | None = None
    quantity: Decimal | None = None
    cost: Decimal | None = None
    store: str | None = None
    document: str | None = None


class StockCount(NamedTuple):
    """What there was of one product in one store at the end of a business date; ``cost`` is for the whole quantity.

    ``counted`` tells what people counted from a balance that the till worked out; ``expected`` is, for a count, the
    quantity that should have been there by the books.
    """

    external_id: str
    business_date: date
    product: str
    quantity: Decimal
    cost: Decimal | None = None
    expected: Decimal | None = None
    counted: bool = True
    store: str | None = None


class StopListEntry(NamedTuple):
    """A product that cannot be sold now; ``remaining`` is what may still be sold, zero or None for nothing.

    Known by its ``product``. A till that does not tell since when leaves ``started_at`` out: then it is the moment at
    which we first saw it. An entry ends when the till no longer has it.
    """

    product: str
    started_at: datetime | None = None
    remaining: Decimal | None = None


class ProductCost(NamedTuple):
    """What one unit of a product costs by its recipe or its purchase, from a day on; known by both.

    A till that tells today's costs only gives them as of the last day that is asked; days on which nothing changed
    are not stored.
    """

    product: str
    valid_from: date
    cost: Decimal


class LedgerEntry(NamedTuple):
    """One accounting entry for the P&L, with the sign of the account."""

    external_id: str
    business_date: date
    account: str
    account_type: str | None
    amount: Decimal
    note: str | None = None


class DiningTable(NamedTuple):
    """A table of the dining room; ``name`` is what receipts have as ``table_name``."""

    external_id: str
    name: str
    hall: str | None = None
    seats: int | None = None
    active: bool = True


class PaymentType(NamedTuple):
    """A means of payment that the till offers; ``name`` is what payments have as ``method``."""

    external_id: str
    name: str
    kind: Literal["cash", "card", "non_cash", "write_off", "unknown"] = "unknown"
    active: bool = True
