"""Receipts, their lines and payments. The columns are the fields of the records in ``mozg.model``.

Keys are the till's own, so that reading a window again finds the same rows. There are no foreign keys between
the three: they are loaded together in one transaction, and row-by-row checks would halve the loading speed. The
second index starts with the day on purpose: one that started with the venue would look as good as the key to a
planner with stale statistics, and be a thousand times slower.
"""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import LoadedRow, Moment, Money, Quantity


class ReceiptRow(LoadedRow):
    """One check, known by ``(venue_id, external_id)``."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index(None, "business_date", "venue_id"),
        CheckConstraint("status IN ('sale', 'refund', 'void')", name="known_status"),
    )

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    external_id: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    business_date: Mapped[date]
    opened_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    number: Mapped[str | None]
    status: Mapped[str]
    guests: Mapped[int | None]
    gross: Mapped[Money | None]
    discount: Mapped[Money | None]
    revenue: Mapped[Money | None]
    vat: Mapped[Money | None]
    cost: Mapped[Money | None]
    waiter: Mapped[str | None]
    table_name: Mapped[str | None]
    hall: Mapped[str | None]
    channel: Mapped[str | None]
    cash_shift: Mapped[str | None]
    discount_type: Mapped[str | None]


class ReceiptItemRow(LoadedRow):
    """One line of a check, known by ``(venue_id, receipt, line)``."""

    __tablename__ = "receipt_items"
    __table_args__ = (Index(None, "business_date", "venue_id"),)

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    receipt: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    line: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    business_date: Mapped[date]
    product: Mapped[str | None]
    quantity: Mapped[Quantity | None]
    gross: Mapped[Money | None]
    discount: Mapped[Money | None]
    revenue: Mapped[Money | None]
    vat: Mapped[Money | None]
    cost: Mapped[Money | None]
    waiter: Mapped[str | None]
    voided: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    void_reason: Mapped[str | None]


class PaymentRow(LoadedRow):
    """One payment of a check, known by ``(venue_id, receipt, line)``."""

    __tablename__ = "payments"
    __table_args__ = (Index(None, "business_date", "venue_id"),)

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    receipt: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    line: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    business_date: Mapped[date]
    method: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[Money | None]
