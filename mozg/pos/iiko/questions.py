"""The four SALES reports that make receipts, lines and payments, each within the vendor's limit of seven groupings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

ORDER, DAY, STORNED = "UniqOrderId.Id", "OpenDate.Typed", "Storned"
LINE_DELETED = "DeletedWithWriteoff"
MONEY = ["DishSumInt", "DiscountSum", "DishDiscountSumInt", "VAT.Sum", "ProductCostBase.ProductCost"]


@dataclass(frozen=True)
class Question:
    """One report: the columns that distinguish its rows, and the figures."""

    groups: list[str]
    figures: list[str]


CHECKS = Question(
    [ORDER, DAY, "OpenTime", "CloseTime", "OrderDeleted", STORNED, LINE_DELETED],
    ["GuestNum", *MONEY],
)
#: What one order has only once, apart from `CHECKS` because both together would be more than seven.
TABLES = Question(
    [ORDER, "OrderNum", "OrderWaiter.Id", "TableNum", "RestaurantSection", "OrderType", "Delivery.ServiceType"],
    ["UniqOrderId"],
)
LINES = Question(
    [ORDER, DAY, "DishId", "WaiterName.ID", LINE_DELETED, "RemovalType", STORNED],
    ["DishAmountInt", *MONEY],
)
#: Grouping by means of payment splits a check's money among them, which is exactly what is wanted here and only here.
PAYMENTS = Question(
    [ORDER, DAY, "PayTypes", "PayTypes.GUID", "PayTypes.Group", STORNED],
    ["DishDiscountSumInt"],
)


def period(department: str, first: date, last: date) -> dict[str, dict[str, Any]]:
    """Return the filters for one restaurant's business dates ``first`` … ``last``, both inclusive."""
    days = {"filterType": "DateRange", "periodType": "CUSTOM", "from": first.isoformat(), "to": last.isoformat(),
            "includeLow": True, "includeHigh": True}  # fmt: skip
    return {DAY: days, "Department.Id": {"filterType": "IncludeValues", "values": [department]}}


def kept() -> dict[str, dict[str, Any]]:
    """Return the filters that leave out what was deleted: whole checks and single lines."""
    only = {"filterType": "IncludeValues", "values": ["NOT_DELETED"]}
    return {"OrderDeleted": only, LINE_DELETED: only}
