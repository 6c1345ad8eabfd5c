"""What mozg worked out and what it sent."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, MadeAt, Moment, Money, TenantRow, VenueId


class DailySales(TenantRow):
    """A venue's day as ready totals, for readers that cannot reach the lake. Filled from the lake's roll-up."""

    __tablename__ = "daily_sales"

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    business_date: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)
    revenue: Mapped[Money | None]
    checks: Mapped[int]
    guests: Mapped[int | None]


class HourlySales(TenantRow):
    """A venue's hour (local) as ready totals. Filled from the lake's roll-up."""

    __tablename__ = "hourly_sales"

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    business_date: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    revenue: Mapped[Money | None]
    checks: Mapped[int]
    guests: Mapped[int | None]


class Forecast(TenantRow):
    """One forecast day of one venue and metric, made on ``made_on``, with an 80 % band and the model's name."""

    __tablename__ = "forecasts"
    __table_args__ = (UniqueConstraint("venue_id", "metric", "made_on", "business_date"),)

    id: Mapped[Id]
    venue_id: Mapped[VenueId]
    metric: Mapped[str]
    made_on: Mapped[date]
    business_date: Mapped[date]
    yhat: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    lo80: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    hi80: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    model: Mapped[str]
    wape: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))


class Alert(TenantRow):
    """Something that needs a person: what happened, where, since when, and whether somebody took it."""

    __tablename__ = "alerts"

    id: Mapped[Id]
    venue_id: Mapped[int | None]
    kind: Mapped[str]
    business_date: Mapped[date | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    raised_at: Mapped[MadeAt]
    closed_at: Mapped[Moment | None]


class Subscription(TenantRow):
    """Who gets which report, when, where and in what formats."""

    __tablename__ = "subscriptions"

    id: Mapped[Id]
    user_id: Mapped[int | None]
    report: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    channel: Mapped[str]
    address: Mapped[str]
    formats: Mapped[list[str]] = mapped_column(ARRAY(Text))
    cron: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Delivery(TenantRow):
    """One thing that was to be sent. ``idempotency_key`` lets it be sent once."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("organization_id", "idempotency_key"),)

    id: Mapped[Id]
    subscription_id: Mapped[int | None]
    idempotency_key: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    outcome: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    created_at: Mapped[MadeAt]
    sent_at: Mapped[Moment | None]
