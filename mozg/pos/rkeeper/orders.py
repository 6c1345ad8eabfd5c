"""Orders as both sides of r_keeper tell them, and what becomes of them: receipts, lines, payments.

The report database and the cash server speak of the same things in different words. `history` and `live` turn both into
an `Order`, with the same identifiers, so that a receipt read live is the one that the reports have after the shift.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mozg.model import Payment, Receipt, ReceiptItem, ReceiptStatus, Sales
from mozg.pos.clock import Clock
from mozg.pos.menu import money, quantity
from mozg.pos.rkeeper.kinds import channel, payment_kind
from mozg.pos.rkeeper.references import References

_NOTHING = Decimal(0)


@dataclass
class Line:
    """A dish on a check, or a charge that is not spread over dishes: then it has no ``dish``.

    ``gross`` is by the price list with added taxes; ``paid`` is what guests paid of it and ``house`` what was on the
    house. ``key`` is the line's number inside the order.
    """

    key: str
    dish: int
    waiter: int
    quantity: Decimal = _NOTHING
    gross: Decimal = _NOTHING
    paid: Decimal = _NOTHING
    house: Decimal = _NOTHING
    vat: Decimal = _NOTHING
    cost: Decimal | None = None


@dataclass
class Void:
    """A dish that was struck from an order, by the price list."""

    key: str
    dish: int
    waiter: int
    quantity: Decimal
    gross: Decimal
    reason: str | None


@dataclass
class Check:
    """A paid check of an order: its lines by key, and what was paid by currency."""

    number: str | None
    closed_at: str | None
    cash_shift: str | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    payments: dict[int, tuple[Decimal, int | None]] = field(default_factory=dict)


@dataclass
class Order:
    """An order with its paid checks, oldest first, and everything that was struck from it.

    Times are as the till writes them. ``discounts`` are the idents of those on the order. ``deleted`` numbers the check
    that was deleted, if no other took its place.
    """

    external_id: str
    business_date: date
    opened_at: str | None
    closed_at: str | None
    guests: int | None
    waiter: int
    table: int
    table_name: str | None
    order_type: int
    category: int
    is_return: bool
    is_left: bool
    deleted: str | None = None
    discounts: tuple[int, ...] = ()
    checks: list[Check] = field(default_factory=list)
    voids: list[Void] = field(default_factory=list)


def sales(orders: Iterable[Order], references: References, clock: Clock, window: tuple[date, date]) -> Sales:
    """Return the receipts of ``orders`` with their lines and payments. An order that is still open is none yet."""
    found = Sales(window=window)
    teller = _Teller(references, clock)
    for order in orders:
        if order.checks:
            _ring_up(found, teller, order)
        elif order.voids and not order.is_left:
            found.receipts.append(teller.void(order))
            found.items.extend(teller.voids(order, order.external_id))
    return found


def _ring_up(found: Sales, teller: "_Teller", order: Order) -> None:
    """Add a receipt for each check. The first has the order's identifier, its guests and what was struck from it."""
    for nth, check in enumerate(order.checks):
        key = order.external_id if nth == 0 else f"{order.external_id}.{check.number}"
        items = teller.items(order, check, key)
        found.receipts.append(teller.receipt(order, check, key, items, order.guests if nth == 0 else 0))
        found.items.extend(items)
        found.payments.extend(teller.payments(order, check, key))
    found.items.extend(teller.voids(order, order.external_id))


