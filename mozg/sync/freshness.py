"""How fresh each venue's data are, for many venues at once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select, true
from sqlalchemy.orm import aliased

from mozg.model import Venue
from mozg.store.database import transaction
from mozg.store.tables import SyncCursor, SyncRun, VenueRow
from mozg.sync.cursors import SALES
from mozg.sync.journal import Told, last_reading

_TOLD = [field.name for field in fields(Told)]


@dataclass(frozen=True)
class Freshness:
    """What the journal says of one venue.

    ``read_at`` is when it was last read successfully (UTC), ``read_until`` the last business date that a till has
    told of, ``last`` how the last reading went or goes. Each is None where there was none.
    """

    venue: Venue
    read_at: datetime | None
    read_until: date | None
    last: Told | None


def freshness_of(organization_id: int, venues: Sequence[Venue]) -> list[Freshness]:
    """Return how fresh each of an organisation's ``venues`` is, in their order."""
    with transaction(organization_id) as connection:
        found = {row.venue_id: row for row in connection.execute(_query([venue.id for venue in venues]))}
    return [_freshness(venue, found[venue.id]) for venue in venues]


def _query(venue_ids: list[int]) -> Select[Any]:
    last, done = aliased(SyncRun, name="last"), aliased(SyncRun, name="done")
    newest = select(last).where(last.venue_id == VenueRow.id).order_by(last.id.desc()).limit(1).lateral("newest")
    successful = select(done.ended_at).where(done.venue_id == VenueRow.id, done.outcome == "ok")
    latest = successful.order_by(done.id.desc()).limit(1).lateral("latest")
    told = [newest.c[name] for name in _TOLD]
    return (
        select(VenueRow.id.label("venue_id"), latest.c.ended_at.label("read_at"), SyncCursor.read_until, *told)
        .select_from(VenueRow)
        .outerjoin(newest, true())
        .outerjoin(latest, true())
        .outerjoin(SyncCursor, and_(SyncCursor.venue_id == VenueRow.id, SyncCursor.stream == SALES))
        .where(VenueRow.id.in_(venue_ids))
    )


def _freshness(venue: Venue, row: Row[Any]) -> Freshness:
    last = None if row.outcome is None else Told(*(getattr(row, name) for name in _TOLD))
    if last is not None and last.outcome == "running":
        last = last_reading(venue)  # its process may have been killed
    return Freshness(venue, row.read_at, row.read_until, last)
