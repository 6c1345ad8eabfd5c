"""The ways into an r_keeper installation: what a door must offer, whichever it is."""

from collections.abc import Mapping
from typing import Protocol

from mozg.pos.rkeeper.answers import Element, Row


class Door(Protocol):
    """A way to the reference data, the report database and, where there is one, the cash server of a restaurant."""

    #: Names the till in errors.
    name: str

    #: What cached answers of this installation are kept under.
    address: str

    #: Whether the cash server can be asked: for the orders of the open shift and for the stop list.
    has_cash_server: bool

    def close(self) -> None:
        """Close the connections."""
        ...

    def references(self, command: Element) -> Element:
        """Return the result of a command that whoever has the reference data answers."""
        ...

    def cash(self, command: Element) -> Element:
        """Return the result of a command of the cash server; only if `has_cash_server`."""
        ...

    def rows(self, procedure: str, parameters: Mapping[str, str]) -> list[Row]:
        """Return what a stored procedure of the report database selects; its name without ``RK7SQLPROC``."""
        ...
