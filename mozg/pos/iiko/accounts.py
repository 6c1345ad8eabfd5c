"""What is asked of the TRANSACTIONS report: the accounting entries behind goods and money.

Write-offs, invoices and stock counts could also be read as documents, but iikoCloud gives only one document a call,
and neither door's documents say what the goods cost: the entries do, to the kopeck, and are the same at both doors.
"""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b

from mozg.model import LedgerEntry, ProductCost, Purchase, StockCount, WriteOff
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.olap import Question
from mozg.pos.iiko.questions import COSTS, DAY, days, only
from mozg.pos.menu import money, quantity

BOOKED, DOCUMENT, PRODUCT, STORE = "DateTime.DateTyped", "Document", "Product.Id", "Store"
REASON, SUPPLIER, SIDE = "Contr-Account.Name", "Counteragent.Name", "Account.StoreOrAccount"
IN, OUT, PAID_IN, PAID_OUT = "Amount.In", "Amount.Out", "Sum.Incoming", "Sum.Outgoing"
_RESULT = ("INCOME", "OTHER_INCOME", "COST_OF_GOODS_SOLD", "EXPENSES", "OTHER_EXPENSES")

WRITE_OFFS = Question([BOOKED, DOCUMENT, PRODUCT, STORE, REASON], [OUT, PAID_OUT], report="TRANSACTIONS")
PURCHASES = Question([BOOKED, DOCUMENT, PRODUCT, STORE, SUPPLIER], [IN, PAID_IN], report="TRANSACTIONS")
CORRECTIONS = Question([BOOKED, DOCUMENT, PRODUCT, STORE], [IN, OUT], report="TRANSACTIONS")
LEDGER = Question(
    [BOOKED, "Account.Id", "Account.Name", "Account.Type", "TransactionType", SUPPLIER],
    ["Sum.ResignedSum"],
    report="TRANSACTIONS",
)


def of_goods(department: str, first: date, last: date, kind: str) -> dict[str, Row]:
    """Return the filters for the storerooms' side of one kind of entry; departments go by name here."""
    return _booked(department, first, last) | only("TransactionType", kind) | only(SIDE, "STORE")


def of_result(department: str, first: date, last: date) -> dict[str, Row]:
    """Return the filters for what makes profit or loss."""
    return _booked(department, first, last) | only("Account.Type", *_RESULT)


def _booked(department: str, first: date, last: date) -> dict[str, Row]:
    return days(BOOKED, first, last) | only("Department", department)


def write_offs(rows: list[Row]) -> list[WriteOff]:
    """Return what was written off, with the account that bears it as the reason."""
    return [
        WriteOff(
            _key(row, REASON), day(row), row[PRODUCT], quantity(row[OUT]), money(row[PAID_OUT]), row[REASON],
            row[STORE], row[DOCUMENT],
        )
        for row in rows
    ]  # fmt: skip


def purchases(rows: list[Row]) -> list[Purchase]:
    """Return the lines of suppliers' invoices."""
    return [
        Purchase(
            _key(row, SUPPLIER), day(row), row[SUPPLIER], row[PRODUCT], quantity(row[IN]), money(row[PAID_IN]),
            row[STORE], row[DOCUMENT],
        )
        for row in rows
    ]  # fmt: skip


def ledger(rows: list[Row]) -> list[LedgerEntry]:
    """Return a day's entries by account, kind and counterpart."""
    columns = ["Account.Id", "TransactionType", SUPPLIER]
    return [
        LedgerEntry(
            _short(day(row), *(row[name] for name in columns)), day(row), row["Account.Name"], row["Account.Type"],
            money(row["Sum.ResignedSum"]) or Decimal(0),
            " ".join(filter(None, (row["TransactionType"], row[SUPPLIER]))),
        )
        for row in rows
    ]  # fmt: skip


def days_counted(corrections: list[Row]) -> dict[date, dict[tuple[str, str], Decimal]]:
    """Return what each day's stock counts found too much, by store and product; what was missing is negative."""
    found: dict[date, dict[tuple[str, str], Decimal]] = {}
    for row in corrections:
        of_day = found.setdefault(day(row), {})
        key = (row[STORE], row[PRODUCT])
        of_day[key] = of_day.get(key, Decimal(0)) + Decimal(row[IN] or 0) - Decimal(row[OUT] or 0)
    return found


def balance_days(first: date, last: date, counted: Collection[date]) -> list[date]:
    """Return the days whose balances are asked: Sundays, the last days of months, and those with a count."""
    every = (first + timedelta(number) for number in range((last - first).days + 1))
    return [day for day in every if day in counted or day.weekday() == 6 or (day + timedelta(1)).day == 1]


def stock_counts(on: date, balances: list[Row], corrected: dict[tuple[str, str], Decimal]) -> list[StockCount]:
    """Return one day's balances; where a count corrected the books, with what they had said before."""
    found = []
    for row in balances:
        correction = corrected.get((row["store"], row["product"]))
        amount = quantity(row["amount"])
        assert amount is not None
        expected = None if correction is None else quantity(amount - correction)
        found.append(
            StockCount(
                _short(on, row["store"], row["product"]), on, row["product"], amount, money(row["sum"]), expected,
                correction is not None, row["store"],
            )
        )  # fmt: skip
    return found


def costs(sales: list[Row], purchased: list[Purchase]) -> list[ProductCost]:
    """Return what a unit cost on each day: dishes by what was sold, goods by what was bought."""
    amount, cost = COSTS.figures
    dishes = [
        ProductCost(row["DishId"], date.fromisoformat(row[DAY][:10]), _each(row[cost], row[amount]))
        for row in sales
        if row["DishId"] and (row[amount] or 0) > 0 and row[cost]
    ]
    bought: dict[tuple[str, date], list[Purchase]] = {}
    for one in purchased:
        if one.product and one.quantity and one.cost:
            bought.setdefault((one.product, one.business_date), []).append(one)
    goods = [
        ProductCost(product, on, _each(sum(one.cost or 0 for one in some), sum(one.quantity or 0 for one in some)))
        for (product, on), some in bought.items()
    ]
    return list({(one.product, one.valid_from): one for one in [*goods, *dishes]}.values())


def day(row: Row) -> date:
    """Return the accounting day of an entry."""
    return date.fromisoformat(row[BOOKED][:10])


def _each(amount: Decimal | int, units: Decimal | int) -> Decimal:
    return (Decimal(amount) / Decimal(units)).quantize(Decimal("0.0001"))


def _key(row: Row, column: str) -> str:
    return _short(row[BOOKED][:10], row[DOCUMENT], row[PRODUCT], row[STORE], row[column])


def _short(*parts: object) -> str:
    text = "/".join("-" if part is None else str(part)[:200] for part in parts)
    return blake2b(text.encode(), digest_size=12).hexdigest()
