"""What the values of a column look like."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from . import amounts
from .amounts import DecimalMark
from .mapping import MISSING
from .moments import looks_like_moments, looks_like_times, tells_time

SAMPLE = 500
_ABSENT = frozenset(MISSING)

#: A column of numbers may hold a few cells that are none; their rows are rejected and listed, not the column.
MOST = 0.8


class Profile:
    """The cells of one column, seen as numbers, dates or names. Missing cells say nothing."""

    def __init__(self, name: str, cells: Sequence[str], decimal: DecimalMark) -> None:
        self.name = name
        self.cells = cells
        self._decimal = decimal

    @cached_property
    def distinct(self) -> list[str]:
        """Distinct known values in order of appearance."""
        return [value for value in dict.fromkeys(self.cells) if value not in _ABSENT]

    @cached_property
    def known(self) -> int:
        """How many cells are not missing."""
        return sum(1 for cell in self.cells if cell not in _ABSENT)

    @cached_property
    def is_unique(self) -> bool:
        """Whether no known value occurs twice."""
        return 0 < self.known == len(self.distinct)

    @cached_property
    def is_number(self) -> bool:
        """Whether nearly all values are numbers."""
        sample = self.distinct[:SAMPLE]
        return sum(amounts.reads_as_number(text, self._decimal) for text in sample) >= MOST * len(sample) > 0

    @cached_property
    def is_moment(self) -> bool:
        """Whether the values are dates, with or without a time."""
        return looks_like_moments(self.distinct[:SAMPLE])

    @cached_property
    def has_times(self) -> bool:
        """Whether the dates of the column carry a time of day."""
        return self.is_moment and any(tells_time(text) for text in self.distinct)

    @cached_property
    def is_time(self) -> bool:
        """Whether the values are times of day without a date."""
        sample = self.distinct[:SAMPLE]
        return all(":" in text for text in sample) and looks_like_times(sample)

    @cached_property
    def is_text(self) -> bool:
        """Whether the values are names."""
        return self.known > 0 and not (self.is_number or self.is_moment or self.is_time)

    @cached_property
    def numbers(self) -> list[Decimal | None]:
        """The cells as numbers; ``None`` where there is none to read."""
        read = {text: self._number(text) for text in self.distinct}
        return [read.get(cell) for cell in self.cells]

    def _number(self, text: str) -> Decimal | None:
        try:
            return amounts.parse_number(text, self._decimal)
        except ValueError:
            return None
