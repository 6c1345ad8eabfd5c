"""The lake's tables: what each row is, its columns and types. Refreshing and asking both start from here.

Money is DECIMAL(14,2) in the organisation's currency, VAT included unless named otherwise; ``*_local`` times are the
venue's wall clock; ``hour`` is the local hour in which the check was opened. Facts hold ids; names are in the small
tables beside them.
"""

from dataclasses import dataclass

import ibis

MONEY = "decimal(14, 2)"
QUANTITY = "decimal(12, 3)"


@dataclass(frozen=True)
class LakeTable:
    """One table: its columns with Ibis types, and whether it is split by month of the business date."""

    name: str
    columns: dict[str, str]
    by_month: bool = False

    @property
    def expression(self) -> ibis.expr.types.Table:
        """The table as an Ibis expression, not bound to any connection."""
        return ibis.table(self.columns, name=self.name)


VENUES = LakeTable(
    "venues",
    {
        "venue_id": "int64",
        "venue": "string",
        "city": "string",
        "country": "string",
        "timezone": "string",
        "opened_on": "date",
        "closed_on": "date",
    },
)
PRODUCTS = LakeTable("products", {"product_id": "int64", "dish": "string", "category": "string", "section": "string"})
EMPLOYEES = LakeTable("employees", {"employee_id": "int64", "employee": "string", "role": "string"})

RECEIPTS = LakeTable(
    "receipts",
    {
        "venue_id": "int64",
        "business_date": "date",
        "receipt_id": "string",
        "opened_local": "timestamp",
        "closed_local": "timestamp",
        "hour": "int16",
        "status": "string",
        "guests": "int64",
        "gross": MONEY,
        "discount": MONEY,
        "revenue": MONEY,
        "vat": MONEY,
        "cost": MONEY,
        "waiter_id": "int64",
        "table_name": "string",
        "hall": "string",
        "channel": "string",
    },
    by_month=True,
)
ITEMS = LakeTable(
    "items",
    {
        "venue_id": "int64",
        "business_date": "date",
        "receipt_id": "string",
        "line": "string",
        "hour": "int16",
        "status": "string",
        "voided": "boolean",
        "product_id": "int64",
        "waiter_id": "int64",
        "channel": "string",
        "quantity": QUANTITY,
        "gross": MONEY,
        "discount": MONEY,
        "revenue": MONEY,
        "vat": MONEY,
        "cost": MONEY,
    },
    by_month=True,
)
PAYMENTS = LakeTable(
    "payments",
    {
        "venue_id": "int64",
        "business_date": "date",
        "receipt_id": "string",
        "line": "string",
        "status": "string",
        "payment_method": "string",
        "payment_kind": "string",
        "amount": MONEY,
    },
    by_month=True,
)

DIMENSIONS = (VENUES, PRODUCTS, EMPLOYEES)
FACTS = (RECEIPTS, ITEMS, PAYMENTS)
