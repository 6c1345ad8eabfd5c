"""What mozg did: syncs, report runs, and who did and opened what."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Id, MadeAt, Moment, TenantRow, VenueId

OUTCOMES = ("running", "ok", "ok-empty", "failed")


class SyncCursor(TenantRow):
    """How far one stream of one venue has been read: every business date up to ``read_until`` is in the record."""

    __tablename__ = "sync_cursors"

    venue_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    stream: Mapped[str] = mapped_column(primary_key=True, sort_order=-1)
    read_until: Mapped[date]
    moved_at: Mapped[MadeAt]


class SyncRun(TenantRow):
    """One reading of a till or a file. Loaded rows carry its id in ``changed_in``."""

    __tablename__ = "sync_runs"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="known_outcome"),)

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


class ReportRun(TenantRow):
    """One run of one report; ``run_id`` is also the stem of its files, ``snapshot`` the lake it read.

    ``venue_ids`` are the venues that the person who asked was limited to, NULL for none.
    """

    __tablename__ = "report_runs"
    __table_args__ = (
        UniqueConstraint("organization_id", "run_id"),
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
