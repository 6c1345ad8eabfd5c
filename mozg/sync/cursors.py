"""How far each stream of a venue has been read, forwards and backwards, and what a till does not have."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, null, select
from sqlalchemy.dialects.postgresql import Insert

from mozg.model import STREAMS, Venue
from mozg.store.database import transaction
from mozg.store.tables import SyncCursor

#: The stream that every till has; the others are named in `mozg.model.STREAMS`.
SALES = "sales"


@dataclass(frozen=True)
class Cursor:
    """How far a stream has been read; see `mozg.store.tables.SyncCursor`."""

    stream: str
    read_from: date | None = None
    read_until: date | None = None
    wanted_from: date | None = None
    moved_at: datetime | None = None
    deep_at: datetime | None = None
    offered: bool = True
    trouble: str | None = None


def cursors_of(venue: Venue) -> dict[str, Cursor]:
    """Return the cursors of a venue by stream; streams that were never read have an empty one."""
    columns = [getattr(SyncCursor, field.name) for field in fields(Cursor)]
    with transaction(venue.organization_id) as connection:
        rows = connection.execute(select(*columns).where(SyncCursor.venue_id == venue.id))
        known = {row.stream: Cursor(*row) for row in rows}
    return {name: known.get(name, Cursor(name)) for name in (SALES, *STREAMS)}


def read_until(venue: Venue) -> date | None:
    """Return the last business date of ``venue`` whose sales have been read, or None."""
    return cursors_of(venue)[SALES].read_until


def move_cursor(
    venue: Venue, last: date, first: date | None = None, stream: str = SALES, *, deep: bool = False
) -> Insert:
    """Return the statement that notes that ``stream`` has been read from ``first`` to ``last``; it never forgets."""
    fresh = _row(venue, stream, read_from=first or last, read_until=last, deep_at=func.now() if deep else null())
    new = fresh.excluded
    return _changing(
        fresh,
        read_from=func.least(SyncCursor.read_from, new.read_from),
        read_until=func.greatest(SyncCursor.read_until, new.read_until),
        deep_at=func.coalesce(new.deep_at, SyncCursor.deep_at),
        offered=True,
        trouble=null(),
    )


def want_from(venue: Venue, first: date) -> Insert:
    """Return the statement that notes that history is wanted from ``first``, if not from earlier."""
    fresh = _row(venue, SALES, wanted_from=first)
    return _changing(fresh, wanted_from=func.least(SyncCursor.wanted_from, fresh.excluded.wanted_from))


def note_trouble(venue: Venue, stream: str, why: str) -> Insert:
    """Return the statement that notes why ``stream`` could not be read now."""
    return _changing(_row(venue, stream, trouble=why), trouble=why, offered=True)


def note_lacking(venue: Venue, offered: Iterable[str]) -> list[Insert]:
    """Return the statements that note which streams the till does not have: all but those ``offered``."""
    lacking = STREAMS.keys() - set(offered)
    return [_changing(_row(venue, stream, offered=False), offered=False, trouble=null()) for stream in sorted(lacking)]


def _row(venue: Venue, stream: str, **values: object) -> Insert:
    owner = {"organization_id": venue.organization_id, "venue_id": venue.id, "stream": stream}
    return Insert(SyncCursor).values({**owner, **values})


def _changing(fresh: Insert, **values: object) -> Insert:
    moved = {"moved_at": func.now()} if "read_until" in values else {}
    return fresh.on_conflict_do_update(index_elements=["venue_id", "stream"], set_={**values, **moved})
