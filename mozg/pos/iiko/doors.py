"""The two ways into iiko: what a door must offer, whichever it is."""

from typing import Any, Protocol

from mozg.model import Catalogue

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

    def report(self, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one SALES report; ``filters`` maps a column to its rule."""
        ...

    def catalogue(self) -> Catalogue:
        """Return menu and people."""
        ...

    @property
    def department(self) -> str:
        """The restaurant's identifier in reports."""
        ...
