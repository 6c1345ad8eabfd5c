"""iiko as a till, whichever door leads to it."""

from datetime import date
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mozg.errors import SettingsError, TillAnswerError
from mozg.model import Catalogue, Sales, Venue
from mozg.pos.iiko import questions, records
from mozg.pos.iiko.doors import Door, Row
from mozg.pos.iiko.questions import Question


class IikoTill:
    """A `mozg.pos.till.Till` over iiko's SALES report. Signs in on entry and out on exit, also after an error."""

    #: The vendor's limit: iikoCloud refuses more, and longer questions have brought iikoServers down.
    longest_window = 31

    def __init__(self, venue: Venue, door: Door) -> None:
        self._door = door
        self._zone = _zone(venue)

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

    def catalogue(self) -> Catalogue:
        """Return menu groups, everything that can stand on a check, and the people."""
        try:
            return self._door.catalogue()
        except (KeyError, TypeError, AttributeError) as error:
            raise self._strange("the menu or the staff", error) from error

    def sales(self, first: date, last: date) -> Sales:
        """Return the receipts of the accounting days ``first`` … ``last``, both inclusive.

        Raises:
            ValueError: the window is empty or longer than `longest_window` days.
            TillError: see `mozg.pos.till.Till`.
        """
        if not 1 <= (last - first).days + 1 <= self.longest_window:
            raise ValueError(f"A window of 1 to {self.longest_window} days is wanted, not {first} … {last}.")
        window = questions.period(self._door.department, first, last)
        kept = window | questions.kept()
        checks, tables, lines = (
            self._ask(one, window) for one in (questions.CHECKS, questions.TABLES, questions.LINES)
        )
        try:
            return self._sales(checks, tables, lines, self._ask(questions.PAYMENTS, kept), (first, last))
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise self._strange("a SALES report", error) from error

    def _sales(
        self, checks: list[Row], tables: list[Row], lines: list[Row], payments: list[Row], window: tuple[date, date]
    ) -> Sales:
        receipts = records.receipts(checks, tables, self._zone)
        deleted = {receipt.external_id for receipt in receipts if receipt.status == "void"}
        return Sales(receipts, records.items(lines, deleted), records.payments(payments), window)

    def _ask(self, question: Question, filters: dict[str, Row]) -> list[Row]:
        return self._door.report(question.groups, question.figures, filters)

    def _strange(self, what: str, error: Exception) -> TillAnswerError:
        return TillAnswerError(
            f"{self._door.name} sent {what} in a shape that we do not know ({type(error).__name__}: {error}). "
            "Its version may be too old or too new for this adapter; please report it."
        )


def _zone(venue: Venue) -> ZoneInfo:
    try:
        return ZoneInfo(venue.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"Venue {venue.name!r} has an unknown time zone, {venue.timezone!r}. Give it one like 'Europe/Moscow'."
        ) from None
