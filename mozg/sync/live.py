"""Near real time: the day that is open at a venue, read again and again while the restaurant sells.

A venue is live when its till settings say ``live`` (true, or the seconds between two readings), or when its till calls
(``webhook_token``). A round costs its till one sign-in and one day of sales, whatever history there is; the lake is
refreshed only when something changed.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mozg.access.organizations import Organization
from mozg.lake.refresh import refresh
from mozg.model import Venue
from mozg.pos import connect
from mozg.store.database import transaction
from mozg.store.load import load_sales
from mozg.sync.journal import reading

#: Seconds between two readings: what is usual, and what no setting goes below.
USUAL, LEAST = 20.0, 5.0
#: Until this hour of the morning, guests of yesterday's evening may still pay.
NIGHT_ENDS = 12


def is_live(venue: Venue) -> bool:
    """Tell whether what a venue sells is known while it sells: its till is asked again and again, or calls."""
    return seconds_between(venue) is not None or bool(venue.pos_config.get("webhook_token"))


def seconds_between(venue: Venue) -> float | None:
    """Return how often a venue is to be read while it is open, in seconds, or None if nobody wished it."""
    wished = str(venue.pos_config.get("live") or "").strip().lower()
    if venue.pos == "files" or wished in {"", "false", "no", "0"}:
        return None
    return max(float(wished), LEAST) if wished.isdigit() else USUAL


def open_days(venue: Venue, now: datetime | None = None) -> tuple[date, date]:
    """Return the first and last business date on which something may be sold now."""
    local = (now or datetime.now(ZoneInfo(venue.timezone))).astimezone(ZoneInfo(venue.timezone))
    today = (local - timedelta(hours=venue.day_start_hour)).date()
    return (today - timedelta(1) if local.hour < NIGHT_ENDS else today), today


def read_open_days(organization: Organization, venue: Venue, *, days: tuple[date, date] | None = None) -> int:
    """Read what a venue sold on its open days, and bring the lake up to it; return how many rows changed.

    Raises:
        TillError: the till failed.
        StoreError: another process reads this venue; it will see the same.
    """
    with reading(venue, venue.pos) as run:
        with connect(venue) as till:
            sales = till.sales(*(days or open_days(venue)))
        with transaction(organization.id) as connection:
            run.loaded = load_sales(connection, organization.id, venue.id, sales, run.run_id)
    if run.loaded.changed:
        refresh(organization)
    return run.loaded.changed
