"""Rows of iiko's reports → receipts, lines and payments."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal
from zoneinfo import ZoneInfo

from mozg.model import Payment, Receipt, ReceiptItem, ReceiptStatus
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.menu import money
from mozg.pos.iiko.questions import DAY, LINE_DELETED, ORDER, STORNED

_KEPT = "NOT_DELETED"
_CARRIED = re.compile(r"собой|вынос|самовывоз|take.?away|to.?go|pick.?up", re.IGNORECASE)
_MILLI = Decimal("0.001")
_KINDS: dict[str, Literal["cash", "card", "non_cash", "write_off"]] = {
    "CASH": "cash", "CARD": "card", "NON_CASH": "non_cash", "WRITEOFF": "write_off",
}  # fmt: skip


def receipt_id(row: Row) -> str:
    """Return the receipt's identifier. A return check may carry the order's own, hence the suffix."""
    order: str = row[ORDER]
    return f"{order}/storno" if _storned(row) else order


def receipts(checks: list[Row], tables: list[Row], zone: ZoneInfo) -> list[Receipt]:
    """Join both reports by order. A check's money is that of its kept lines; a deleted check shows what was on it."""
    about = {row[ORDER]: row for row in tables}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in checks:
        rows[receipt_id(row)].append(row)
    to_utc = _clock(zone)
    return [_receipt(key, parts, about.get(parts[0][ORDER], {}), to_utc) for key, parts in rows.items()]


def _receipt(key: str, parts: list[Row], about: Row, to_utc: Callable[[str | None], datetime | None]) -> Receipt:
    row = parts[0]
    status = _status(row)
    counted = parts if status == "void" else [part for part in parts if part[LINE_DELETED] == _KEPT]
    return Receipt(
        external_id=key,
        business_date=day(row),
        opened_at=to_utc(row["OpenTime"]),
        closed_at=to_utc(row["CloseTime"]),
        number=_text(about.get("OrderNum")),
        status=status,
        guests=_most(part["GuestNum"] for part in parts),
        gross=_sum(counted, "DishSumInt"),
        discount=_sum(counted, "DiscountSum"),
        revenue=_sum(counted, "DishDiscountSumInt"),
        vat=_sum(counted, "VAT.Sum"),
        cost=_sum(counted, "ProductCostBase.ProductCost"),
        waiter=about.get("OrderWaiter.Id"),
        table_name=_text(about.get("TableNum")),
        hall=about.get("RestaurantSection"),
        channel=_channel(about),
    )


def items(lines: list[Row], deleted: set[str]) -> list[ReceiptItem]:
    """Return a line per row; those of ``deleted`` receipts are voided whatever else the till says of them."""
    return [_item(row, receipt_id(row), deleted) for row in lines]


def _item(row: Row, receipt: str, deleted: set[str]) -> ReceiptItem:
    return ReceiptItem(
        receipt=receipt,
        line=_line(row),
        business_date=day(row),
        product=row["DishId"],
        quantity=_quantity(row["DishAmountInt"]),
        gross=money(row["DishSumInt"]),
        discount=money(row["DiscountSum"]),
        revenue=money(row["DishDiscountSumInt"]),
        vat=money(row["VAT.Sum"]),
        cost=money(row["ProductCostBase.ProductCost"]),
        waiter=row["WaiterName.ID"],
        voided=row[LINE_DELETED] != _KEPT or receipt in deleted,
        void_reason=row["RemovalType"],
    )


def payments(rows: list[Row]) -> list[Payment]:
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
        if row["PayTypes.GUID"] is not None
    ]


def day(row: Row) -> date:
    """Return the accounting day, which comes with or without a midnight behind it."""
    return date.fromisoformat(row[DAY][:10])


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


def _clock(zone: ZoneInfo) -> Callable[[str | None], datetime | None]:
    def to_utc(text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)

    return to_utc


def _sum(rows: list[Row], name: str) -> Decimal | None:
    """Return the sum over the rows: zero if every line was struck out, None if the till does not tell."""
    known = [row[name] for row in rows if row[name] is not None]
    return money(sum(known)) if known or not rows else None


def _most(values: Iterable[Any]) -> int | None:
    known = [int(value) for value in values if value is not None]
    return max(known) if known else None


def _quantity(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(_MILLI)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
