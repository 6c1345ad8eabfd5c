"""The open common shift at the cash server → orders. Money is in kopecks there, quantities in thousandths.

An order is asked for only once: what it came to is kept, by its version and checksum, as long as it is in the shift.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from mozg.pos.rkeeper import commands
from mozg.pos.rkeeper.answers import Element
from mozg.pos.rkeeper.doors import Door
from mozg.pos.rkeeper.history import external_id
from mozg.pos.rkeeper.kinds import is_on_the_house
from mozg.pos.rkeeper.orders import Check, Line, Order, Void
from mozg.pos.rkeeper.references import References

_KOPECKS, _THOUSANDTHS = Decimal(100), Decimal(1000)
_PAID = "6"


@dataclass(frozen=True)
class OpenShift:
    """The common shift that is open at a cash server; ``day`` is its logical date."""

    cash_server: int
    restaurant: int
    restaurant_name: str
    number: int
    day: date
    version: str


def open_shift(door: Door) -> OpenShift:
    """Return the open common shift.

    Raises:
        KeyError, ValueError, AttributeError: the cash server does not tell it as it should.
    """
    result = door.cash(commands.command("GetSystemInfo2"))
    group, restaurant, shift = (_part(result, tag) for tag in ("CashGroup", "Restaurant", "CommonShift"))
    return OpenShift(
        cash_server=int(group.attrib["id"]), restaurant=int(restaurant.attrib["id"]),
        restaurant_name=restaurant.get("name", ""), number=int(shift.attrib["ShiftNum"]),
        day=datetime.fromisoformat(shift.attrib["ShiftDate"]).date(), version=result.get("ServerVersion", ""),
    )  # fmt: skip


def _part(result: Element, tag: str) -> Element:
    found = next(result.iter(tag), None)
    if found is None:
        raise KeyError(tag)
    return found


@dataclass
class _Seen:
    """What is known of one cash server's shift: the list of its orders, and the finished ones by GUID."""

    shift: int = 0
    version: str = "0"
    heads: list[dict[str, str]] = field(default_factory=list)
    orders: dict[str, tuple[str, Order]] = field(default_factory=dict)


