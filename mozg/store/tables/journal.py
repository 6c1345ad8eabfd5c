"""What mozg did: syncs, report runs, and who did and opened what."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, MadeAt, Moment, Money, TenantRow, VenueId

OUTCOMES = ("running", "ok", "ok-empty", "failed")


class SyncCursor(TenantRow):
    """How far one stream of one venue has been read: every day from ``read_from`` to ``read_until`` is in the record.

    History is read backwards until ``wanted_from``, which the stream of sales has for all. ``deep_at`` is when more
    than the last days were read again. ``offered`` is false where the till does not have the stream, ``trouble`` why
    its last reading failed, if it did.
    """

    __tablename__ = "sync_cursors"

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    stream: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    read_from: Mapped[date | None]
    read_until: Mapped[date | None]
    wanted_from: Mapped[date | None]
    moved_at: Mapped[MadeAt]
    deep_at: Mapped[Moment | None]
    offered: Mapped[bool] = mapped_column(server_default=text("true"))
    trouble: Mapped[str | None]


class SyncRun(TenantRow):
    """One reading of a till or a file. Loaded rows carry its id in ``changed_in``."""

    __tablename__ = "sync_runs"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="known_outcome"), Index(None, "venue_id", "id"))

    id: Mapped[Id]
    venue_id: Mapped[int | None]
    source: Mapped[str]
    started_at: Mapped[MadeAt]
    ended_at: Mapped[Moment | None]
    outcome: Mapped[str] = mapped_column(server_default="running")
    read: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]


class TouchedDay(TenantRow):
    """A venue's day that changed in the record and is not yet in the lake."""

    __tablename__ = "touched_days"
    __table_args__ = (Index(None, "organization_id"),)

    id: Mapped[Id]
    venue_id: Mapped[VenueId]
    business_date: Mapped[date]


class DayReading(TenantRow):
    """What the last reading of a venue's day found.

    ``revenue`` and ``receipts`` (sales) are ours, ``till_revenue`` the total of the day's cash shifts where all are
    closed; ``off`` that the two disagree, ``rereads`` how often the day was read again for that. ``late_receipts``
    counts receipts that came, changed or went after the day was over, ``late_amount`` the revenue they moved.
    ``was_over`` belongs to this reading, ``run_changed`` to the run.
    """

    __tablename__ = "day_readings"

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    business_date: Mapped[date] = mapped_column(primary_key=True, sort_order=-1)
    read_at: Mapped[MadeAt]
    run_id: Mapped[int]
    run_changed: Mapped[int]
    revenue: Mapped[Money]
    receipts: Mapped[int]
    till_revenue: Mapped[Money | None]
    off: Mapped[bool] = mapped_column(server_default=text("false"))
    rereads: Mapped[int] = mapped_column(server_default="0")
    was_over: Mapped[bool]
    late_receipts: Mapped[int] = mapped_column(server_default="0")
    late_amount: Mapped[Money] = mapped_column(server_default="0")


class ReportRun(TenantRow):
    """One run of one report; ``run_id`` is also the stem of its files, ``snapshot`` the lake it read.

    ``venue_ids`` are the venues that the person who asked was limited to, NULL for none.
    """

    __tablename__ = "report_runs"
    __table_args__ = (
        UniqueConstraint("organization_id", "run_id"),
        Index(None, "organization_id", "id"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="known_outcome"),
    )

    id: Mapped[Id]
    run_id: Mapped[str]
    report: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_by: Mapped[str]
    snapshot: Mapped[int | None]
    started_at: Mapped[MadeAt]
    ended_at: Mapped[Moment | None]
    outcome: Mapped[str] = mapped_column(server_default="running")
    files: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[str | None]
    venue_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


class AuditLog(TenantRow):
    """Who did what to what."""

    __tablename__ = "audit_log"

    id: Mapped[Id]
    happened_at: Mapped[MadeAt]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ReportView(TenantRow):
    """Who opened which report."""

    __tablename__ = "report_views"

    id: Mapped[Id]
    opened_at: Mapped[MadeAt]
    user_id: Mapped[int | None]
    report: Mapped[str]
    channel: Mapped[str]
