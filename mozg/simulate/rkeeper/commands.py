"""The XML interface of r_keeper: one command in, one `RK7QueryResult` out, whatever happens with status 200."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Tree

from mozg.simulate.rkeeper import idents, live
from mozg.simulate.rkeeper.idents import guid_string
from mozg.simulate.rkeeper.live import CashServer
from mozg.simulate.rkeeper.refs import ACTIVE, Collections

Element = Tree.Element
VERSION, XML_VERSION = "7.26.8.2001", "248"
_MASK = re.compile(r"items\.\(([^)]*)\)")


@dataclass
class Refusal(Exception):  # noqa: N818  # a refusal is an answer here
    """An answer with another status than Ok."""

    status: str
    text: str = ""
    number: int = 0


@dataclass
class Node:
    """A server that speaks the interface: the reference server of the chain, or the cash server of a restaurant.

    ``refusing`` is what it says instead of doing anything, such as that a right or its licence is missing.
    """

    name: str
    collections: Collections
    cash: CashServer | None = None
    version: str = VERSION
    refusing: str = ""

    def answer(self, body: str) -> bytes:
        """Return the answer to a request as UTF-8."""
        command = ""
        try:
            asked = _command(body)
            command = asked.get("CMD", "")
            result = self._do(asked)
        except Refusal as refusal:
            result = Tree.Element("RK7QueryResult", Status=refusal.status, ErrorText=refusal.text)
            if refusal.number:
                result.set("RK7ErrorN", str(refusal.number))
        return self._document(command, result)

    def _do(self, asked: Element) -> Element:
        if self.cash is not None and self.cash.closing:
            raise Refusal("Query Executing Error", "UCSERR(2172): В данный момент закрывается общая смена", 2172)
        if self.refusing:
            raise Refusal("Query Executing Error", self.refusing, 1)
        commands = COMMANDS | (CASH_COMMANDS if self.cash is not None else {})
        command = asked.get("CMD", "")
        if command not in commands:
            raise Refusal("Bad Query Parameters", f"Unknown command {command}")
        result = Tree.Element("RK7QueryResult", Status="Ok", ErrorText="")
        commands[command](self, asked, result)
        return result

    def _document(self, command: str, result: Element) -> bytes:
        now = datetime.now().isoformat(timespec="seconds")  # noqa: DTZ005  # the server's own clock, without a zone
        frame = {"ServerVersion": self.version, "XmlVersion": XML_VERSION, "NetName": self.name, "CMD": command,
                 "DateTime": now, "WorkTime": "0", "Processed": str(int(result.get("Status") == "Ok")),
                 "ArrivalDateTime": now}  # fmt: skip
        for key, value in frame.items():
            result.set(key, value)
        return b'<?xml version="1.0" encoding="utf-8"?>' + Tree.tostring(result, encoding="unicode").encode()


def _command(body: str) -> Element:
    if not body.strip():
        raise Refusal("Query Parse Error", "Empty input XML")
    try:
        query = Tree.fromstring(body)  # noqa: S314  # what a client of ours wrote
    except Tree.ParseError as error:
        raise Refusal("Query Parse Error", str(error)) from error
    found = query.find("RK7CMD")
    found = query.find("RK7Command") if found is None else found
    if query.tag != "RK7Query" or found is None:
        raise Refusal("Query Parse Error", 'Error: child element "RK7CMD" not found')
    return found


def _system_info(node: Node, _: Element, result: Element) -> None:
    info = Tree.SubElement(result, "SystemInfo", ProcessID="4120", RestCode="199990001", uptime="1900-01-02T03:10:00")
    if node.cash is None:
        return
    server, venue = node.cash, node.cash.chain.venues.iloc[node.cash.venue]
    Tree.SubElement(info, "CashGroup", id=str(idents.CASH_SERVER + server.venue), code=venue["code"], name=node.name)
    Tree.SubElement(info, "Restaurant", id=str(idents.RESTAURANT + server.venue), code=venue["code"],
                    name=venue["name"], guid=guid_string(venue["external_id"]))  # fmt: skip
    Tree.SubElement(info, "CommonShift", ShiftDate=f"{server.day}T00:00:00", ShiftNum=str(server.shift_number()),
                    ShiftStartTime=f"{server.day}T08:55:12")  # fmt: skip


def _functions(node: Node, _: Element, result: Element) -> None:
    for name in COMMANDS | (CASH_COMMANDS if node.cash is not None else {}):
        Tree.SubElement(result, "Function", name=name)


def _ref_list(node: Node, _: Element, result: Element) -> None:
    names = node.collections.names()
    found = Tree.SubElement(result, "RK7RefList", Count=str(len(names)))
    for name in names:
        count = str(len(node.collections.items(name) or []))
        version = str(node.collections.version(name))
        Tree.SubElement(found, "RK7Reference", RefName=name, Count=count, DataVersion=version)


def _ref_data(node: Node, asked: Element, result: Element) -> None:
    name = asked.get("RefName", "").upper()
    items = node.collections.items(name)
    if items is None:
        raise Refusal("Bad Query Parameters", f"Unknown collection {asked.get('RefName')}")
    mask = _MASK.search(asked.get("PropMask", ""))
    shown = [one.strip() for one in mask[1].split(",")] if mask else None
    macros = asked.get("WithMacroProp") == "1"
    found = Tree.SubElement(result, "RK7Reference", DataVersion=str(node.collections.version(name)), Name=name)
    found = Tree.SubElement(found, "Items")
    for item in items:
        if asked.get("OnlyActive") == "1" and item["Status"] != ACTIVE:
            continue
        Tree.SubElement(found, "Item", {k: v for k, v in item.items() if _is_shown(k, shown, macros=macros)})


def _is_shown(attribute: str, shown: list[str] | None, *, macros: bool) -> bool:
    """Whether a mask shows an attribute; generated ones, such as ``PRICETYPES-3``, must be asked for besides."""
    return (shown is None or attribute in shown) and (macros or "-" not in attribute)


def _order_list(node: Node, asked: Element, result: Element) -> None:
    assert node.cash is not None
    version = node.cash.version()
    result.set("lastversion", str(version))
    if asked.get("lastversion") == str(version):
        result.set("Status", "No changes")
        return
    result.extend(live.order_list(node.cash, only_opened=asked.get("onlyOpened") == "1"))


def _order(make: Callable[[CashServer, object], Element]) -> Callable[[Node, Element, Element], None]:
    def answer(node: Node, asked: Element, result: Element) -> None:
        assert node.cash is not None
        wanted = asked.find("Order")
        if wanted is None:
            raise Refusal("Bad Query Parameters", 'Error: child element "Order" not found')
        order = node.cash.order(wanted)
        if order is None:
            raise Refusal("Query Executing Error", "Заказ не найден", 2015)
        result.append(make(node.cash, order))

    return answer


def _dish_rests(node: Node, _: Element, result: Element) -> None:
    assert node.cash is not None
    result.extend(live.dish_rests(node.cash))


Command = Callable[[Node, Element, Element], None]
COMMANDS: dict[str, Command] = {
    "GetSystemInfo": _system_info,
    "GetSystemInfo2": _system_info,
    "GetFunctions": _functions,
    "GetRefList": _ref_list,
    "GetRefData": _ref_data,
}
CASH_COMMANDS: dict[str, Command] = {
    "GetOrderList": _order_list,
    "GetOrder": _order(live.order_content),
    "GetOrderBindings": _order(live.order_bindings),
    "GetDishRests": _dish_rests,
}
