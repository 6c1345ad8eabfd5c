"""Rows of iiko's reports → receipts, lines and payments."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal

from mozg.model import Payment, Receipt, ReceiptItem, ReceiptStatus
from mozg.pos.clock import Clock
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.questions import DAY, DISCOUNT, LINE_DELETED, ORDER, STORNED
from mozg.pos.menu import money, quantity

_KEPT = "NOT_DELETED"
_CARRIED = re.compile(r"собой|вынос|самовывоз|take.?away|to.?go|pick.?up", re.IGNORECASE)
_KINDS: dict[str, Literal["cash", "card", "non_cash", "write_off"]] = {
    "CASH": "cash", "CARD": "card", "NON_CASH": "non_cash", "WRITEOFF": "write_off",
}  # fmt: skip


def receipt_id(row: Row) -> str:
    """Return the receipt's identifier. A return check may carry the order's own, hence the suffix."""
    order: str = row[ORDER]
    return f"{order}/storno" if _storned(row) else order


def discount_types(rows: list[Row]) -> dict[str, str]:
    """Return what took money off each check, by the receipt's identifier: all names, the largest discount's first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[DISCOUNT] and row["DiscountSum"]:
            found[receipt_id(row)].append(row)
    return {key: _names(some) for key, some in found.items()}


def _names(rows: list[Row]) -> str:
    return ", ".join(row[DISCOUNT] for row in sorted(rows, key=lambda row: (-abs(row["DiscountSum"]), row[DISCOUNT])))


def receipts(checks: list[Row], tables: list[Row], discounts: Mapping[str, str], clock: Clock) -> list[Receipt]:
    """Join the reports by order. A check's money is that of its kept lines; a deleted check shows what was on it."""
    about = {row[ORDER]: row for row in tables}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in checks:
        rows[receipt_id(row)].append(row)
    return [
        _receipt(key, parts, about.get(parts[0][ORDER], {}), clock)._replace(discount_type=discounts.get(key))
        for key, parts in rows.items()
    ]


def _receipt(key: str, parts: list[Row], about: Row, clock: Clock) -> Receipt:
    row = parts[0]
    opened_at = clock.moment(row["OpenTime"])
    status = _status(row)
    counted = parts if status == "void" else [part for part in parts if part[LINE_DELETED] == _KEPT]
    return Receipt(
        external_id=key,
        business_date=day(row),
        opened_at=opened_at,
        closed_at=clock.moment(row["CloseTime"], opened_at),
        number=_text(about.get("OrderNum")),
        status=status,
        guests=_most(part["GuestNum"] for part in parts),
        gross=_total([_gross(part) for part in counted]),
        discount=_sum(counted, "DiscountSum"),
        revenue=_sum(counted, "DishDiscountSumInt"),
        vat=_sum(counted, "VAT.Sum"),
        cost=_sum(counted, "ProductCostBase.ProductCost"),
        waiter=about.get("OrderWaiter.Id"),
        table_name=_text(about.get("TableNum")),
        hall=about.get("RestaurantSection"),
        channel=_channel(about),
    )


def items(lines: list[Row], statuses: Mapping[str, ReceiptStatus]) -> list[ReceiptItem]:
    """Return a line per row; those of void receipts are voided whatever else the till says of them.

    Lines of receipts without a status are left out: such a check was closed after the receipts had been asked for.
    """
    keyed = ((row, receipt_id(row)) for row in lines)
    return [_item(row, receipt, statuses[receipt] == "void") for row, receipt in keyed if receipt in statuses]


def _item(row: Row, receipt: str, deleted: bool) -> ReceiptItem:
    return ReceiptItem(
        receipt=receipt,
        line=_line(row),
        business_date=day(row),
        product=row["DishId"],
        quantity=quantity(row["DishAmountInt"]),
        gross=money(_gross(row)),
        discount=money(row["DiscountSum"]),
        revenue=money(row["DishDiscountSumInt"]),
        vat=money(row["VAT.Sum"]),
        cost=money(row["ProductCostBase.ProductCost"]),
        waiter=row["WaiterName.ID"],
        voided=row[LINE_DELETED] != _KEPT or deleted,
        void_reason=row["RemovalType"],
    )


def payments(rows: list[Row], receipts: Collection[str]) -> list[Payment]:
    """Return a payment per check and means; money without a means of payment is not a payment."""
    return [
        Payment(
            receipt=receipt_id(row),
            line=row["PayTypes.GUID"],
            business_date=day(row),
            method=row["PayTypes"],
            kind=_KINDS.get(row["PayTypes.Group"], "unknown"),
            amount=money(row["DishDiscountSumInt"]),
        )
        for row in rows
        if row["PayTypes.GUID"] is not None and receipt_id(row) in receipts
    ]


def day(row: Row) -> date:
    """Return the accounting day, which comes with or without a midnight behind it."""
    return date.fromisoformat(row[DAY][:10])


def _gross(row: Row) -> Decimal | None:
    """Return what was to be paid before discounts; iiko tells surcharges, such as for service, apart from prices."""
    return None if row["DishSumInt"] is None else Decimal(row["DishSumInt"]) + Decimal(row.get("IncreaseSum") or 0)


def _line(row: Row) -> str:
    """Return what tells this row from the others of its check: dish, who served it, whether and why it was struck."""
    parts = [row["DishId"], row["WaiterName.ID"]]
    if row[LINE_DELETED] != _KEPT:
        parts += [row[LINE_DELETED], row["RemovalType"]]
    return _short("/".join(part or "-" for part in parts))


@lru_cache(maxsize=65_536)
def _short(text: str) -> str:
    # Two GUIDs would make the key of the largest table, and its index, three times as wide.
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _status(row: Row) -> ReceiptStatus:
    if row["OrderDeleted"] != _KEPT:
        return "void"
    return "refund" if _storned(row) else "sale"


def _storned(row: Row) -> bool:
    return str(row[STORNED]).upper() == "TRUE"


def _channel(about: Row) -> str | None:
    if not about:
        return None
    service = about.get("Delivery.ServiceType")
    if service is not None:
        return "takeaway" if service == "PICKUP" else "delivery"
    return "takeaway" if _CARRIED.search(about.get("OrderType") or "") else "dine_in"


def _sum(rows: list[Row], name: str) -> Decimal | None:
    """Return the sum over the rows: zero if every line was struck out, None if the till does not tell."""
    return _total([row[name] for row in rows])


def _total(values: list[Any]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return money(sum(known)) if known or not values else None


def _most(values: Iterable[Any]) -> int | None:
    known = [int(value) for value in values if value is not None]
    return max(known) if known else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
