"""The Protocol that every till adapter follows, and the way to one by name."""

from datetime import date
from importlib.metadata import entry_points
from types import TracebackType
from typing import Protocol, Self, cast

from mozg.errors import SettingsError
from mozg.model import Catalogue, Sales, Venue


class Till(Protocol):
    """A live till of one venue. Use it in a ``with`` block: leaving it frees the till's licence slot.

    Every method raises `mozg.errors.TillError`: `TillUnreachable`, `TillAccessDenied`, `TillBusy` or
    `TillAnswerError`, each with a sentence that names the till and says what to do.
    """

    #: The most days that one call of `sales` may span.
    longest_window: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def catalogue(self) -> Catalogue:
        """Return all categories, products and employees, deleted ones marked inactive."""
        ...

    def sales(self, first: date, last: date) -> Sales:
        """Return everything sold on the business dates ``first`` … ``last``, both inclusive, with that window."""
        ...


def connect(venue: Venue) -> Till:
    """Return the till of ``venue``, not yet signed in.

    Raises:
        SettingsError: no adapter is installed under the name in ``venue.pos``.
    """
    adapters = entry_points(group="mozg.pos")
    if venue.pos not in adapters.names:
        known = ", ".join(sorted(adapters.names))
        raise SettingsError(
            f"Venue {venue.name!r} uses the till {venue.pos!r}, which is not installed. Known: {known}."
        )
    return cast("Till", adapters[venue.pos].load()(venue))
