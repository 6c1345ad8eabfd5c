"""r_keeper 7 as a till, whichever door leads to it."""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self

from mozg.errors import SettingsError, TillAnswerError, TillBusy
from mozg.model import CashShift, Catalogue, DiningTable, PaymentType, Sales, Shift, StopListEntry, Venue
from mozg.pos.clock import Clock
from mozg.pos.config import unseen
from mozg.pos.rkeeper import books, catalogue, history, live
from mozg.pos.rkeeper.answers import Row, ident
from mozg.pos.rkeeper.doors import Door
from mozg.pos.rkeeper.live import OpenShift
from mozg.pos.rkeeper.orders import Order, sales
from mozg.pos.rkeeper.references import References
from mozg.pos.till import About, Reader

#: What an answer in an unexpected shape makes of our reading.
STRANGE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)


#: How versions begin that this adapter speaks.
_SPOKEN = "7."


class RkeeperTill:
    """A `mozg.pos.till.Till` over the report database of r_keeper, and the cash server for the open shift.

    A business date is the logical date of the common shift. What a shift sold comes from the report database once the
    shift has been exported there; before, from the cash server, if the door has one.
    """

    #: Days of one question to the report database; White Server's agent has three minutes for it.
    longest_window = 31

    def __init__(self, venue: Venue, door: Door) -> None:
        self._venue, self._door = venue, door
        self._clock = Clock.of(venue)
        self._restaurant, self._price_type = _ident(venue, "restaurant_id"), _ident(venue, "price_type")
        self._references = References(door)

    def __enter__(self) -> Self:
        """Begin: there is no session to open, each question carries its credentials."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._door.close()

    def about(self) -> About:
        """Return who answers, having made sure that the report database knows our procedures."""
        with self._understood("what it says of itself"):
            version, known = self._references.server_version, self._references.items("RESTAURANTS")
            if not version.startswith(_SPOKEN):
                raise TillAnswerError(f"{self._door.name} speaks version {version!r}. This adapter speaks r_keeper 7.")
            restaurant, today = self._number(), datetime.now(UTC).date()
            if restaurant not in known:
                seen: dict[str | None, str] = {str(number): item.name for number, item in known.items() if item.active}
                raise unseen(self._door.name, "restaurant_id", str(restaurant), seen)
            self._rows("MOZGSHIFTS", today, today)
            return About(known[restaurant].name, f"r_keeper {version}")

    @property
    def streams(self) -> Mapping[str, Reader]:
        """What else r_keeper tells; goods and their costs are StoreHouse's, and the stop list a cash server's."""
        told: dict[str, Reader] = {
            "cash_shifts": self._cash_shifts, "shifts": self._attendances, "dining_tables": self._dining_tables,
            "payment_types": self._payment_types,
        }  # fmt: skip
        return told | ({"stop_list": self._stop_list} if self._door.has_cash_server else {})

    def catalogue(self) -> Catalogue:
        """Return menu groups, dishes and people."""
        with self._understood("its reference data"):
            return catalogue.catalogue(self._references, self._price_type)

    def sales(self, first: date, last: date) -> Sales:
        """Return the receipts of the logical dates ``first`` … ``last``, both inclusive.

        Raises:
            ValueError: the window is empty or longer than `longest_window` days.
            TillBusy: a shift in the window was closed, but has not come to the report database yet.
            TillError: see `mozg.pos.till.Till`.
        """
        if not 1 <= (last - first).days + 1 <= self.longest_window:
            raise ValueError(f"A window of 1 to {self.longest_window} days is wanted, not {first} … {last}.")
        with self._understood("its orders"):
            shift = live.open_shift(self._door) if self._door.has_cash_server else None
            orders = self._history(first, last, shift)
            if shift is not None and first <= shift.day <= last:
                orders += live.orders(self._door, shift, self._references)
            return sales(orders, self._references, self._clock, (first, last))

    def _cash_shifts(self, first: date, last: date) -> list[CashShift]:
        with self._understood("its cash shifts"):
            return books.cash_shifts(self._rows("MOZGSHIFTS", first, last), self._references, self._clock)

    def _attendances(self, first: date, last: date) -> list[Shift]:
        with self._understood("its attendances"):
            rows = self._rows("MOZGCLOCK", first, last + timedelta(days=1))
            return books.attendances(rows, self._references, self._clock, (first, last))

    def _dining_tables(self, _first: date, _last: date) -> list[DiningTable]:
        with self._understood("its tables"):
            return books.dining_tables(self._references, self._number())

    def _payment_types(self, _first: date, _last: date) -> list[PaymentType]:
        with self._understood("its currencies"):
            return books.payment_types(self._references)

    def _stop_list(self, _first: date, _last: date) -> list[StopListEntry]:
        with self._understood("its stop list"):
            return books.stop_list(self._door, self._references)

    def _history(self, first: date, last: date, shift: OpenShift | None) -> list[Order]:
        """Return the orders that the report database has, but for the open shift's, which it may have in part."""
        checks, dishes, voids, payments = (self._rows(name, first, last) for name in history.PROCEDURES)
        if shift is not None:
            self._refuse_gap(last, shift)
            checks = [row for row in checks if not _is_of(row, shift)]
        return history.orders(checks, dishes, voids, payments, self._references)

    def _refuse_gap(self, last: date, shift: OpenShift) -> None:
        """Refuse to answer while a closed shift is on its way to the report database: its day would look empty."""
        since = shift.day - timedelta(days=self.longest_window)
        if last < since:
            return
        exported = {
            ident(row, "COMMONSHIFT"): history.day(row)
            for row in self._rows("MOZGSHIFTS", since, shift.day)
            if ident(row, "MIDSERVER") == shift.cash_server and ident(row, "COMMONSHIFT") < shift.number
        }
        newest = max(exported, default=shift.number - 1)
        if newest < shift.number - 1 and last > exported[newest]:
            raise TillBusy(
                f"A shift of {self._venue.name!r} after {exported[newest]} is closed, but has not come to the report "
                f"database of {self._door.name} yet. Sync again when it has."
            )

    def _rows(self, procedure: str, first: date, last: date) -> list[Row]:
        days = {"STARTDATE": f"{first:%Y%m%d}", "ENDDATE": f"{last:%Y%m%d}"}
        return self._door.rows(procedure, {**days, "RESTAURANT": str(self._number())})

    def _number(self) -> int:
        """Return the ident of the restaurant; where the venue's settings name none, the cash server's own."""
        if self._restaurant is None:
            self._restaurant = live.open_shift(self._door).restaurant
        return self._restaurant

    @contextlib.contextmanager
    def _understood(self, what: str) -> Iterator[None]:
        try:
            yield
        except STRANGE as error:
            raise TillAnswerError(
                f"{self._door.name} sent {what} in a shape that we do not know ({type(error).__name__}: {error}). "
                "Its version may be too old or too new for this adapter; please report it."
            ) from error


def _ident(venue: Venue, setting: str) -> int | None:
    text = str(venue.pos_config.get(setting) or "")
    if text and not text.isdigit():
        raise SettingsError(f"{setting} of venue {venue.name!r} is {text!r}, but r_keeper's idents are whole numbers.")
    return int(text) if text else None


def _is_of(row: Row, shift: OpenShift) -> bool:
    return ident(row, "MIDSERVER") == shift.cash_server and ident(row, "SHIFTNUM") == shift.number
