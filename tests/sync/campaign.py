"""One organisation with a venue behind each door of a maker's simulated tills, and what can be done to them.

Each sync meets faults drawn by a seed, may be killed at a random moment, and finds checks that were edited, made void
or deleted since the one before. Afterwards the weather clears, a week passes, and every venue is synced once more:
nothing may be lost, doubled or half-written, no licence slot held, no limit of the till broken.
"""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from math import ceil
from typing import Any

import pytest
from sqlalchemy import text

from mozg.access.organizations import find_organization
from mozg.access.venues import add_venue, find_venue
from mozg.errors import MozgError, TillAccessDenied
from mozg.pos import Patience, connect, pace
from mozg.simulate import Chain, serve
from mozg.simulate.edits import edited
from mozg.simulate.poster import serve_poster
from mozg.simulate.rkeeper import serve_rkeeper
from mozg.store.database import transaction
from mozg.sync import engine
from mozg.sync.engine import sync_venue

from .truth import IIKO, POSTER, RKEEPER, Tongue, by_dish, truth

LAST = date(2026, 10, 25)
#: The open shift's noon, in which syncs are disturbed, and the morning after, in which all is calm.
NOON, MORNING = datetime(2026, 10, 25, 12), datetime(2026, 10, 26, 6)
LONGEST = 35
#: So many calls does a limited till allow in a second; the venue's settings name a few less.
BACK_OFFICE = ("reporting", "employees", "inventory", "nomenclature/v2")
ALLOWED, KNOWN = 130, [120, 1, 60]
#: How a disturbed sync may end: well, with a sentence, with no slot of a licence, or killed.
FAILED, NO_SLOT = 3, 4
ENDINGS = {0, FAILED, NO_SLOT, -signal.SIGKILL}
HURRIED = Patience(attempts=4, first=0.005, busy=0.01, longest=0.05)
DAY = timedelta(days=1)
_NUMBERS = count(1)


@dataclass(frozen=True)
class Maker:
    """A maker's tills: who serves them, the ways to two restaurants, and the parts of addresses that are limited."""

    serve: Callable[..., Any]
    ways: Callable[[Any], list[dict[str, Any]]]
    tongue: Tongue
    limited: tuple[str, ...]


def _iiko(served):
    return [served.venues("iiko_server")[0], limited(served.venues("iiko_cloud")[1], "back office")]


def _rkeeper(served):
    return [served.venues()[0], limited(served.venues(white=True)[1])]


def _poster(served):
    return [limited(way) for way in served.venues()]


def limited(way, group="all calls"):
    """Return a way to a till whose settings say how often it may be called."""
    return way | {"pos_config": way["pos_config"] | {"limits": {group: KNOWN}}}


MAKERS = {
    "iiko": Maker(serve, _iiko, IIKO, tuple(f"/cloud/api/{one}" for one in BACK_OFFICE)),
    "r_keeper": Maker(serve_rkeeper, _rkeeper, RKEEPER, ("/white/",)),
    "Poster": Maker(serve_poster, _poster, POSTER, ("/api/",)),
}


def served_for(maker, days):
    """Serve two restaurants that began so many days ago."""
    return MAKERS[maker].serve(Chain.generate(seed=11, first=LAST - days * DAY, last=LAST, venues=2))


def hurried_sync(slug, name, since):
    """Sync a venue with all pauses made short, as a process of its own may be asked to."""
    owner = find_organization(slug)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "connect", lambda venue: connect(venue, HURRIED))
        for name_, value in {"FIRST_PAUSE": 0.01, "LONGEST_PAUSE": 0.05, "TRIPS": 50}.items():
            patch.setattr(pace, name_, value)
        sync_venue(owner, find_venue(owner, name), since=since, until=LAST)


def _quiet(*asked):
    try:
        hurried_sync(*asked)
    except MozgError as error:
        raise SystemExit(NO_SLOT if "no free licence slot" in str(error) else FAILED) from None


