"""How often a till may be asked: a bucket of tokens for each key and group of calls, and a breaker for each key.

The buckets are in ``var/tills/pace.sqlite``, shared by all processes of this installation: neither a second process
nor one that takes over from a killed one begins with a full bucket. A till that says *too often* empties the bucket
for as long as it wishes, or for a pause that doubles each time; after a few refusals in a row the breaker opens, and
nobody asks with that key until the pause is over.
"""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from mozg.errors import TillBusy
from mozg.settings import settings

#: Seconds: the pause after the first *too often* without a hint, the longest one, and the longest wait for a turn.
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 30.0, 600.0, 120.0
#: So many refusals in a row open the breaker.
TRIPS = 4
#: The row of a key that stands for its breaker.
_BREAKER = ""


@dataclass(frozen=True)
class Allowance:
    """So many calls in any span of so many seconds, of which ``burst`` may come at once."""

    calls: int
    seconds: float
    burst: int = 1

    @property
    def rate(self) -> float:
        """Tokens a second. What may come at once is taken off, so that no span sees more than ``calls``."""
        return max(self.calls - self.burst, 1) / self.seconds


@dataclass(frozen=True)
class Bucket:
    """``tokens`` at the moment ``at`` (seconds since 1970), below zero while calls wait; ``refused`` in a row."""

    tokens: float
    at: float
    refused: int = 0

    def filled(self, allowance: Allowance, now: float) -> "Bucket":
        """Return it as it is ``now``; a clock that was set back takes nothing away."""
        gained = max(0.0, now - self.at) * allowance.rate
        return replace(self, tokens=min(float(allowance.burst), self.tokens + gained), at=now)


class Pace:
    """The pace of all calls that are made with one ``key`` (address and credentials); ``name`` is for errors.

    Groups that have no allowance of their own go by ``otherwise``; without that they are not held back until the till
    says *too often*.
    """

    def __init__(
        self, name: str, key: str, allowances: Mapping[str, Allowance] | None = None, otherwise: Allowance | None = None
    ) -> None:
        self.name = name
        self._file: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._key = hashlib.sha256(key.encode()).hexdigest()
        self._allowances, self._otherwise = dict(allowances or {}), otherwise or Allowance(1_000_000, 1.0, 500_000)

    def wait(self, group: str) -> None:
        """Wait for the next turn of a group of calls.

        Raises:
            TillBusy: the breaker is open, or the turn is too far away to wait for.
        """
        pause = self._take(group)
        if pause > 0:
            time.sleep(pause)

    def refused(self, group: str, wished: float | None) -> float:
        """Note that the till said *too often*, and return the seconds to stay away; ``wished`` is its own wish."""
        allowance, now = self._allowance(group), time.time()
        with self._buckets() as buckets:
            bucket = self._filled(buckets, group, now)
            times = bucket.refused + 1
            pause = wished if wished is not None else min(FIRST_PAUSE * 2.0 ** (times - 1), LONGEST_PAUSE)
            debt = 1 - pause * allowance.rate
            self._keep(buckets, group, Bucket(min(bucket.tokens, debt), now, times))
            if times >= TRIPS:
                self._keep(buckets, _BREAKER, Bucket(0, now + pause))
        return pause

    def answered(self, group: str) -> None:
        """Note that the till answered: what it said before of *too often* is over."""
        with self._buckets() as buckets:
            for one in (group, _BREAKER):
                buckets.execute(
                    "UPDATE buckets SET refused = 0 WHERE key = ? AND name = ? AND refused > 0", (self._key, one)
                )

    def _take(self, group: str) -> float:
        allowance, now = self._allowance(group), time.time()
        with self._buckets() as buckets:
            breaker = self._bucket(buckets, _BREAKER)
            bucket = self._filled(buckets, group, now)
            pause = max(0.0, (1 - bucket.tokens) / allowance.rate)
            closed_for = breaker.at - now if breaker else 0.0
            if max(pause, closed_for) > LONGEST_WAIT or closed_for > 0:
                raise self._too_far(now + max(pause, closed_for))
            self._keep(buckets, group, replace(bucket, tokens=bucket.tokens - 1))
        return pause

    def _too_far(self, until: float) -> TillBusy:
        at = datetime.fromtimestamp(until).astimezone()
        return TillBusy(f"{self.name} was asked too often and may be asked again at {at:%H:%M:%S}. Sync again then.")

    def _allowance(self, group: str) -> Allowance:
        return self._allowances.get(group, self._otherwise)

    def _filled(self, buckets: sqlite3.Connection, group: str, now: float) -> Bucket:
        allowance = self._allowance(group)
        found = self._bucket(buckets, group)
        return found.filled(allowance, now) if found else Bucket(float(allowance.burst), now)

    def _bucket(self, buckets: sqlite3.Connection, name: str) -> Bucket | None:
        query = "SELECT tokens, at, refused FROM buckets WHERE key = ? AND name = ?"
        row = buckets.execute(query, (self._key, name)).fetchone()
        return Bucket(*row) if row else None

    def _keep(self, buckets: sqlite3.Connection, name: str, bucket: Bucket) -> None:
        row = (self._key, name, bucket.tokens, bucket.at, bucket.refused)
        buckets.execute("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        """Let go of the buckets' file; the next call opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    @contextmanager
    def _buckets(self) -> Iterator[sqlite3.Connection]:
        """Give the buckets to one thread of one process at a time; what the block did is kept if it ends well."""
        with self._lock:
            if self._file is None:
                self._file = _open()
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")


def _open() -> sqlite3.Connection:
    folder = settings().var / "tills"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = sqlite3.connect(folder / "pace.sqlite", timeout=30, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")  # survives a kill and a power cut, without waiting for disks
    file.execute("PRAGMA synchronous = NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS buckets "
        "(key TEXT, name TEXT, tokens REAL, at REAL, refused INTEGER, PRIMARY KEY (key, name))"
    )
    return file
