"""iiko as a till, whichever door leads to it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import TracebackType
from typing import Any, Self

from mozg.errors import TillAnswerError
from mozg.model import Catalogue, Sales, Venue
from mozg.pos.clock import Clock
from mozg.pos.iiko import questions, records
from mozg.pos.iiko.doors import Door
from mozg.pos.iiko.olap import ask
from mozg.pos.iiko.reported import Reported
from mozg.pos.till import About, Reader

#: What a row of another shape than expected makes of Python.
_STRANGE = (KeyError, TypeError, AttributeError, ValueError, ArithmeticError, AssertionError)


class IikoTill:
    """A `mozg.pos.till.Till` over iiko's reports. Signs in on entry and out on exit, also after an error."""

    #: The vendor's limit: iikoCloud refuses more, and longer questions have brought iikoServers down.
    longest_window = 31

    def __init__(self, venue: Venue, door: Door) -> None:
        self._door, self._reported = door, Reported(door)
        self._clock = Clock.of(venue)

    def __enter__(self) -> Self:
        """Sign in."""
        try:
            self._door.open()
        except BaseException:
            self._door.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out."""
        self._door.close()

    def about(self) -> About:
        """Return who answers; see `mozg.pos.till.Till`."""
        with self._known_shape("what it says of itself"):
            return self._door.about()

    @property
    def streams(self) -> Mapping[str, Reader]:
        """What else this till tells: of the door itself, and of the reports that both doors give."""
        found = self._reported.streams() | dict(self._door.streams())
        return {name: self._careful(name, read) for name, read in found.items()}

    def catalogue(self) -> Catalogue:
        """Return menu groups, everything that can stand on a check or lie in a storeroom, and the people."""
        with self._known_shape("the menu or the staff"):
            return self._door.catalogue()

    def sales(self, first: date, last: date) -> Sales:
        """Return the receipts of the accounting days ``first`` … ``last``, both inclusive.

        Raises:
            ValueError: the window is empty or longer than `longest_window` days.
            TillError: see `mozg.pos.till.Till`.
        """
        self._check(first, last)
        with self._known_shape("a SALES report"):
            return self._sales(first, last)

    def _sales(self, first: date, last: date) -> Sales:
        window = questions.period(self._door.department, first, last)
        checks, tables, lines = (
            ask(self._door, one, window) for one in (questions.CHECKS, questions.TABLES, questions.LINES)
        )
        paid, off = (
            ask(self._door, one, window | questions.kept()) for one in (questions.PAYMENTS, questions.DISCOUNTS)
        )
        receipts = records.receipts(checks, tables, records.discount_types(off), self._clock)
        statuses = {receipt.external_id: receipt.status for receipt in receipts}
        return Sales(receipts, records.items(lines, statuses), records.payments(paid, statuses), (first, last))

    def _careful(self, name: str, read: Reader) -> Reader:
        def carefully(first: date, last: date) -> Sequence[Any]:
            self._check(first, last)
            with self._known_shape(name.replace("_", " ")):
                return read(first, last)

        return carefully

    def _check(self, first: date, last: date) -> None:
        if not 1 <= (last - first).days + 1 <= self.longest_window:
            raise ValueError(f"A window of 1 to {self.longest_window} days is wanted, not {first} … {last}.")

    @contextmanager
    def _known_shape(self, what: str) -> Iterator[None]:
        try:
            yield
        except _STRANGE as error:
            raise TillAnswerError(
                f"{self._door.name} sent {what} in a shape that we do not know ({type(error).__name__}: {error}). "
                "Its version may be too old or too new for this adapter; please report it."
            ) from error