class Campaign:
    """The venues of a maker's tills, and how often what was done to them."""

    def __init__(self, maker, served, processes, new_organization):
        self.maker, self.served, self.processes = MAKERS[maker], served, processes
        self.owner = new_organization(f"campaign{next(_NUMBERS)}x")
        self.venues = [add_venue(self.owner, **way) for way in self.maker.ways(served)]
        self.syncs = self.kills = self.failures = self.slots_lost = 0
        served.log.clear()
        served.faults.clear()

    def disturbed(self, venue, edits, rain, calls):
        """Change the past, let it rain, sync, and perhaps kill the sync once it has made so many ``calls`` of its till.

        The till is silent from then on, so that the kill comes at the same call however fast the machine is.
        """
        self.served.present.now = NOON
        if edits:
            self.served.replace(edited(self.served.chain, edits, 25))
        if rain:
            self.served.faults.rain(*rain)
        process = self.processes.Process(target=_quiet, args=self._asked(self.venues[venue]))
        self.served.faults.answers = calls
        process.start()
        while process.is_alive() and self.served.faults.answers != 0:
            process.join(0.005)
        self.kills += process.is_alive()
        process.kill()
        process.join()
        self.served.faults.answers = None
        assert process.exitcode in ENDINGS, "a sync ended with another error than a sentence; it is printed above"
        self.failures += process.exitcode in (FAILED, NO_SLOT)
        if process.exitcode == NO_SLOT:
            self.an_hour_passes()
        self.syncs += 1

    def an_hour_passes(self):
        """Let the till take back the slot of whoever was killed, or misunderstood it, while it answered a sign-in."""
        self.served.licence.restart()
        self.slots_lost += 1

    def calm(self):
        """Let the weather clear and a week pass, then sync every venue until nothing is left to do."""
        self.served.faults.clear()
        self.served.present.now = MORNING
        with transaction(self.owner.id) as connection:
            connection.execute(text("UPDATE day_readings SET read_at = read_at - interval '8 days'"))
            connection.execute(text("UPDATE sync_cursors SET moved_at = now() - interval '1 day'"))
        weeks = ceil((LAST - self.served.chain.first) / (7 * DAY))
        for venue in self.venues:
            for _ in range(weeks):  # of what is older than a week, a sync reads a week again
                self.undisturbed(venue)

    def undisturbed(self, venue):
        """Sync a venue; a slot that a killed sync never heard that it had is free again an hour later."""
        try:
            self.sync(venue)
        except TillAccessDenied as error:
            if "no free licence slot" not in str(error):
                raise
            self.an_hour_passes()
            self.sync(venue)
        self.syncs += 1

    def sync(self, venue):
        """Sync a venue, all of its history."""
        hurried_sync(*self._asked(venue))

    def _asked(self, venue):
        return self.owner.slug, venue.name, self.served.chain.first

    def record(self, venue):
        """Return what the record has of a venue: checks, lines and payments with how often each is there."""
        questions = (
            "SELECT external_id, business_date, status, guests, gross, discount, revenue, vat, cost FROM receipts",
            "SELECT receipt, product, quantity, gross, discount, revenue, voided FROM receipt_items",
            "SELECT receipt, method, amount FROM payments",
        )
        with transaction(self.owner.id) as connection:
            checks, lines, paid = (
                list(map(tuple, connection.execute(text(f"{one} WHERE venue_id = {venue.id} AND NOT deleted"))))
                for one in questions
            )
        return [Counter(checks), by_dish(lines), Counter(paid)]

    def truth(self, number):
        """Return what the tills have of the venue with this number, in the form of `record`."""
        return truth(self.maker.tongue, self.served.chain, number, LAST)

    def held_against_the_truth(self):
        """Compare every venue with the tills, and what the tills were asked with what they allow."""
        for number, venue in enumerate(self.venues):
            pairs = zip(self.truth(number), self.record(venue), strict=True)
            for kind, (told, kept) in zip(("checks", "lines", "payments"), pairs, strict=True):
                assert kept == told, f"{kind} of {venue.name}: lost {told - kept}, too many {kept - told}"
        for part in self.maker.limited:
            assert 0 < self.served.log.most(part, 1.0) <= ALLOWED, part
