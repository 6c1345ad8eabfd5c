"""The commands of the XML interface that are used here; all of them only read."""

from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from mozg.pos.rkeeper.answers import Element


def command(name: str, **attributes: str) -> Element:
    """Return a command, ready for its sub-elements."""
    return Tree.Element("RK7CMD", {"CMD": name, **attributes})


def collection(name: str, columns: Sequence[str]) -> Element:
    """Return the command that reads a collection, deleted items too; without a mask it may be tens of megabytes."""
    mask = f"items.({','.join(columns)})"
    return command("GetRefData", RefName=name, OnlyActive="0", IgnoreEnums="0", WithMacroProp="1", PropMask=mask)


def orders(version: str) -> Element:
    """Return the command that lists the orders of the open shift unless nothing changed since ``version``."""
    return command("GetOrderList", onlyOpened="0", needIdents="1", needCodes="0", needNames="1", lastversion=version)


def of_order(name: str, guid: str) -> Element:
    """Return a command about one order."""
    asked = command(name)
    Tree.SubElement(asked, "Order", guid=guid)
    return asked


def written(asked: Element) -> bytes:
    """Return a command as the body of a request. The interface takes UTF-8 only, whatever old examples declare."""
    query = Tree.Element("RK7Query")
    query.append(asked)
    return b'<?xml version="1.0" encoding="utf-8"?>' + Tree.tostring(query, encoding="unicode").encode()
