"""Everything besides receipts that a restaurant keeps books of: shifts, stock, money, plans.

The columns of what tills tell are the fields of the records in ``mozg.model.books``.
"""

from datetime import date

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, LoadedRow, MadeAt, Moment, Money, Quantity, TenantRow, VenueId


class _Document(LoadedRow):
    """A row of a venue, known by the till's identifier."""

    __abstract__ = True

    id: Mapped[Id]
    venue_id: Mapped[VenueId]
    external_id: Mapped[str]


class Shift(_Document):
    """One attendance of one employee; an open shift has no ``ended_at``."""

    __tablename__ = "shifts"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    employee: Mapped[str]
    role: Mapped[str | None]
    business_date: Mapped[date]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    pay: Mapped[Money | None]


class CashShift(_Document):
    """One shift of a till with the till's own control totals; see `mozg.model.CashShift`."""

    __tablename__ = "cash_shifts"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"), Index(None, "business_date", "venue_id"))

    business_date: Mapped[date]
    opened_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    number: Mapped[str | None]
    register: Mapped[str | None]
    responsible: Mapped[str | None]
    revenue: Mapped[Money | None]
    receipts: Mapped[int | None]
    cash: Mapped[Money | None]
    card: Mapped[Money | None]
    non_cash: Mapped[Money | None]
    cash_difference: Mapped[Money | None]


class WriteOff(_Document):
    """Goods written off; ``cost`` is for the whole quantity, VAT excluded."""

    __tablename__ = "write_offs"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    business_date: Mapped[date]
    product: Mapped[str | None]
    quantity: Mapped[Quantity | None]
    cost: Mapped[Money | None]
    reason: Mapped[str | None]
    store: Mapped[str | None]
    document: Mapped[str | None]


class Purchase(_Document):
    """One line of a supplier's invoice; ``cost`` is for the whole quantity, VAT excluded."""

    __tablename__ = "purchases"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    business_date: Mapped[date]
    supplier: Mapped[str | None]
    product: Mapped[str | None]
    quantity: Mapped[Quantity | None]
    cost: Mapped[Money | None]
    store: Mapped[str | None]
    document: Mapped[str | None]


class StockCount(_Document):
    """What there was of one product in one store at the end of a business date, counted or worked out by the till."""

    __tablename__ = "stock_counts"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    business_date: Mapped[date]
    product: Mapped[str]
    quantity: Mapped[Quantity]
    cost: Mapped[Money | None]
    expected: Mapped[Quantity | None]
    counted: Mapped[bool] = mapped_column(server_default=text("true"))
    store: Mapped[str | None]


class StopListEntry(_Document):
    """A span of time in which a product could not be sold."""

    __tablename__ = "stop_list"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    product: Mapped[str]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    remaining: Mapped[Quantity | None]


class LedgerEntry(_Document):
    """One accounting entry for the P&L, with the sign of the account."""

    __tablename__ = "ledger_entries"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    business_date: Mapped[date]
    account: Mapped[str]
    account_type: Mapped[str | None]
    amount: Mapped[Money]
    note: Mapped[str | None]


class DiningTable(_Document):
    """A table of the dining room."""

    __tablename__ = "dining_tables"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    name: Mapped[str]
    hall: Mapped[str | None]
    seats: Mapped[int | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class PaymentType(_Document):
    """A means of payment that a till offers."""

    __tablename__ = "payment_types"
    __table_args__ = (UniqueConstraint("venue_id", "external_id"),)

    name: Mapped[str]
    kind: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Budget(TenantRow):
    """The plan for one metric, venue and day."""

    __tablename__ = "budgets"
    __table_args__ = (UniqueConstraint("venue_id", "business_date", "metric"),)

    id: Mapped[Id]
    venue_id: Mapped[VenueId]
    business_date: Mapped[date]
    metric: Mapped[str]
    amount: Mapped[Money]
    entered_at: Mapped[MadeAt]
