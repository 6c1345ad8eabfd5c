"""How far a venue's reading is, and how long it may still take."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from mozg.model import Venue
from mozg.sync.cursors import SALES

#: A day of sales weighs as much as so many days of another stream.
WEIGHT = 10


@dataclass(frozen=True)
class Step:
    """So many days of sales of so many are in the record; ``seconds_left`` is a guess from the pace so far."""

    venue: Venue
    days_done: int
    days: int
    rows: int
    seconds_left: float | None = None


Watch = Callable[[Step], None]


def nobody(_: Step) -> None:
    """Watch nothing."""


class Progress:
    """Counts days, those to do and those done, and tells ``watch`` after each window."""

    def __init__(self, venue: Venue, watch: Watch) -> None:
        self._venue, self._watch = venue, watch
        self._started = time.monotonic()
        self._days, self._done, self._weight, self._weight_done = 0, 0, 0, 0

    def expect(self, stream: str, days: int) -> None:
        """Add days that will be read."""
        self._weight += days * _weight(stream)
        self._days += days if stream == SALES else 0

    def done(self, stream: str, days: int, rows: int) -> None:
        """Count days that have been read, and tell; ``rows`` were read in all."""
        self._weight_done += days * _weight(stream)
        self._done += days if stream == SALES else 0
        self._watch(Step(self._venue, self._done, self._days, rows, self._left()))

    def _left(self) -> float | None:
        if not self._weight_done:
            return None
        return (time.monotonic() - self._started) * max(self._weight - self._weight_done, 0) / self._weight_done


def _weight(stream: str) -> int:
    return WEIGHT if stream == SALES else 1
