"""Syncing: from a till's HTTP to Postgres and the lake, beside a bare COPY; and what history costs.

The till is simulated and answers on this machine, so what it and the wire take is told apart: a restaurant's own is a
hundred times slower. Ours writes each row under row-level security, with keys, change detection, deletions and
cursors, and then into the lake with its roll-ups; COPY writes the same records into bare tables of the administrator.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.measure import Row, by_turns, faster, seconds, sooner
from bench.stage.installation import organization
from bench.stage.simulated import chain_of
from mozg.access.organizations import Organization
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.model import Sales, Venue
from mozg.pos import Till, connect
from mozg.simulate import Chain, serve
from mozg.simulate.edits import edited
from mozg.store.database import admin_engine
from mozg.store.load import ITEMS, PAYMENTS, RECEIPTS
from mozg.sync import engine
from mozg.sync.engine import sync_venue

#: Of bare COPY's speed, at least; and how much longer after three years than after three months, at most.
OF_COPY, LONGER = 0.4, 1.3
MONTHS, YEARS = 90, 1095


def run(quick: bool) -> list[Row]:
    """Measure a first sync of 160 days, and syncs of what is new after 90 and after 1,095 days of history."""
    return [*_first(20 if quick else 160, 1 if quick else 3), _later(40 if quick else YEARS, 2 if quick else 7)]


class Listening:
    """A till that notes what it was asked for and how long its answers took."""

    def __init__(self, till: Till) -> None:
        self.till, self.seconds, self.told = till, 0.0, []

    def __getattr__(self, name: str) -> Any:
        started = time.perf_counter()
        found = getattr(self.till, name)  # to list its streams, a till may have to ask
        self.seconds += time.perf_counter() - started
        if name == "streams":
            return {stream: self._timed(read) for stream, read in found.items()}
        return self._timed(found) if callable(found) else found

    def __enter__(self) -> "Listening":
        self.seconds += seconds(self.till.__enter__)
        return self

    def __exit__(self, *error: Any) -> None:
        self.till.__exit__(*error)

    def _timed(self, ask: Any) -> Any:
        def asked(*window: Any) -> Any:
            started = time.perf_counter()
            answer = ask(*window)
            self.seconds += time.perf_counter() - started
            if isinstance(answer, Sales):
                self.told.append(answer)
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
    owner, chain = organization("sync"), chain_of(venues=1, days=days)
    told: list[tuple[int, float, float, float]] = []
    with serve(chain) as served:
        for _ in range(runs):
            venue = add_venue(owner, **served.venues()[0] | {"name": f"First {time.time_ns()}"})
            told.append(_one(owner, venue, chain))
    number = told[-1][0]
    ours, whole, bare = ([rows / one[at] for rows, *one in told] for at in range(3))
    words, copy = f"{number:,} rows of {days} days", "bare COPY of the same rows"
    return [
        faster(f"{words}, database and lake", ours, bare, copy, "rows/s", OF_COPY),
        faster(f"{words}, till's HTTP included", whole, bare, copy, "rows/s", None),
    ]


def _one(owner: Organization, venue: Venue, chain: Chain) -> tuple[int, float, float, float]:
    """Sync a venue for the first time; return its rows, and the seconds without the till, with it, and of COPY."""
    with _listened() as heard:
        total = seconds(lambda: sync_venue(owner, venue, since=chain.first, until=chain.last))
        total += seconds(lambda: refresh(owner))
    rows = [
        (shape, some)
        for sales in heard[0].told
        for shape, some in ((RECEIPTS, sales.receipts), (ITEMS, sales.items), (PAYMENTS, sales.payments))
    ]
    number = sum(len(some) for _, some in rows)
    return number, total - heard[0].seconds, total, seconds(lambda: _copy(rows))


def _copy(rows: list[tuple[Any, list[Any]]]) -> None:
    """COPY the rows into tables with the same columns, but without keys, indexes and row-level security."""
    with admin_engine().begin() as connection:
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor:
            for shape, some in rows:
                names = ", ".join(f'"{name}"' for name in shape.columns)
                cursor.execute(
                    f"CREATE TEMP TABLE IF NOT EXISTS bare_{shape.table} AS SELECT {names} FROM {shape.table} LIMIT 0"
                )
                with cursor.copy(f"COPY bare_{shape.table} ({names}) FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)
            for table in {shape.table for shape, _ in rows}:
                cursor.execute(f"DROP TABLE bare_{table}")


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
        self.owner, self.seed = organization(f"sync{days}"), 0

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
