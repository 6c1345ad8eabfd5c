"""What Poster tells → our records. Its money is in hundredths, written as texts, and its moments are milliseconds."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from mozg.model import CashShift, Catalogue, Employee, Payment, Receipt, ReceiptItem, ReceiptStatus, Sales
from mozg.pos.clock import Clock
from mozg.pos.menu import Group, Tree, money, quantity

Row = Mapping[str, Any]

_NOTHING = Decimal("0.00")
_DELETED, _CLOSED, _RETURNED = "3", "2", "2"
#: Why a check was closed without payment; what is on the house is a sale of no revenue, the others are none.
_HOUSE, _REASONS = "2", {"1": "Guests left without paying", "3": "Waiter's mistake"}
_CHANNELS = {"1": "dine_in", "2": "takeaway", "3": "delivery"}
_MEANS: dict[str, tuple[str, Literal["cash", "card", "non_cash"]]] = {
    "payed_cash": ("Cash", "cash"), "payed_card": ("Card", "card"),
    "payed_third_party": ("Third party", "non_cash"), "payed_cert": ("Certificate", "non_cash"),
}  # fmt: skip


def catalogue(categories: Iterable[Row], products: Iterable[Row], people: Iterable[Row], spot: str) -> Catalogue:
    """Return menu and people; a modification that is chosen with a dish is a product of its own."""
    groups = {str(one["category_id"]): one for one in categories}
    tree = Tree({key: Group(one["category_name"], _parent(one, groups)) for key, one in groups.items()})
    found = []
    for one in products:
        for key, name, priced in _variants(one):
            category = str(one.get("menu_category_id") or "")
            about = {"id": key, "name": name}
            active = str(one.get("hidden") or "0") == "0"
            known = category if category in groups else None
            found.append(tree.product(about, known, _price(priced, spot), one.get("unit") or None, active=active))
    staff = [Employee(str(one["user_id"]), one["name"], one.get("role_name") or None) for one in people]
    return Catalogue(tree.categories(), found, staff)


def _parent(category: Row, groups: Mapping[str, Row]) -> str | None:
    parent = str(category.get("parent_category") or "0")
    return parent if parent in groups else None


def _variants(product: Row) -> list[tuple[str, str, Row]]:
    variants = product.get("modifications") or []
    key, name = str(product["product_id"]), product["product_name"]
    found = [(f"{key}.{one['modificator_id']}", f"{name} ({one['modificator_name']})", one) for one in variants]
    return found or [(key, name, product)]


def _price(priced: Row, spot: str) -> Decimal | None:
    prices = {str(one["spot_id"]): one.get("price") for one in priced.get("spots") or []}
    return hundredths(prices[spot]) if prices.get(spot) is not None else None


def hundredths(value: Any) -> Decimal:
    """Return an amount that is told in hundredths."""
    return (Decimal(str(value or 0)) / 100).quantize(_NOTHING)


def moment(value: Any) -> datetime | None:
    """Return a moment that is told in milliseconds since 1970; 0 is none."""
    return datetime.fromtimestamp(int(value) / 1000, UTC) if int(value or 0) else None


def sales(checks: Iterable[Row], clock: Clock, window: tuple[date, date]) -> Sales:
    """Return the receipts of the business dates of ``window``; one that comes twice counts once, an open one not."""
    found = Sales(window=window)
    for check in {str(one["transaction_id"]): one for one in checks}.values():
        closed_at = moment(check["date_close"])
        if str(check["status"]) not in {_CLOSED, _DELETED} or closed_at is None:
            continue
        day = clock.business_date(closed_at)
        if window[0] <= day <= window[1]:
            _ring_up(found, check, day, closed_at)
    return found


def _ring_up(found: Sales, check: Row, day: date, closed_at: datetime) -> None:
    status, reason = _status(check)
    items = [_item(check, n, line, day, status, reason) for n, line in enumerate(check.get("products") or [])]
    found.receipts.append(_receipt(check, day, closed_at, status, items))
    found.items.extend(items)
    if status == "sale":
        found.payments.extend(_payments(check, day))


def _status(check: Row) -> tuple[ReceiptStatus, str | None]:
    """Return whether a check counts. One that was returned is marked so and has no other that takes it back."""
    reason = str(check.get("reason") or "")
    if str(check["status"]) == _DELETED:
        return "void", None
    if str(check.get("print_fiscal")) == _RETURNED:
        return "void", "Returned"
    return ("void", _REASONS[reason]) if reason in _REASONS else ("sale", None)


def _item(check: Row, number: int, line: Row, day: date, status: ReceiptStatus, reason: str | None) -> ReceiptItem:
    variant = str(line.get("modification_id") or "0")
    pieces, void = Decimal(str(line["num"])), status == "void"
    gross = money(hundredths(line["product_price"]) * pieces) or _NOTHING
    revenue = _NOTHING if void else hundredths(line["payed_sum"])
    given_away = void or str(check.get("reason") or "") == _HOUSE
    return ReceiptItem(
        receipt=str(check["transaction_id"]), line=str(number), business_date=day,
        product=str(line["product_id"]) + (f".{variant}" if variant != "0" else ""), quantity=quantity(pieces),
        gross=gross, discount=_NOTHING if given_away else gross - revenue, revenue=revenue,
        vat=_NOTHING if void else _told(line, "tax_sum"), cost=_told(line, "product_cost"),
        waiter=_waiter(check), voided=void, void_reason=reason,
    )  # fmt: skip


def _told(line: Row, name: str) -> Decimal | None:
    return hundredths(line[name]) if line.get(name) is not None else None


def _waiter(check: Row) -> str | None:
    waiter = str(check.get("user_id") or "0")
    return waiter if waiter != "0" else None


def _receipt(check: Row, day: date, closed_at: datetime, status: ReceiptStatus, items: list[ReceiptItem]) -> Receipt:
    parts_of = {
        name: [getattr(item, name) for item in items] for name in ("gross", "discount", "revenue", "vat", "cost")
    }
    sums: dict[str, Any] = {name: None if None in parts else sum(parts, _NOTHING) for name, parts in parts_of.items()}
    return Receipt(
        external_id=str(check["transaction_id"]), business_date=day, opened_at=moment(check["date_start"]),
        closed_at=closed_at, number=str(check["transaction_id"]), status=status,
        guests=int(check["guests_count"]) if check.get("guests_count") is not None else None,
        waiter=_waiter(check), table_name=check.get("table_name") or None,
        channel=_CHANNELS.get(str(check.get("service_mode"))),
        **sums,
    )  # fmt: skip


def _payments(check: Row, day: date) -> list[Payment]:
    """Return what was paid, by means. Tips are told apart, and bonuses are a discount that the house gives."""
    key = str(check["transaction_id"])
    if str(check.get("reason") or "") == _HOUSE:
        return [Payment(key, "house", day, "On the house", "write_off", _NOTHING)]
    return [
        Payment(key, name, day, method, kind, hundredths(check[name]))
        for name, (method, kind) in _MEANS.items()
        if int(check.get(name) or 0)
    ]


def cash_shifts(rows: Iterable[Row], clock: Clock, window: tuple[date, date]) -> list[CashShift]:
    """Return the cash shifts that were opened on the business dates of ``window``.

    Their totals leave out what others than cash and cards paid, so they are no totals of revenue.
    """
    found = []
    for row in rows:
        opened_at = moment(row["timestart"])
        day = clock.business_date(opened_at) if opened_at else None
        if day is not None and window[0] <= day <= window[1]:
            found.append(
                CashShift(
                    external_id=str(row["cash_shift_id"]), business_date=day, opened_at=opened_at,
                    closed_at=moment(row.get("timeend")), number=str(row["cash_shift_id"]),
                    responsible=str(row.get("user_id_start") or "") or None, cash=hundredths(row["amount_sell_cash"]),
                    card=hundredths(row["amount_sell_card"]),
                )
            )  # fmt: skip
    return found