class _Kept:
    """What tills of this process have seen, by installation and cash server."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], _Seen] = {}
        self._lock = threading.Lock()

    def of(self, address: str, shift: OpenShift) -> _Seen:
        """Return what is known of a shift: nothing, if it is a new one."""
        with self._lock:
            seen = self._seen.setdefault((address, shift.cash_server), _Seen())
            if seen.shift != shift.number:
                self._seen[address, shift.cash_server] = seen = _Seen(shift.number)
            return seen


_KEPT = _Kept()


def orders(door: Door, shift: OpenShift, references: References) -> list[Order]:
    """Return the finished orders of an open shift."""
    seen = _KEPT.of(door.address, shift)
    result = door.cash(commands.orders(seen.version))
    if result.get("Status") != "No changes":
        seen.heads = [dict(order.attrib) for order in result.iter("Order") if order.get("Finished") == "1"]
        seen.version = result.get("lastversion", "0")
    heads = {head["guid"]: f"{head.get('Version')}/{head.get('crc32')}" for head in seen.heads}
    finish = {head["guid"]: head.get("FinishTime") for head in seen.heads}
    for guid, mark in heads.items():
        if seen.orders.get(guid, ("", None))[0] != mark:
            seen.orders[guid] = mark, _order(door, shift, references, guid, finish[guid])
    return [seen.orders[guid][1] for guid in heads]


def _order(door: Door, shift: OpenShift, references: References, guid: str, finished: str | None) -> Order:
    content = _part(door.cash(commands.of_order("GetOrder", guid)), "Order")
    bindings = _part(door.cash(commands.of_order("GetOrderBindings", guid)), "Order")
    key = shift.cash_server, int(content.attrib["visit"]), int(content.attrib["orderIdent"])
    order = _head(content, external_id(key), shift.day, finished)
    dishes = {dish.get("line_guid", ""): (dish, waiter) for waiter, dish in _dishes(content)}
    printed = {check.get("line_guid", ""): check for check in content.iter("PrintCheck")}
    order.voids = [void for dish, waiter in dishes.values() for void in _voids(dish, waiter, references)]
    order.checks = [
        _check(one, printed.get(one.get("line_guid", "")), dishes, references)
        for one in bindings.iter("PrintCheck")
        if one.get("state", _PAID) == _PAID
    ]
    gone = [check for check in printed.values() if check.get("deleted") == "1" and check.get("bill") != "1"]
    order.deleted = gone[-1].get("CheckNum") if gone else None
    order.discounts = tuple(_referred_to(one) for one in content.iter("Discount"))
    order.is_left = any(thousandths(dish, "quantity") for dish, _ in dishes.values())
    return order


def _head(content: Element, key: str, day: date, finished: str | None) -> Order:
    table, guests = content.find("Table"), content.find("Guests")
    return Order(
        external_id=key, business_date=day, opened_at=content.get("openTime"), closed_at=finished,
        guests=None if guests is None or guests.get("count") is None else int(guests.attrib["count"]),
        waiter=_referred(content, "Waiter"), table=_referred(content, "Table"),
        table_name=table.get("name") if table is not None else None, order_type=_referred(content, "OrderType"),
        category=_referred(content, "OrderCategory"), is_return=content.get("purchase") == "1", is_left=False,
    )  # fmt: skip


def _referred(parent: Element, tag: str) -> int:
    found = parent.find(tag)
    return 0 if found is None else _referred_to(found)


def _referred_to(element: Element) -> int:
    return int(element.get("id") or 0)


def _dishes(content: Element) -> Iterator[tuple[int, Element]]:
    """Yield each dish with the employee who took it: the one who made or last wrote its packet."""
    for packet in content.iter("Session"):
        waiter = _referred(packet, "Creator") or _referred(packet, "Author")
        for tag in ("Dish", "Combo"):
            yield from ((waiter, dish) for dish in packet.iter(tag))


def _voids(dish: Element, waiter: int, references: References) -> list[Void]:
    return [
        Void(
            f"{dish.get('uni')}/{void.get('uni')}", int(dish.attrib["id"]), waiter, thousandths(void, "quantity"),
            kopecks(void, "amount"), void.get("openName") or references.name("ORDERVOIDS", int(void.get("id") or 0)),
        )
        for void in dish.findall("Void")
    ]  # fmt: skip


def _check(
    bound: Element, printed: Element | None, dishes: dict[str, tuple[Element, int]], references: References
) -> Check:
    """Return a check from its payments, each of which lists the dishes that it paid."""
    check = Check(bound.get("CheckNum"), printed.get("printTime") if printed is not None else None)
    for money in bound.iter("CurrLine"):
        pays = [*money.findall("Pay"), *money.findall("Prepay")]
        currency = int(pays[0].attrib["id"])
        before, _ = check.payments.get(currency, (Decimal(0), None))
        check.payments[currency] = before + sum(kopecks(one, "amount") for one in money.findall("Binding")), None
        for binding in money.findall("Binding"):
            _bind(check, binding, dishes.get(binding.get("line_guid", "")), house=is_on_the_house(references, currency))
    return check


def _bind(check: Check, binding: Element, dish: tuple[Element, int] | None, *, house: bool) -> None:
    key = dish[0].get("uni", "") if dish else f"charge {binding.get('line_guid')}"
    number = int(dish[0].attrib["id"]) if dish else 0
    line = check.lines.setdefault(key, Line(key, number, dish[1] if dish else 0))
    paid = kopecks(binding, "amount")
    line.quantity += thousandths(binding, "quantity")
    line.gross += paid - sum(kopecks(part, "amount") for part in binding.findall("DiscPart"))
    if house:
        line.house += paid
    else:
        line.paid += paid
        line.vat += sum(kopecks(part, "amount") for part in binding.findall("TaxPart"))


def kopecks(element: Element, name: str) -> Decimal:
    """Return an amount of money in whole units."""
    return Decimal(element.attrib[name]) / _KOPECKS


def thousandths(element: Element, name: str) -> Decimal:
    """Return a quantity in portions."""
    return Decimal(element.attrib[name]) / _THOUSANDTHS
