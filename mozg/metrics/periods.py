"""Periods of business dates, in words or ISO dates, and the periods they are compared with."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from mozg.errors import QueryError
from mozg.language import Sentence

DAY = timedelta(days=1)
YEAR_OF_WEEKS = timedelta(days=364)


@dataclass(frozen=True)
class Period:
    """Business dates from ``first`` to ``last``, both inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise QueryError(
                Sentence("The period ends ({last}) before it begins ({first}).", last=self.last, first=self.first)
            )

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} … {self.last}" if len(self) > 1 else str(self.first)

    def back(self, shift: timedelta) -> "Period":
        """Return the period that lies ``shift`` earlier."""
        return Period(self.first - shift, self.last - shift)


class Plan(Period):
    """The plan of these days, as something to compare them with."""


def _week(today: date) -> Period:
    return Period(today - today.weekday() * DAY, today)


def _last_week(today: date) -> Period:
    monday = today - (today.weekday() + 7) * DAY
    return Period(monday, monday + 6 * DAY)


def _last_month(today: date) -> Period:
    end = today.replace(day=1) - DAY
    return Period(end.replace(day=1), end)


#: The words that name a period, each as a function of today.
WORDS: dict[str, Callable[[date], Period]] = {
    "today": lambda today: Period(today, today),
    "yesterday": lambda today: Period(today - DAY, today - DAY),
    "this_week": _week,
    "last_week": _last_week,
    "last_7_days": lambda today: Period(today - 7 * DAY, today - DAY),
    "last_28_days": lambda today: Period(today - 28 * DAY, today - DAY),
    "last_90_days": lambda today: Period(today - 90 * DAY, today - DAY),
    "this_month": lambda today: Period(today.replace(day=1), today),
    "month_to_date": lambda today: Period((today - DAY).replace(day=1), today - DAY),
    "last_month": _last_month,
    "this_year": lambda today: Period(today.replace(month=1, day=1), today),
    "year_to_date": lambda today: Period((today - DAY).replace(month=1, day=1), today - DAY),
    "last_365_days": lambda today: Period(today - 365 * DAY, today - DAY),
}


def period(first: str, last: str = "", *, today: date) -> Period:
    """Return the period from ``first`` to ``last``.

    Either is an ISO date or one of `WORDS`. A word alone names a whole period; as a bound, its first or last day.

    Raises:
        QueryError: neither a date nor a known word, or the end lies before the beginning.
    """
    begin = _bound(first, today)
    end = _bound(last, today) if last else begin
    if last or first in WORDS:
        return Period(begin.first, end.last)
    return Period(begin.first, max(begin.first, today - DAY))


def comparison(of: Period, word: str) -> Period | None:
    """Return the period that ``of`` is compared with.

    ``previous`` is as long and lies whole weeks earlier, ``last_year`` lies 364 days earlier: in both, weekdays
    meet their like. ``plan`` is what was planned for the same days. ``none`` gives None; ``2025-01-01..2025-01-31``
    is taken as it is.

    Raises:
        QueryError: another word.
    """
    if word in ("", "none"):
        return None
    if word == "previous":
        return of.back(timedelta(weeks=math.ceil(len(of) / 7)))
    if word == "last_year":
        return of.back(YEAR_OF_WEEKS)
    if word == "plan":
        return Plan(of.first, of.last)
    first, dots, last = word.partition("..")
    if not dots:
        raise QueryError(
            Sentence(
                "{word!r} is no comparison. Use none, previous, last_year, plan, or FIRST..LAST as ISO dates.",
                word=word,
            )
        )
    return Period(_iso(first), _iso(last))


def _bound(word: str, today: date) -> Period:
    if word in WORDS:
        return WORDS[word](today)
    day = _iso(word)
    return Period(day, day)


def _iso(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise QueryError(
            Sentence(
                "{word!r} is neither a date like 2026-11-22 nor one of the words {words}.",
                word=word,
                words=", ".join(WORDS),
            )
        ) from None
