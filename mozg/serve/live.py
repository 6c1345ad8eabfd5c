"""The rounds over live venues: one thread that asks who is due, and a few that read."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from mozg.access.organizations import Organization, organizations
from mozg.access.venues import venues_of
from mozg.errors import MozgError
from mozg.model import Venue
from mozg.sync.live import read_open_days, seconds_between

AT_ONCE = 4
#: Seconds between two looks at who is due, and at which venues there are.
LOOK, LIST = 1.0, 30.0
_LOG = logging.getLogger("mozg.live")


class Rounds:
    """Reads each live venue when it is due, and any venue at once when its till calls."""

    def __init__(self) -> None:
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="live")
        self._lock = threading.Lock()
        self._under_way: set[int] = set()
        self._again: set[int] = set()
        self._last: dict[int, float] = {}
        self._over = threading.Event()

    def start(self) -> None:
        """Go round in a thread of its own until the process ends."""
        threading.Thread(target=self._go, name="live rounds", daemon=True).start()

    def stop(self) -> None:
        """End the rounds; readings under way are finished."""
        self._over.set()

    def read_soon(self, organization: Organization, venue: Venue) -> None:
        """Read a venue's open days now; if that is under way, once more after it, for the news may have come late."""
        with self._lock:
            if venue.id in self._under_way:
                self._again.add(venue.id)
                return
            self._under_way.add(venue.id)
        self._workers.submit(self._read, organization, venue)

    def _go(self) -> None:
        known: list[tuple[Organization, Venue]] = []
        listed = -LIST
        while not self._over.wait(LOOK):
            if time.monotonic() - listed >= LIST:
                known, listed = _live(), time.monotonic()
            for organization, venue in known:
                pause = seconds_between(venue) or 0.0
                if time.monotonic() - self._last.get(venue.id, -pause) >= pause:
                    self._last[venue.id] = time.monotonic()
                    self.read_soon(organization, venue)

    def _read(self, organization: Organization, venue: Venue) -> None:
        try:
            read_open_days(organization, venue)
        except MozgError as error:  # the journal has what the till said; the next round comes soon
            _LOG.warning("venue %s was not read: %s", venue.id, error)
        finally:
            with self._lock:
                self._under_way.discard(venue.id)
                again = venue.id in self._again
                self._again.discard(venue.id)
        if again:
            self.read_soon(organization, venue)


def _live() -> list[tuple[Organization, Venue]]:
    try:
        return [(one, venue) for one in organizations() for venue in venues_of(one) if seconds_between(venue)]
    except MozgError as error:
        _LOG.warning("live venues could not be listed: %s", error)
        return []


ROUNDS = Rounds()
