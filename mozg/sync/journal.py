"""The journal of readings: one row per sync or import."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, func, insert, select, text, update

from mozg.errors import MozgError, StoreError
from mozg.model import Venue
from mozg.store.database import app_engine, transaction
from mozg.store.tables import SyncRun
from mozg.store.upsert import Loaded

LOST = "The process that read this till ended before it could say how it went; what it had committed is kept."

#: So long the journal keeps readings that changed nothing; a live venue has four thousand a day.
IDLE_KEPT = timedelta(days=7)


class Reading:
    """One reading under way. Add to ``loaded`` what each committed transaction brought."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.loaded = Loaded()

    def so_far(self, more: Loaded) -> Update:
        """Return the statement that notes how much was read, ``more`` included, for others to watch."""
        total = self.loaded + more
        return update(SyncRun).where(SyncRun.id == self.run_id).values(read=total.read, changed=total.changed)


@dataclass(frozen=True)
class Told:
    """What the journal says of a venue's last reading; times are in UTC, ``outcome`` is running, ok or failed."""

    outcome: str
    started_at: datetime
    ended_at: datetime | None
    read: int
    changed: int
    error: str | None


@contextmanager
def reading(venue: Venue, source: str) -> Iterator[Reading]:
    """Note in the journal that ``venue`` is read, and how it ended; one reading of a venue at a time.

    Raises:
        StoreError: another process reads this venue now.
    """
    with _only_reader(venue):
        run = Reading(_begin(venue, source))
        try:
            yield run
        except MozgError as error:
            _end(venue, run, "failed", str(error))
            raise
        _end(venue, run, "ok", None)


def last_reading(venue: Venue) -> Told | None:
    """Return what the journal says of the last reading of ``venue``; one whose process was killed has failed."""
    told = _last(venue)
    if told is None or told.outcome != "running" or is_being_read(venue):
        return told
    again = _last(venue)  # a reading notes how it ended before it lets go of the venue
    return replace(told, outcome="failed", error=LOST) if again == told else again


def forget_idle(venue: Venue) -> int:
    """Take old readings of ``venue`` that changed nothing out of the journal; return how many they were.

    The last one that went well stays, however long ago: it says how fresh the venue is.
    """
    good = select(func.max(SyncRun.id)).where(SyncRun.venue_id == venue.id, SyncRun.outcome == "ok")
    idle = delete(SyncRun).where(
        SyncRun.venue_id == venue.id,
        SyncRun.changed == 0,
        SyncRun.ended_at < func.now() - IDLE_KEPT,
        SyncRun.id != func.coalesce(good.scalar_subquery(), 0),
    )
    with transaction(venue.organization_id) as connection:
        return connection.execute(idle).rowcount


def is_being_read(venue: Venue) -> bool:
    """Tell whether some process reads ``venue`` now."""
    query = text(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 2 AND objid = :venue "
        "AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    with app_engine().connect() as connection:
        return bool(connection.scalar(query, {"venue": venue.id}))


def _last(venue: Venue) -> Told | None:
    columns = (getattr(SyncRun, field.name) for field in fields(Told))
    query = select(*columns).where(SyncRun.venue_id == venue.id).order_by(SyncRun.id.desc()).limit(1)
    with transaction(venue.organization_id) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Told(*row)


@contextmanager
def _only_reader(venue: Venue) -> Iterator[None]:
    with app_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(2, :venue)"), {"venue": venue.id}):
            raise StoreError(f"{venue.name} is being read by another process. Wait for it to finish.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(2, :venue)"), {"venue": venue.id})


def _begin(venue: Venue, source: str) -> int:
    # Holding the venue's lock, we know that nobody else is reading it: runs that say so were killed.
    lost = update(SyncRun).where(SyncRun.venue_id == venue.id, SyncRun.outcome == "running")
    fresh = insert(SyncRun).returning(SyncRun.id)
    row = {"organization_id": venue.organization_id, "venue_id": venue.id, "source": source}
    with transaction(venue.organization_id) as connection:
        connection.execute(lost.values(outcome="failed", error=LOST, ended_at=func.now()))
        run_id = connection.scalar(fresh, row)
    assert run_id is not None
    return run_id


def _end(venue: Venue, run: Reading, outcome: str, error: str | None) -> None:
    ended = update(SyncRun).where(SyncRun.id == run.run_id)
    with transaction(venue.organization_id) as connection:
        connection.execute(
            ended.values(
                outcome=outcome, error=error, read=run.loaded.read, changed=run.loaded.changed, ended_at=func.now()
            )
        )
