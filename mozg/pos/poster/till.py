"""Poster as a till."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from types import TracebackType
from typing import Any, Self

from mozg.errors import TillAnswerError
from mozg.model import CashShift, Catalogue, Sales, Venue
from mozg.pos.clock import Clock
from mozg.pos.config import required, unseen
from mozg.pos.patience import Patience
from mozg.pos.poster import records
from mozg.pos.poster.door import Door
from mozg.pos.till import About, Reader

#: What an answer in an unexpected shape makes of our reading.
_STRANGE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)


class PosterTill:
    """A `mozg.pos.till.Till` over Poster's API.

    ``pos_config``: token, of an application with the right to read; spot_id, the restaurant's number; base_url if it is
    not the usual one; limits if the account has others than usual. Poster dates its checks by the calendar: a night
    belongs to the day before until the venue's ``day_start_hour``.
    """

    longest_window = 31

    def __init__(self, venue: Venue, patience: Patience) -> None:
        token, self._spot = required(venue, "token", "spot_id")
        self._clock = Clock.of(venue)
        self._door = Door(venue, token, patience)

    def __enter__(self) -> Self:
        """Begin: there is no session to open, each question carries the token."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._door.close()

    def about(self) -> About:
        """Return who answers."""
        with self._understood("its restaurants"):
            spots: dict[str | None, str] = {
                str(one["spot_id"]): one.get("spot_name") or one["name"] for one in self._door.get("access.getSpots")
            }
            if self._spot not in spots:
                raise unseen(self._door.name, "spot_id", self._spot, spots)
            return About(spots[self._spot], "Poster")

    @property
    def streams(self) -> Mapping[str, Reader]:
        """What else this adapter reads."""
        return {"cash_shifts": self._cash_shifts}

    def catalogue(self) -> Catalogue:
        """Return menu and people. Poster does not tell what was deleted from the menu."""
        with self._understood("the menu or the staff"):
            categories, products = self._door.get("menu.getCategories"), self._door.get("menu.getProducts")
            return records.catalogue(categories, products, self._door.get("access.getEmployees"), self._spot)

    def sales(self, first: date, last: date) -> Sales:
        """Return the receipts of the business dates ``first`` … ``last``, both inclusive.

        Raises:
            ValueError: the window is empty or longer than `longest_window` days.
            TillError: see `mozg.pos.till.Till`.
        """
        if not 1 <= (last - first).days + 1 <= self.longest_window:
            raise ValueError(f"A window of 1 to {self.longest_window} days is wanted, not {first} … {last}.")
        with self._understood("its checks"):
            return records.sales(self._checks(first, last), self._clock, (first, last))

    def _checks(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        """Yield the checks of the calendar days that the business dates reach into, page by page."""
        asked: dict[str, Any] = {
            **_days(first, last), "type": "spots", "id": self._spot, "status": 0, "include_products": "true",
        }  # fmt: skip
        seen: set[str] = set()
        while True:
            page = [one for one in self._door.get("dash.getTransactions", **asked)
                    if str(one["transaction_id"]) not in seen]  # fmt: skip
            if not page:
                return
            yield from page
            seen |= {str(one["transaction_id"]) for one in page}
            asked["next_tr"] = page[-1]["transaction_id"]

    def _cash_shifts(self, first: date, last: date) -> list[CashShift]:
        with self._understood("its cash shifts"):
            rows = self._door.get("finance.getCashShifts", **_days(first, last), spot_id=self._spot)
            return records.cash_shifts(rows, self._clock, (first, last))

    @contextmanager
    def _understood(self, what: str) -> Iterator[None]:
        try:
            yield
        except _STRANGE as error:
            raise TillAnswerError(
                f"{self._door.name} sent {what} in a shape that we do not know ({type(error).__name__}: {error}). "
                "Its API may have changed; please report it."
            ) from error


def _days(first: date, last: date) -> dict[str, str]:
    """Return the calendar days of a window: the night after its last day belongs to it."""
    return {"dateFrom": f"{first:%Y%m%d}", "dateTo": f"{last + timedelta(days=1):%Y%m%d}"}
