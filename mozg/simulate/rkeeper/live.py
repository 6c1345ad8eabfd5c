"""The cash server of one restaurant: the orders of its open common shift, and nothing older."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as Tree

import pandas as pd

from mozg.simulate.chain import Chain, rows
from mozg.simulate.identity import guid
from mozg.simulate.lines import KEPT
from mozg.simulate.present import Present
from mozg.simulate.rkeeper import idents
from mozg.simulate.rkeeper.base import open_day
from mozg.simulate.rkeeper.idents import guid_string

Element = Tree.Element
PAYERS = len(idents.CURRENCIES)
#: Days before the chain's last that may still be an open shift.
RECENT = 40


@dataclass
class CashServer:
    """The cash server of restaurant number ``venue``; while the common shift is ``closing`` every request fails."""

    present: Present
    venue: int
    closing: bool = False

    @property
    def chain(self) -> Chain:
        """The chain as it is now."""
        return self.present.chain

    @property
    def day(self) -> date:
        """The logical date of the open common shift."""
        return open_day(self.present)

    def shift_number(self) -> int:
        """Return the number of the open common shift."""
        opened: date = self.chain.venues["opened_on"][self.venue]
        return (self.day - opened).days + 1

    def orders(self) -> list[Any]:
        """Return the receipts that have been opened in the shift; `finished` tells which have been closed."""
        ours = self.present.view(by_shift).get((self.venue, self.day), [])
        return [order for order in ours if order.opened_at <= self.present.now]

    def finished(self, order: Any) -> bool:
        """Whether an order has been closed."""
        return bool(order.closed_at <= self.present.now)

    def version(self) -> int:
        """Return the version of the table of orders: it grows when one is opened or finished."""
        orders = self.orders()
        return 1000 + len(orders) + sum(map(self.finished, orders))

    def order(self, wanted: Element) -> Any:
        """Return the receipt that an ``<Order guid|visit+orderIdent>`` means, None if there is none."""
        for order in self.orders():
            same_visit = wanted.get("visit") == str(visit(order)) and wanted.get("orderIdent") == str(idents.ORDER)
            if wanted.get("guid") == order_guid(order) or same_visit:
                return order
        return None

    def items(self, order: Any) -> list[Any]:
        """Return the lines of an order, numbered."""
        return self.present.view(by_receipt).get(order.Index, [])

    def stops(self) -> list[int]:
        """Return the row numbers of the dishes that cannot be had now."""
        now, stops = pd.Timestamp(self.present.now), self.chain.stops
        ours = stops[(stops["venue"] == self.venue) & (stops["started_at"] <= now) & (stops["ended_at"] > now)]
        return [int(product) for product in ours["product"].unique()]


def by_shift(chain: Chain) -> dict[tuple[int, date], list[Any]]:
    """Return the receipts of the chain's last days by restaurant and business date."""
    found: dict[tuple[int, date], list[Any]] = {}
    for order in numbered(_recent(chain, chain.receipts)):
        found.setdefault((order.venue, order.business_date.date()), []).append(order)
    return found


def by_receipt(chain: Chain) -> dict[int, list[Any]]:
    """Return the lines of the chain's last days, numbered, by receipt."""
    lines = _recent(chain, chain.items)
    found: dict[int, list[Any]] = {}
    for line in rows(lines.assign(line=lines.groupby("receipt").cumcount())):
        found.setdefault(line.receipt, []).append(line)
    return found


def _recent(chain: Chain, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["business_date"] > pd.Timestamp(chain.last - timedelta(days=RECENT))]


