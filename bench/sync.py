"""Syncing: from a till's HTTP to Postgres and the lake, beside COPY of the same rows; and what history costs.

The till is simulated and answers on this machine, so what it and the wire take is told apart: a restaurant's own is a
hundred times slower. Ours writes each row under row-level security, with keys, change detection, deletions and
cursors, and then into the lake with its roll-ups.

The rows are all that the till told: not receipts, lines and payments alone, but the catalogue, shifts, costs and
books too, since the time is that of all of them. The first sync is of a year, as it is for a venue that says nothing
of its age. The goal is held against raw COPY by the administrator into tables with the columns, keys and indexes of
the record's own, logged and committed, all in one transaction: a record whose rows nobody can find, correct or trust
after a power cut is none, and what ours does more than that is what the goal leaves room for. COPY into temporary
tables that have nothing of all this is told beside it; no record could be kept at that speed, by anybody.

Each run of the bench begins with organisations of its own, so that none pays for what earlier runs left in its lake.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.measure import Row, by_turns, faster, seconds, sooner
from bench.peers.raw_copy import copy_bare, copy_into_twins, make_ready, told
from bench.stage.installation import organization
from bench.stage.simulated import chain_of
from mozg.access.organizations import Organization
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.model import STREAMS, Venue
from mozg.pos import Till, connect
from mozg.simulate import Chain, serve
from mozg.simulate.edits import edited
from mozg.sync import engine
from mozg.sync.engine import sync_venue

#: Of COPY's speed, at least; and how much longer after three years than after three months, at most.
OF_COPY, LONGER = 0.4, 1.3
MONTHS, YEAR, YEARS = 90, 365, 1095
#: What a till is asked for that is stored.
TOLD = {"catalogue", "sales", *STREAMS}


def run(quick: bool) -> list[Row]:
    """Measure a first sync of a year, and syncs of what is new after 90 and after 1,095 days of history."""
    return [*_first(20 if quick else YEAR, 1 if quick else 3), _later(40 if quick else YEARS, 2 if quick else 7)]


class Listening:
    """A till that notes what it was asked for and how long its answers took."""

    def __init__(self, till: Till) -> None:
        self.till, self.seconds, self.answers = till, 0.0, []

    def __getattr__(self, name: str) -> Any:
        started = time.perf_counter()
        found = getattr(self.till, name)  # to list its streams, a till may have to ask
        self.seconds += time.perf_counter() - started
        if name == "streams":
            return {stream: self._timed(read, stream) for stream, read in found.items()}
        return self._timed(found, name) if callable(found) else found

    def __enter__(self) -> "Listening":
        self.seconds += seconds(self.till.__enter__)
        return self

    def __exit__(self, *error: Any) -> None:
        self.till.__exit__(*error)

    def _timed(self, ask: Any, name: str) -> Any:
        def asked(*window: Any) -> Any:
            started = time.perf_counter()
            answer = ask(*window)
            self.seconds += time.perf_counter() - started
            if name in TOLD:
                self.answers.append((name, answer))
            return answer

        return asked


@contextmanager
def _listened() -> Iterator[list[Listening]]:
    heard: list[Listening] = []

    def listening(venue: Venue) -> Any:
        heard.append(Listening(connect(venue)))
        return heard[-1]

    engine.connect = listening  # type: ignore[attr-defined]  # only here does anybody listen in
    try:
        yield heard
    finally:
        engine.connect = connect  # type: ignore[attr-defined]


def _first(days: int, runs: int) -> list[Row]:
    owner, chain = organization(f"sync-{time.time_ns()}"), chain_of(venues=1, days=days)
    measured: list[tuple[int, float, float, float, float]] = []
    with serve(chain) as served:
        for number in range(runs):
            venue = add_venue(owner, **served.venues()[0] | {"name": f"First {number}"})
            measured.append(_one(owner, venue, chain))
    number = measured[-1][0]
    ours, whole, keyed, bare = ([rows / one[at] for rows, *one in measured] for at in range(4))
    words, copy = f"{number:,} rows of {days} days", "COPY of the same rows"
    with_keys = f"{copy}, with the record's keys and indexes"
    return [
        faster(f"{words}, database and lake", ours, keyed, with_keys, "rows/s", OF_COPY),
        faster(f"{words}, database and lake", ours, bare, f"{copy}, into bare tables", "rows/s", None),
        faster(f"{words}, till's HTTP included", whole, keyed, with_keys, "rows/s", None),
    ]


def _one(owner: Organization, venue: Venue, chain: Chain) -> tuple[int, float, float, float, float]:
    """Sync a venue for the first time; return its rows, and the seconds without the till, with it, of each COPY."""
    with _listened() as heard:
        total = seconds(lambda: sync_venue(owner, venue, since=chain.first, until=chain.last))
        total += seconds(lambda: refresh(owner))
    parts = told(heard[0].answers)
    number = sum(len(part.rows) for part in parts)
    make_ready(parts)
    copies = (seconds(lambda: copy_into_twins(parts)), seconds(lambda: copy_bare(parts)))
    return number, total - heard[0].seconds, total, *copies


def _later(days: int, runs: int) -> Row:
    short, long = (_Grown(some) for some in (min(MONTHS, days // 2), days))
    with short, long:
        taken = by_turns({"short": short.sync, "long": long.sync}, runs)
    question = f"what is new since yesterday, after {long.days:,} days of history"
    return sooner(question, taken["long"], taken["short"], f"after {short.days:,} days", 1 / LONGER)


class _Grown:
    """A venue whose history of so many days is in the record and the lake; each sync finds some checks edited."""

    def __init__(self, days: int) -> None:
        self.days, self.chain = days, chain_of(venues=1, days=days)
        self.owner, self.seed = organization(f"sync-{days}-{time.time_ns()}"), 0

    def __enter__(self) -> "_Grown":
        self._serving = serve(self.chain)
        self.served = self._serving.__enter__()
        place = self.served.venues()[0] | {"name": f"Grown {time.time_ns()}"}
        self.venue = add_venue(self.owner, **place)
        sync_venue(self.owner, self.venue, since=self.chain.first, until=self.chain.last)
        refresh(self.owner)
        return self

    def __exit__(self, *error: Any) -> None:
        self._serving.__exit__(*error)

    def sync(self) -> float:
        """Edit ten checks of the last five days, and return how long syncing and refreshing take us, not the till."""
        self.seed += 1
        self.served.replace(edited(self.served.chain, self.seed, 10, 5))
        with _listened() as heard:
            total = seconds(lambda: (sync_venue(self.owner, self.venue, until=self.chain.last), refresh(self.owner)))
        return total - heard[0].seconds
