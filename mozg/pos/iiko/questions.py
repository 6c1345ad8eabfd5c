"""What is asked of the SALES report to make receipts, lines, payments and costs of it."""

from datetime import date
from typing import Any

from mozg.pos.iiko.olap import Question

ORDER, DAY, STORNED = "UniqOrderId.Id", "OpenDate.Typed", "Storned"
LINE_DELETED, DISCOUNT = "DeletedWithWriteoff", "OrderDiscount.Type"
MONEY = ["DishSumInt", "IncreaseSum", "DiscountSum", "DishDiscountSumInt", "VAT.Sum", "ProductCostBase.ProductCost"]
#: Old versions and small licences lack these; what they tell is then not known.
_NOT_EVERYWHERE = frozenset({"IncreaseSum", "VAT.Sum", "ProductCostBase.ProductCost"})

CHECKS = Question(
    [ORDER, DAY, "OpenTime", "CloseTime", "OrderDeleted", STORNED, LINE_DELETED],
    ["GuestNum", *MONEY],
    optional=_NOT_EVERYWHERE,
)
#: What one order has only once.
TABLES = Question(
    [ORDER],
    ["UniqOrderId"],
    ["OrderNum", "OrderWaiter.Id", "TableNum", "RestaurantSection", "OrderType", "Delivery.ServiceType"],
    frozenset({"OrderWaiter.Id", "TableNum", "RestaurantSection", "OrderType", "Delivery.ServiceType"}),
)
LINES = Question(
    [ORDER, DAY, "DishId", "WaiterName.ID", LINE_DELETED, "RemovalType", STORNED],
    ["DishAmountInt", *MONEY],
    optional=_NOT_EVERYWHERE | {"WaiterName.ID", "RemovalType"},
)
#: Grouping by means of payment splits a check's money among them, which is exactly what is wanted here and only here.
PAYMENTS = Question(
    [ORDER, DAY, "PayTypes", "PayTypes.GUID", "PayTypes.Group", STORNED],
    ["DishDiscountSumInt"],
)
#: What was taken off each check under which name; a check may have several.
DISCOUNTS = Question([ORDER, DAY, STORNED, DISCOUNT], ["DiscountSum"], optional=frozenset({DISCOUNT}))
COSTS = Question([DAY, "DishId"], ["DishAmountInt", "ProductCostBase.ProductCost"])
#: A till's own totals of its shifts, where it has no list of them.
SHIFTS = Question([DAY, "SessionNum", "CashRegisterName.Number", "PayTypes.Group"], ["DishDiscountSumInt"])


def days(column: str, first: date, last: date) -> dict[str, dict[str, Any]]:
    """Return the filter that keeps the dates ``first`` … ``last`` of a column, both inclusive."""
    rule = {"filterType": "DateRange", "periodType": "CUSTOM", "from": first.isoformat(), "to": last.isoformat(),
            "includeLow": True, "includeHigh": True}  # fmt: skip
    return {column: rule}


def only(column: str, *values: str) -> dict[str, dict[str, Any]]:
    """Return the filter that keeps these values of a column."""
    return {column: {"filterType": "IncludeValues", "values": list(values)}}


def period(department: str, first: date, last: date) -> dict[str, dict[str, Any]]:
    """Return the filters for one restaurant's business dates ``first`` … ``last``, both inclusive."""
    return days(DAY, first, last) | only("Department.Id", department)


def kept() -> dict[str, dict[str, Any]]:
    """Return the filters that leave out what was deleted: whole checks and single lines."""
    return only("OrderDeleted", "NOT_DELETED") | only(LINE_DELETED, "NOT_DELETED")
