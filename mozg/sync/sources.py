"""What one venue's till is read for, stream by stream, all in one form: sales first, then what else it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from mozg.model import STREAMS, Stream, Venue
from mozg.pos import Till
from mozg.settings import settings
from mozg.store.load import load_sales
from mozg.store.load_streams import load_stream
from mozg.store.readings import note_readings
from mozg.store.upsert import Loaded
from mozg.sync.cursors import SALES, Cursor
from mozg.sync.plan import Window

#: What changes by the minute and is asked for each time.
LIVE = {"cash_shifts", "stop_list"}
DEEP_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """One stream of one till: how its days are read, and how what came is put into the record.

    ``again`` are the last days that are read again each time, ``deep`` those that are once a day.
    """

    name: str
    whole: bool
    again: int
    deep: int
    read: Callable[[date, date], Any]
    load: Callable[[Connection, Any, Window, int], Loaded]

    def is_due(self, cursor: Cursor, now: datetime) -> bool:
        """Tell whether it is time to read this stream again."""
        if self.name == SALES or self.name in LIVE or cursor.moved_at is None or cursor.read_until is None:
            return True
        return now - cursor.moved_at >= timedelta(hours=settings().books_hours)

    def is_deep(self, cursor: Cursor, now: datetime) -> bool:
        """Tell whether it is time to read again more than the last days."""
        return self.deep > self.again and (cursor.deep_at is None or now - cursor.deep_at >= DEEP_EVERY)


def sources(venue: Venue, till: Till, today: date) -> list[Source]:
    """Return what ``till`` can be read for; ``today`` is the venue's."""
    offered = till.streams
    return [_sales(venue, till, today)] + [
        _books(venue, stream, offered[name]) for name, stream in STREAMS.items() if name in offered
    ]


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


def _sales(venue: Venue, till: Till, today: date) -> Source:
    def load(connection: Connection, sales: Any, window: Window, run_id: int) -> Loaded:
        loaded = load_sales(connection, venue.organization_id, venue.id, sales, run_id)
        note_readings(connection, venue.organization_id, venue.id, window, run_id, today)
        return loaded

    again = settings().reread_days
    return Source(SALES, False, again, again, till.sales, load)


def _books(venue: Venue, stream: Stream, read: Callable[[date, date], Any]) -> Source:
    def load(connection: Connection, rows: Any, window: Window, run_id: int) -> Loaded:
        return load_stream(connection, venue.organization_id, venue.id, stream, rows, window, run_id)

    deep = settings().reconcile_days
    again = deep if stream.name == "cash_shifts" else settings().reread_days
    return Source(stream.name, stream.reach == "whole", again, max(again, deep), read, load)
