"""The ways into iiko: what a door must offer, whichever it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from mozg.model import Catalogue
from mozg.pos.till import About, Reader

Row = dict[str, Any]


class Door(Protocol):
    """A signed-in way to one restaurant's data."""

    #: Names the till in errors.
    name: str

    def open(self) -> None:
        """Sign in."""
        ...

    def close(self) -> None:
        """Sign out and free what was taken, whatever happened before."""
        ...

    def about(self) -> About:
        """Return who answers; a restaurant that this sign-in does not see is `TillAccessDenied`."""
        ...

    def columns(self, report: str) -> frozenset[str]:
        """Return the columns that a report has in this version; asked once a session."""
        ...

    def report(self, report: str, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one report, SALES or TRANSACTIONS; ``filters`` maps a column to its rule."""
        ...

    def catalogue(self) -> Catalogue:
        """Return menu and people."""
        ...

    def balances(self, day: date) -> list[Row]:
        """Return what lies in the storerooms at the end of a day: store (its name), product, amount, sum."""
        ...

    def streams(self) -> Mapping[str, Reader]:
        """Return what this door tells besides reports."""
        ...

    @property
    def department(self) -> str:
        """The restaurant's identifier in the SALES report."""
        ...