def numbered(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples with their ``Index``."""
    return list(frame.itertuples())


def visit(order: Any) -> int:
    """Return the identifier of an order's visit, the same as in the report database."""
    day = order.business_date
    number: int = (day.year * 12 + day.month) * idents.MOST_CHECKS + order.number
    return number


def order_guid(order: Any) -> str:
    """Return the GUID of an order."""
    return guid_string(order.external_id)


def order_list(server: CashServer, *, only_opened: bool) -> list[Element]:
    """Return the visits of `GetOrderList`."""
    visits = []
    for order in server.orders():
        if server.finished(order) and only_opened:
            continue
        element = Tree.Element("Visit", {
            "VisitID": str(visit(order)), "guid": guid_string(guid(0, "visit", order.external_id)),
            "Finished": str(int(server.finished(order))), "GuestsCount": str(order.guests),
        })  # fmt: skip
        Tree.SubElement(element, "Guests", count=str(order.guests))
        Tree.SubElement(Tree.SubElement(element, "Orders"), "Order", _head(server, order))
        visits.append(element)
    return visits


def _head(server: CashServer, order: Any) -> dict[str, str]:
    attributes = {
        "OrderID": str(idents.ORDER), "Version": str(1 + server.finished(order)),
        "crc32": str(order.gross + server.finished(order)),
        "guid": order_guid(order), "url": "https://code.ucs.ru/", "OrderName": table(order) or str(order.number),
        "OrderSum": str(order.revenue), "ToPaySum": "0" if server.finished(order) else str(order.revenue),
        "PriceListSum": str(order.gross), "CreateTime": order.opened_at.isoformat(),
        "Finished": str(int(server.finished(order))),
        "TableID": str(table_ident(server, order)), "TableName": table(order),
        "WaiterID": str(idents.EMPLOYEE + order.waiter),
    }  # fmt: skip
    return attributes | ({"FinishTime": order.closed_at.isoformat()} if server.finished(order) else {})


def table(order: Any) -> str:
    """Return the name of an order's table, empty where it has none."""
    return "" if pd.isna(order.table) else str(order.table)


def table_ident(server: CashServer, order: Any) -> int:
    """Return the ident of an order's table, 0 where it has none."""
    return 0 if pd.isna(order.table) else idents.TABLE + server.venue * 100 + int(order.table)


def order_content(server: CashServer, order: Any) -> Element:
    """Return the order of `GetOrder`: who, where, what, and what was struck; a packet for each who took it."""
    types = list(idents.ORDER_TYPES)
    element = Tree.Element("Order", {
        "visit": str(visit(order)), "orderIdent": str(idents.ORDER), "guid": order_guid(order),
        "orderName": table(order) or str(order.number), "version": str(1 + server.finished(order)), "crc32": "0",
        "openTime": order.opened_at.isoformat(), "orderSum": str(order.revenue), "unpaidSum": "0",
        "discountSum": str(-order.discount), "totalPieces": "0", "paid": str(int(order.status != "void")),
        "finished": str(int(server.finished(order))), "deleted": str(int(order.status == "void")),
        "purchase": str(int(order.status == "refund")),
    })  # fmt: skip
    _reference(element, "Waiter", idents.EMPLOYEE + order.waiter)
    _reference(element, "OrderCategory", idents.ORDER_CATEGORY)
    _reference(element, "OrderType", idents.ORDER_TYPE + types.index(order.channel))
    _reference(element, "Table", table_ident(server, order)).set("name", table(order))
    Tree.SubElement(element, "Guests", count=str(order.guests))
    lines = server.items(order)
    for waiter in dict.fromkeys(line.waiter for line in lines):
        _packet(element, order, waiter, [line for line in lines if line.waiter == waiter])
    if order.discount_type is not None and order.discount:
        ident = idents.DISCOUNT + idents.DISCOUNTS.index(order.discount_type)
        _reference(element.findall("Session")[-1], "Discount", ident).set("amount", str(-order.discount))
    if server.finished(order):
        _check(element.findall("Session")[-1], order)
    return element


def _reference(parent: Element, tag: str, ident: int) -> Element:
    return Tree.SubElement(parent, tag, id=str(ident))


def _packet(parent: Element, order: Any, waiter: int, lines: list[Any]) -> None:
    packet = Tree.SubElement(parent, "Session", uni="1", startService=order.opened_at.isoformat(), printed="1")
    _reference(packet, "Creator", idents.EMPLOYEE + waiter)
    for line in lines:
        kept = line.state == KEPT
        dish = Tree.SubElement(packet, "Dish", {
            "id": str(idents.DISH + line.product), "uni": str(line.line * 2 + 10), "line_guid": line_guid(order, line),
            "state": "6" if kept else "7", "quantity": str(line.quantity * 1000 if kept else 0),
            "srcQuantity": str(line.quantity * 1000), "price": str(line.gross // line.quantity),
            "amount": str(line.gross if kept else 0),
        })  # fmt: skip
        if not kept:
            void = Tree.SubElement(dish, "Void", {
                "id": str(idents.VOID + line.reason - 1), "uni": str(line.line + 3000),
                "quantity": str(line.quantity * 1000), "amount": str(line.gross),
                "dateTime": order.closed_at.isoformat(),
            })  # fmt: skip
            _reference(void, "Author", idents.EMPLOYEE + waiter)


def _check(packet: Element, order: Any) -> None:
    gone = order.status == "void"
    Tree.SubElement(packet, "PrintCheck", {
        "uni": "2", "line_guid": check_guid(order), "CheckNum": str(order.number), "amount": str(order.revenue),
        "state": "7" if gone else "6", "deleted": str(int(gone)), "bill": "0",
        "printTime": order.closed_at.isoformat(),
    })  # fmt: skip


def line_guid(order: Any, line: Any) -> str:
    """Return the GUID of a dish's line."""
    return guid_string(guid(0, "line", order.external_id, line.line))


def check_guid(order: Any) -> str:
    """Return the GUID of an order's check."""
    return guid_string(guid(0, "check", order.external_id))


def order_bindings(server: CashServer, order: Any) -> Element:
    """Return the order of `GetOrderBindings`: its checks, what paid them, and which dishes each payment paid."""
    element = Tree.Element("Order", guid=order_guid(order), visit=str(visit(order)), orderIdent=str(idents.ORDER))
    lines = [line for line in server.items(order) if line.state == KEPT and line.payment < PAYERS]
    if not server.finished(order) or not lines:
        return element
    check = Tree.SubElement(element, "PrintCheck", line_guid=check_guid(order), state="6", CheckNum=str(order.number))
    for payment in sorted({line.payment for line in lines}):
        _currency_line(check, order, payment, [line for line in lines if line.payment == payment])
    return element


def _currency_line(check: Element, order: Any, payment: int, lines: list[Any]) -> None:
    line = Tree.SubElement(check, "CurrLine")
    paid = [_owed(item) for item in lines]
    Tree.SubElement(line, "Pay", id=str(idents.CURRENCY + payment), uni=str(payment + 5000), amount=str(sum(paid)))
    for item, amount in zip(lines, paid, strict=True):
        binding = Tree.SubElement(line, "Binding", line_guid=line_guid(order, item), amount=str(amount),
                                  quantity=str(item.quantity * 1000))  # fmt: skip
        if amount != item.gross:
            Tree.SubElement(binding, "DiscPart", amount=str(amount - item.gross))
        if item.vat:
            Tree.SubElement(binding, "TaxPart", id="1", amount=str(item.vat))


def _owed(line: Any) -> int:
    """Return what is to be paid for a line: guests of the house owe the list price to a currency of non-payers."""
    kind = list(idents.CURRENCY_TYPES)[line.payment]
    owed: int = line.gross if kind == "write_off" else line.revenue
    return owed


def dish_rests(server: CashServer) -> list[Element]:
    """Return the rests of `GetDishRests`: dishes of which nothing is left."""
    return [
        Tree.Element("DishRest", id=str(idents.DISH + product), quantity="0", prohibited="1")
        for product in server.stops()
    ]
