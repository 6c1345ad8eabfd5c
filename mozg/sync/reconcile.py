"""Receipts held against the till's own totals: which days are off, and which to read again.

A day is read again because its receipts do not add up to its cash shifts, or because nobody has looked at it for a
week: an edit that moves no money shows in no total. A till whose cash shifts tell no totals is looked at every day.
Both are bounded, so that a till that never agrees, or a long pause, does not turn each sync into a full one.
"""

from datetime import date, timedelta

from mozg.access.organizations import Organization
from mozg.model import Venue
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.readings import Difference, compare, note_reread, stale_days, tells_totals
from mozg.sync.plan import DAY, Window

#: A day among the last ones is read again after so long, with totals of cash shifts to hold it against and without.
WITH_TOTALS, WITHOUT_TOTALS = timedelta(days=7), timedelta(days=1)
#: So many of them at a time.
STALE_AT_ONCE = 7


def span(last: date) -> Window:
    """Return the days that are held against the cash shifts, up to ``last``."""
    return last - (settings().reconcile_days - 1) * DAY, last


def stale_after(organization: Organization, venue: Venue, window: Window) -> timedelta:
    """Return how old the last reading of a day of ``window`` may become."""
    with transaction(organization.id) as connection:
        return WITH_TOTALS if tells_totals(connection, venue.id, window) else WITHOUT_TOTALS


def days_to_read(
    organization: Organization, venue: Venue, window: Window, oldest: timedelta | None = None
) -> list[date]:
    """Return the days of ``window`` that should be read again now: those that are off, and those read too long ago."""
    with transaction(organization.id) as connection:
        off = [one.business_date for one in compare(connection, venue.id, window) if not one.settled]
        old = stale_days(connection, venue.id, window, oldest, STALE_AT_ONCE) if oldest else []
    return [*off, *old]


def note(organization: Organization, venue: Venue, window: Window) -> None:
    """Note that the days of ``window`` that are off have been read again for that."""
    with transaction(organization.id) as connection:
        note_reread(connection, venue.id, window)


def differences(organization: Organization, venue: Venue, window: Window) -> list[Difference]:
    """Compare again, and return the days that still differ."""
    with transaction(organization.id) as connection:
        return compare(connection, venue.id, window)