class _Teller:
    """Words an order in our records."""

    def __init__(self, references: References, clock: Clock) -> None:
        self._references, self._clock = references, clock

    def receipt(self, order: Order, check: Check, key: str, items: list[ReceiptItem], guests: int | None) -> Receipt:
        """Return the receipt of a check; its money is that of its lines."""
        costs = [item.cost for item in items]
        return self._receipt(
            order, key, "refund" if order.is_return else "sale", guests, check.number, check.closed_at,
            cash_shift=check.cash_shift,
            gross=_sum(item.gross for item in items), discount=_sum(item.discount for item in items),
            revenue=_sum(item.revenue for item in items), vat=_sum(item.vat for item in items),
            cost=None if None in costs else _sum(costs),
        )._replace(discount_type=self._discounts(order, items))  # fmt: skip

    def _discounts(self, order: Order, items: list[ReceiptItem]) -> str | None:
        """Return the names of an order's discounts, if something was taken off these lines."""
        if not any(item.discount for item in items):
            return None
        names = (self._references.name("DISCOUNTS", one) for one in sorted(set(order.discounts)))
        return ", ".join(name for name in names if name) or None

    def void(self, order: Order) -> Receipt:
        """Return the receipt of an order of which everything was struck: its gross tells what was on it."""
        gross = money(sum((void.gross for void in order.voids), _NOTHING))
        zero = money(_NOTHING)
        return self._receipt(
            order, order.external_id, "void", order.guests, order.deleted, order.closed_at,
            gross=gross, discount=zero, revenue=zero, vat=zero,
        )  # fmt: skip

    def _receipt(
        self, order: Order, key: str, status: ReceiptStatus, guests: int | None, number: str | None,
        closed_at: str | None, **rest: Decimal | str | None,
    ) -> Receipt:  # fmt: skip
        table = self._references.items("TABLES").get(order.table)
        opened_at = self._clock.moment(order.opened_at)
        return Receipt(
            external_id=key, business_date=order.business_date, opened_at=opened_at,
            closed_at=self._clock.moment(closed_at or order.closed_at, opened_at),
            number=number, status=status, guests=guests,
            waiter=self._references.external_id("EMPLOYEES", order.waiter), table_name=order.table_name or None,
            hall=self._references.name("HALLPLANS", table.number("Hall") or table.parent) if table else None,
            channel=channel(self._references, order.order_type, order.category), **rest,  # type: ignore[arg-type]
        )  # fmt: skip

    def items(self, order: Order, check: Check, key: str) -> list[ReceiptItem]:
        """Return the lines of a check. What was on the house has its gross, and no revenue."""
        return [self._item(order, line, key) for line in check.lines.values()]

    def _item(self, order: Order, line: Line, key: str) -> ReceiptItem:
        return ReceiptItem(
            receipt=key, line=line.key, business_date=order.business_date,
            product=self._references.external_id("MENUITEMS", line.dish), quantity=quantity(line.quantity),
            gross=money(line.gross), discount=money(line.gross - line.paid - line.house), revenue=money(line.paid),
            vat=money(line.vat), cost=money(line.cost),
            waiter=self._references.external_id("EMPLOYEES", line.waiter or order.waiter),
        )  # fmt: skip

    def voids(self, order: Order, key: str) -> list[ReceiptItem]:
        """Return what was struck from an order as voided lines; the till does not tell what it cost."""
        zero = money(_NOTHING)
        return [
            ReceiptItem(
                receipt=key, line=void.key, business_date=order.business_date,
                product=self._references.external_id("MENUITEMS", void.dish), quantity=quantity(void.quantity),
                gross=money(void.gross), discount=zero, revenue=zero, vat=zero, cost=None,
                waiter=self._references.external_id("EMPLOYEES", void.waiter or order.waiter), voided=True,
                void_reason=void.reason,
            )
            for void in order.voids
        ]  # fmt: skip

    def payments(self, order: Order, check: Check, key: str) -> list[Payment]:
        """Return a payment per currency; what was on the house is paid by nobody."""
        found = []
        for currency, (amount, line_type) in check.payments.items():
            kind = payment_kind(self._references, currency, line_type)
            found.append(
                Payment(
                    receipt=key, line=self._references.external_id("CURRENCIES", currency) or "-",
                    business_date=order.business_date,
                    method=self._references.name("CURRENCIES", currency) or "-", kind=kind,
                    amount=money(_NOTHING if kind == "write_off" else amount),
                )
            )  # fmt: skip
        return found


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    return money(sum((value for value in values if value is not None), _NOTHING))
