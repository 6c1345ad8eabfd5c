"""Questions to the lake, each asked once."""

import functools
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd

from mozg.errors import MozgError
from mozg.lake.reader import Lake
from mozg.lake.tables import VENUES
from mozg.metrics import Period, query

MOST_KEPT = 64
#: Questions that a page asks at the same time. More than processors, and the first answer would wait for the others.
AT_ONCE = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Asked:
    """One question; ``venues`` are names, None for all that the scope allows; ``only`` narrows it further."""

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    venues: tuple[str, ...] | None
    during: Period | None
    before: Period | None
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Answers:
    """The answers of one snapshot of a lake. A snapshot does not change, so an answer is kept and given again."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._kept: dict[Asked, Future[pd.DataFrame]] = {}
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="answers")

    def ask(self, asked: Asked) -> pd.DataFrame:
        """Return the answer of `mozg.metrics.query`; the caller must not change the frame.

        Raises:
            QueryError, LakeError: see there.
        """
        try:
            return self._promised(asked).result()
        except MozgError:
            self._kept.pop(asked, None)  # what was away may be back when it is asked again
            raise

    def expect(self, questions: Iterable[Asked]) -> None:
        """Begin to look for answers that will be asked for soon; what fails is told to whoever asks."""
        for asked in questions:
            self._promised(asked)

    def _promised(self, asked: Asked) -> Future[pd.DataFrame]:
        if asked not in self._kept:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[asked] = self._workers.submit(self._query, asked)
        return self._kept[asked]

    @functools.cached_property
    def venues(self) -> dict[int, str]:
        """The names of the venues that the scope allows, by id, sorted by name."""
        names = VENUES.expression.select("venue_id", "venue").order_by("venue")
        frame = self.lake.frame(str(ibis.to_sql(names, dialect="duckdb")))
        allowed = self.lake.scope.venues
        pairs = zip(frame["venue_id"], frame["venue"], strict=True)
        return {int(id_): str(name) for id_, name in pairs if allowed is None or id_ in allowed}

    def span(self) -> tuple[date, date] | None:
        """Return the first and last business date with a check that the scope allows, or None without any."""
        row = self.ask(Asked(("first_date", "last_date"), (), None, None, None)).iloc[0]
        return None if pd.isna(row["first_date"]) else (row["first_date"], row["last_date"])

    def _query(self, asked: Asked) -> pd.DataFrame:
        where = dict(asked.only) if asked.venues is None else {**dict(asked.only), "venue": asked.venues}
        return query(self.lake, asked.metrics, asked.by, during=asked.during, compare=asked.before, where=where)


def names_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Return names without repetition, in their order."""
    return tuple(dict.fromkeys(asked))
