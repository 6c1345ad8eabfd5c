"""The reference data of an installation: its collections by ident, read again only when their version has grown."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mozg.pos.rkeeper import commands
from mozg.pos.rkeeper.answers import Element
from mozg.pos.rkeeper.doors import Door

_COMMON = ("Ident", "GUIDString", "Code", "Name", "MainParentIdent", "Status")
#: What is read of each collection beyond what all of them have.
_MORE: dict[str, Sequence[str]] = {"MENUITEMS": ("PortionName",), "TABLES": ("Hall", "MaxGuests")}

Attributes = Mapping[str, str]


class Item(NamedTuple):
    """An item of a collection; ``parent`` is the ident of its group, ``attributes`` are all that was read of it."""

    external_id: str
    name: str
    parent: int
    active: bool
    attributes: Attributes

    def number(self, name: str) -> int:
        """Return an attribute that is a number, 0 where the item has none."""
        return int(self.attributes.get(name) or 0)


Items = Mapping[int, Item]


class _Kept:
    """Collections by installation and name, with the version that they were read at; shared by all tills."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[str, Items]] = {}
        self._lock = threading.Lock()

    def get(self, address: str, name: str, version: str, read: Callable[[], Items]) -> Items:
        """Return a collection as it was at ``version``, reading it if it is not kept."""
        with self._lock:
            known, items = self._found.get((address, name), ("", {}))
        if known != version:
            items = read()
            with self._lock:
                self._found[address, name] = version, items
        return items


_KEPT = _Kept()


class References:
    """The collections as one till session sees them: their versions are asked once."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._list: Element | None = None
        self._items: dict[str, Items] = {}

    def items(self, name: str) -> Items:
        """Return the items of a collection by their ident; nothing where the installation has no such collection."""
        if name not in self._items:
            version = self._version(name)
            found = _KEPT.get(self._door.address, name, version, lambda: self._read(name)) if version else {}
            self._items[name] = found
        return self._items[name]

    def external_id(self, name: str, ident: int) -> str | None:
        """Return the identifier of an item on our side: its GUID, since idents are only one installation's."""
        if not ident:
            return None
        item = self.items(name).get(ident)
        return item.external_id if item else str(ident)

    def name(self, name: str, ident: int) -> str | None:
        """Return the name of an item."""
        item = self.items(name).get(ident)
        return item.name if item else None

    @property
    def server_version(self) -> str:
        """The version that the server says it is."""
        return self._listed().get("ServerVersion", "")

    def _version(self, name: str) -> str | None:
        found = (one for one in self._listed().iter("RK7Reference") if one.get("RefName", "").upper() == name)
        return next((one.get("DataVersion", "") for one in found), None)

    def _listed(self) -> Element:
        if self._list is None:
            self._list = self._door.references(commands.command("GetRefList"))
        return self._list

    def _read(self, name: str) -> Items:
        columns = [*_COMMON, *_MORE.get(name, ())]
        if name == "MENUITEMS":
            columns += [f"PRICETYPES-{ident}" for ident in sorted(self.items("PRICETYPES"))]
        result = self._door.references(commands.collection(name, columns))
        return {int(element.attrib["Ident"]): _item(element) for element in result.iter("Item")}


def _item(element: Element) -> Item:
    guid = element.get("GUIDString", "").strip("{}").lower()
    return Item(
        external_id=guid or element.attrib["Ident"],
        name=element.get("Name", "").strip(),
        parent=int(element.get("MainParentIdent") or 0),
        active=element.get("Status", "rsActive") == "rsActive",
        attributes=dict(element.attrib),
    )
