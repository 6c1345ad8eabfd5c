"""How each venue's data stand: read in time, late, failed, never read, or ending too early."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from mozg.access.sessions import SignedIn
from mozg.access.venues import venues_of
from mozg.metrics.periods import DAY
from mozg.reports.catalogue import readable
from mozg.sync.freshness import Freshness, freshness_of

State = Literal["fresh", "reading", "files", "late", "failed", "never"]
#: The states that somebody should look at.
TROUBLED: frozenset[State] = frozenset({"late", "failed", "never"})
FILES = "files"
_ORDER: tuple[State, ...] = ("failed", "never", "late", "reading", "fresh", "files")


@dataclass(frozen=True)
class VenueState:
    """One venue. ``read_at`` is the last success (UTC), ``last_day`` its last business date with a check.

    ``behind`` says that its data end before yesterday, ``silent`` that it was read beyond that and sold nothing.
    ``error`` is why the last reading failed, in a sentence.
    """

    name: str
    state: State
    read_at: datetime | None
    last_day: date | None
    behind: bool
    silent: bool
    error: str | None


def venue_states(person: SignedIn, last_days: Mapping[str, date], today: date) -> list[VenueState]:
    """Return how the venues stand that somebody may see, those in trouble first; closed ones are left out."""
    allowed = person.user.venues
    venues = [
        venue
        for venue in venues_of(person.organization)
        if (allowed is None or venue.id in allowed) and (venue.closed_on is None or venue.closed_on >= today)
    ]
    late = _late_before(person)
    found = [
        _state(fresh, late, last_days.get(fresh.venue.name), today)
        for fresh in freshness_of(person.organization.id, venues)
    ]
    return sorted(found, key=lambda venue: (_ORDER.index(venue.state), venue.name))


def _late_before(person: SignedIn) -> datetime:
    """A reading before this moment is older than what a report that this person may read asks for."""
    needed = min((report.freshness_hours for report in readable(person.user.role)), default=0)
    return datetime.now(UTC) - timedelta(hours=needed) if needed else datetime.min.replace(tzinfo=UTC)


def _state(fresh: Freshness, late: datetime, last_day: date | None, today: date) -> VenueState:
    yesterday, last = today - DAY, fresh.last
    ends_early = last_day is not None and last_day < yesterday
    told = fresh.read_until is not None and fresh.read_until >= yesterday
    return VenueState(
        name=fresh.venue.name,
        state=_named(fresh, late),
        read_at=fresh.read_at,
        last_day=last_day,
        behind=ends_early and not told,
        silent=ends_early and told,
        error=last.error if last is not None and last.outcome == "failed" else None,
    )


def _named(fresh: Freshness, late: datetime) -> State:
    if fresh.last is None:
        return "never"
    if fresh.last.outcome == "failed":
        return "failed"
    if fresh.last.outcome == "running":
        return "reading"
    if fresh.venue.pos == FILES:
        return "files"
    return "late" if fresh.read_at is None or fresh.read_at < late else "fresh"
