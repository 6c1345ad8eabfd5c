"""What a reader chose: venues, period, comparison; checked as if a stranger sent it, for in a dashboard one may."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mozg.errors import AccessError, QueryError
from mozg.language import Sentence, later
from mozg.metrics import Period, Plan, comparison, period

#: The periods that a dashboard offers: word → what people call it.
PERIODS = {
    "yesterday": later("Yesterday"),
    "today": later("Today so far"),
    "this_week": later("This week so far"),
    "last_week": later("Last week"),
    "last_7_days": later("Last 7 days"),
    "last_28_days": later("Last 28 days"),
    "last_90_days": later("Last 90 days"),
    "month_to_date": later("This month to yesterday"),
    "last_month": later("Last month"),
    "year_to_date": later("This year to yesterday"),
    "last_365_days": later("Last 365 days"),
}
COMPARISONS = {
    "none": later("Nothing"),
    "previous": later("The weeks before"),
    "last_year": later("The same weeks a year before"),
}


@dataclass(frozen=True)
class Choices:
    """Words as a person gives them. No ``venues`` means all that the reader may see.

    Without ``date_from``, the period is the ``history_days`` up to ``date_to``. ``only`` narrows the page to some
    values of dimensions: ``(("waiter", ("Anna",)),)``.
    """

    venues: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    compare: str = "none"
    like_for_like: bool = False
    history_days: int = 28
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def period(self, today: date) -> Period:
        """Return the period of business dates.

        Raises:
            QueryError: a date or a word that is not known, or an upside-down period.
        """
        if self.date_from:
            return period(self.date_from, self.date_to, today=today)
        end = self.date_to or "yesterday"
        last = period(end, end, today=today).last
        return Period(last - timedelta(days=self.history_days - 1), last)

    def comparison(self, during: Period) -> Period | None:
        """Return the period to compare ``during`` with, if any.

        Raises:
            QueryError: an unknown word.
        """
        before = comparison(during, self.compare)
        if isinstance(before, Plan):
            raise QueryError(Sentence("Pages compare with another period. “Revenue by day” has the plan beside it."))
        return before

    def names(self, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the venues chosen, or all that are ``allowed``.

        Raises:
            AccessError: a venue that does not exist or that this reader may not see; the text does not tell which.
        """
        unknown = [name for name in self.venues if name not in allowed]
        if unknown:
            raise AccessError(
                Sentence(
                    "There is no venue {names} that you may see. Yours are: {yours}.",
                    names=", ".join(map(repr, unknown)),
                    yours=", ".join(allowed) or "–",
                )
            )
        return tuple(name for name in allowed if not self.venues or name in self.venues)


def checked(given: dict[str, Any], fallback: Choices) -> Choices:
    """Return ``given`` as choices, with `fallback` for what is not given.

    Raises:
        QueryError: a value is of the wrong type, or longer than any that makes sense.
    """
    known = {name: getattr(fallback, name) for name in fallback.__dataclass_fields__} | given
    venues = known["venues"]
    texts = [known[name] for name in ("date_from", "date_to", "compare")]
    if not isinstance(venues, list | tuple) or not all(_is_text(name) for name in [*venues, *texts]):
        raise QueryError(Sentence("A choice of this page is not a text. Choose again."))
    if not isinstance(known["like_for_like"], bool):
        raise QueryError(Sentence("“Only venues open in both periods” is yes or no. Choose again."))
    return Choices(**(known | {"venues": tuple(venues)}))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 200
