"""The Protocol that every till adapter follows, and the way to one by name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self, cast

from mozg.errors import SettingsError
from mozg.model import Catalogue, Sales, Venue
from mozg.pos.patience import Patience

#: Returns the records of one stream for the business dates from the first to the last, both inclusive.
Reader = Callable[[date, date], Sequence[Any]]


class About(NamedTuple):
    """Who answers: the restaurant's name at the till, the till's system and version, the clock it keeps."""

    restaurant: str
    system: str
    timezone: str | None = None
    currency: str | None = None


class Till(Protocol):
    """A live till of one venue. Use it in a ``with`` block: leaving it frees the till's licence slot.

    Every method raises `mozg.errors.TillError`: `TillUnreachable`, `TillAccessDenied`, `TillBusy` or
    `TillAnswerError`, each with a sentence that names the till and says what to do.
    """

    #: The most days that one call of `sales` or of a stream may span.
    longest_window: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def about(self) -> About:
        """Return who answers, with as few questions as will do.

        Raises:
            TillAccessDenied: the venue's settings name a restaurant that this sign-in does not see.
            TillAnswerError: the till speaks another version than this adapter.
        """
        ...

    def catalogue(self) -> Catalogue:
        """Return all categories, products and employees, deleted ones marked inactive."""
        ...

    def sales(self, first: date, last: date) -> Sales:
        """Return everything sold on the business dates ``first`` … ``last``, both inclusive, with that window."""
        ...

    @property
    def streams(self) -> Mapping[str, Reader]:
        """What else this till tells: by the name of a `mozg.model.Stream`, the method that reads it.

        A stream that is not here is one that this till does not have, and reports say so. It may depend on the
        till's version or licence, so it is asked inside the ``with`` block.
        """
        ...


def connect(venue: Venue, patience: Patience | None = None) -> Till:
    """Return the till of ``venue``, not yet signed in; without ``patience`` the adapter is as patient as it likes.

    What an adapter's entry point names is called with both.

    Raises:
        SettingsError: no adapter is installed under the name in ``venue.pos``.
    """
    adapters = entry_points(group="mozg.pos")
    if venue.pos not in adapters.names:
        known = ", ".join(sorted(adapters.names))
        raise SettingsError(
            f"Venue {venue.name!r} uses the till {venue.pos!r}, which is not installed. Known: {known}."
        )
    return cast("Till", adapters[venue.pos].load()(venue, patience))
