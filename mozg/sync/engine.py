"""Reading tills: catalogue first, then sales window by window, each window one transaction with its cursor.

Killed at any moment, a sync loses at most the window it was reading; the next one reads it again. The last days are
always read again, because tills change them afterwards: late checks, voids, cost prices.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mozg.access.organizations import Organization
from mozg.model import Venue
from mozg.pos import Till, connect
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.sync.journal import Reading, move_cursor, read_until, reading

DAY = timedelta(days=1)
FIRST_READING = timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """Progress: so many days of so many are in the record."""

    venue: Venue
    days_done: int
    days: int
    rows: int


@dataclass(frozen=True)
class Synced:
    """What one venue's sync did: business dates read, rows given by the till, rows new or changed, and its time."""

    venue: Venue
    first: date
    last: date
    read: int
    changed: int
    seconds: float


Watch = Callable[[Step], None]


def _nobody(_: Step) -> None:
    """Watch nothing."""


def sync_venue(
    organization: Organization, venue: Venue, *, since: date | None = None, until: date | None = None,
    watch: Watch = _nobody,
) -> Synced:  # fmt: skip
    """Read one venue's till into the record, from where the last reading ended less the days read again.

    A venue that was never read begins at ``since``, else on its opening day, else a year ago. ``until`` is today at
    the venue unless given. The lake is not touched: call `mozg.lake.refresh.refresh` when all venues are in.

    Raises:
        TillError: the till failed; windows that were read before are kept.
        StoreError: another process reads this venue.
    """
    started = time.monotonic()
    last = until or datetime.now(ZoneInfo(venue.timezone)).date()
    first = _begin(venue, since, last)
    with reading(venue, venue.pos) as run, connect(venue) as till:
        _read_catalogue(organization, till, run)
        for begin, end in windows(first, last, till.longest_window):
            _read_window(organization, venue, till, run, begin, end)
            watch(Step(venue, (end - first).days + 1, (last - first).days + 1, run.loaded.read))
    return Synced(venue, first, last, run.loaded.read, run.loaded.changed, time.monotonic() - started)


def sync(
    organization: Organization, venues: Sequence[Venue], *, since: date | None = None, until: date | None = None,
    watch: Watch = _nobody,
) -> list[Synced]:  # fmt: skip
    """Read the tills of ``venues`` one after the other, as `sync_venue` does; venues fed by files are passed over."""
    live = [venue for venue in venues if venue.pos != "files"]
    return [sync_venue(organization, venue, since=since, until=until, watch=watch) for venue in live]


def windows(first: date, last: date, longest: int) -> Iterator[tuple[date, date]]:
    """Cut the days from ``first`` to ``last`` into windows of at most ``longest`` days, oldest first."""
    while first <= last:
        end = min(first + (longest - 1) * DAY, last)
        yield first, end
        first = end + DAY


def _begin(venue: Venue, since: date | None, last: date) -> date:
    known = read_until(venue)
    if known is not None:
        return min(known, last) - settings().reread_days * DAY + DAY
    return since or venue.opened_on or last - FIRST_READING


def _read_catalogue(organization: Organization, till: Till, run: Reading) -> None:
    catalogue = till.catalogue()
    with transaction(organization.id) as connection:
        load_catalogue(connection, organization.id, catalogue, run.run_id)


def _read_window(organization: Organization, venue: Venue, till: Till, run: Reading, first: date, last: date) -> None:
    sales = till.sales(first, last)
    with transaction(organization.id) as connection:
        loaded = load_sales(connection, organization.id, venue.id, sales, run.run_id)
        connection.execute(move_cursor(venue, last))
        connection.execute(run.so_far(loaded))
    run.loaded += loaded
