"""The mapped columns of an export as numbers, moments and names; a cell that cannot be read rejects its row."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from mozg.errors import ImportFileError
from mozg.model import Venue

from . import amounts
from .clock import Clock, Moment, column_order
from .joined import Export
from .mapping import Mapping
from .moments import tells_time

T = TypeVar("T")
Pairs = Sequence[tuple[str | None, str | None]]


class Cells:
    """Columns of ``export`` by role. ``problems`` gathers, by row position, the first reason to reject a row."""

    def __init__(self, export: Export, mapping: Mapping) -> None:
        self.export = export
        self.mapping = mapping
        self.problems = dict(export.problems)
        self._columns = mapping.columns.used()
        self._missing = set(mapping.missing_values)
        for role, column in self._columns.items():
            export.column(column, role)

    def has(self, *roles: str) -> bool:
        """Whether each of ``roles`` has a column."""
        return all(role in self._columns for role in roles)

    def text(self, role: str) -> list[str | None]:
        """Return the texts of a role; ``None`` where a cell is missing or the role has no column."""
        if role not in self._columns:
            return [None] * len(self.export)
        return self._known(self._columns[role])

    def money(self, role: str) -> list[Decimal | None]:
        """Return the amounts of a role, rounded to cents."""
        return self._read(self.text(role), lambda text: amounts.money(self._number(text)), role)

    def discount(self, role: str) -> list[Decimal | None]:
        """Return the discounts of a role, positive where something was taken off."""
        discounts = self.money(role)
        if not self.mapping.discounts_are_negative:
            return discounts
        return [None if discount is None else -discount for discount in discounts]

    def price(self, role: str) -> list[Decimal | None]:
        """Return the prices of a role as they stand: a price per gram may have more than two places."""
        return self._read(self.text(role), self._number, role)

    def quantity(self, role: str) -> list[Decimal | None]:
        """Return the quantities of a role, rounded to three places."""
        return self._read(self.text(role), self._quantity, role)

    def dish_quantities(self, dish: str) -> list[Decimal | None]:
        """Return the quantities in the column of one dish."""
        return self._read(self._known(dish), self._quantity, dish)

    def count(self, role: str) -> list[int | None]:
        """Return the whole numbers of a role."""
        return self._read(self.text(role), self._whole, role)

    def moments(self, venue: Venue, default_date: date | None) -> list[Moment | None]:
        """Return when each row happened. Raises `ImportFileError` when there are no dates and no ``default_date``."""
        if not self.has("date"):
            return self._undated(venue, default_date)
        clock = self._clock(venue)
        if not self.has("time"):
            return self._read(self.text("date"), clock.read, "date")
        return self._read_pairs(list(zip(self.text("date"), self.text("time"), strict=True)), clock)

    def closings(self, venue: Venue) -> list[Moment | None]:
        """Return when each receipt was closed, where a column of its own says so."""
        if not self.has("closed"):
            return [None] * len(self.export)
        return self._read(self.text("closed"), self._clock(venue, "closed").read, "closed")

    def _clock(self, venue: Venue, role: str = "date") -> Clock:
        order, start = self.mapping.dates.order, self.mapping.day_start_hour
        if not self.has(role):
            return Clock(venue, start, order)
        values = [text for text in dict.fromkeys(self.text(role)) if text is not None]
        if order is None:
            order = column_order(values, self.export.tables[0].path.name, self._columns[role])
        return Clock(venue, start, order, bare_days=not any(tells_time(text) for text in values))

    def _undated(self, venue: Venue, default_date: date | None) -> list[Moment | None]:
        if default_date is None:
            files = ", ".join(dict.fromkeys(table.path.name for table in self.export.tables))
            raise ImportFileError(f"{files} has no dates. Say which business date it is: --date YYYY-MM-DD.")
        day = default_date
        if not self.has("time"):
            return [Moment(day)] * len(self.export)
        clock = self._clock(venue)
        return [
            moment or Moment(day)
            for moment in self._read(self.text("time"), lambda text: clock.read_time(day, text), "time")
        ]

    def _read_pairs(self, pairs: Pairs, clock: Clock) -> list[Moment | None]:
        def read(pair: tuple[str | None, str | None]) -> Moment:
            day, hour = pair
            if day is None:
                raise ValueError("no date")
            return clock.read(day) if hour is None else clock.read_pair(day, hour)

        return self._read([None if pair[0] is None else pair for pair in pairs], read, "date")

    def _known(self, column: str) -> list[str | None]:
        missing = self._missing
        return [None if text in missing else text for text in self.export.column(column)]

    def _read(self, values: Sequence[T | None], read: Callable[[T], object], role: str) -> list[Any]:
        known: dict[T | None, object] = {None: None}
        faults: dict[T | None, str] = {}
        for value in dict.fromkeys(value for value in values if value is not None):
            try:
                known[value] = read(value)
            except (ValueError, ArithmeticError) as error:
                faults[value], known[value] = f"{self._columns.get(role, role)}: {error}", None
        if faults:
            self._reject(values, faults)
        return [known[value] for value in values]

    def _reject(self, values: Sequence[T | None], faults: dict[T | None, str]) -> None:
        for position, value in enumerate(values):
            if value in faults:
                self.problems.setdefault(position, faults[value])

    def _number(self, text: str) -> Decimal:
        return amounts.parse_number(text, self.mapping.file.decimal)

    def _quantity(self, text: str) -> Decimal:
        return amounts.quantity(self._number(text))

    def _whole(self, text: str) -> int:
        number = self._number(text)
        if number != number.to_integral_value():
            raise ValueError(f"{text!r} is not a whole number")
        return int(number)
