"""The lake's tables: what each row is, its columns and types. Refreshing and asking both start from here.

Money is DECIMAL(14,2) in the organisation's currency, VAT included unless named otherwise; ``*_local`` times are the
venue's wall clock; ``hour`` is the local hour in which the check was opened. Facts hold ids; names are in the small
tables beside them.

``check_key`` is a whole number that tells a check from every other one of the lake; it is worked out anew whenever
its day is copied, and ``receipts.receipt_id`` is what the till calls the check. Lines and payments carry what their
check is split by, so that no question has to join them to it: where and when it was, its guests, how long it stayed
open (``minutes``) and how large it was (``check_size``).
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


#: ``seats`` are those entered for the venue, else those of its tables in use, as far as they are known.
VENUES = LakeTable(
    "venues",
    {
        "venue_id": "int64",
        "venue": "string",
        "city": "string",
        "country": "string",
        "timezone": "string",
        "seats": "int64",
        "opened_on": "date",
        "closed_on": "date",
    },
)
#: ``category`` is the menu group that holds the dish, ``top_group`` the root of the tree above it, ``category_path``
#: all groups from there down, as in ``Bar / Wine / Red``. ``price`` is the menu's, ``active`` whether it is on sale;
#: ``portions`` are in one unit as people have said, missing where nobody has.
PRODUCTS = LakeTable(
    "products",
    {
        "product_id": "int64",
        "dish": "string",
        "category": "string",
        "top_group": "string",
        "category_path": "string",
        "section": "string",
        "price": MONEY,
        "unit": "string",
        "active": "boolean",
        "portions": "decimal(8, 3)",
    },
)
EMPLOYEES = LakeTable("employees", {"employee_id": "int64", "employee": "string", "role": "string"})
#: What one unit of a product costs from a day on, VAT excluded; without ``venue_id``, everywhere.
PRODUCT_COSTS = LakeTable(
    "product_costs", {"product_id": "int64", "venue_id": "int64", "valid_from": "date", "cost": "decimal(14, 4)"}
)
#: The tables of the dining rooms that are in use; ``seats`` is missing where nobody has entered them.
DINING_TABLES = LakeTable(
    "dining_tables", {"venue_id": "int64", "hall": "string", "table_name": "string", "seats": "int64"}
)
#: From when to when a dish could not be sold; what still cannot be has no end.
STOP_LIST = LakeTable(
    "stop_list",
    {"venue_id": "int64", "product_id": "int64", "started_local": "timestamp", "ended_local": "timestamp"},
)
#: Each dish of each go-list; without ``venue_id`` everywhere, without ``ends_on`` until further notice.
GO_LISTS = LakeTable(
    "go_lists",
    {
        "go_list": "string",
        "product_id": "int64",
        "venue_id": "int64",
        "starts_on": "date",
        "ends_on": "date",
        "target": "decimal(5, 4)",
    },
)
#: The plan of a metric that adds up (``revenue``, ``checks``, ``guests``) for one venue and day.
BUDGETS = LakeTable("budgets", {"venue_id": "int64", "business_date": "date", "metric": "string", "amount": MONEY})
#: What the last reading of a day found: ``till_revenue`` is the total of the day's cash shifts where all are closed,
#: ``off`` that receipts and cash shifts disagree; late is what changed after the day was over.
DAY_READINGS = LakeTable(
    "day_readings",
    {
        "venue_id": "int64",
        "business_date": "date",
        "revenue": MONEY,
        "till_revenue": MONEY,
        "off": "boolean",
        "late_receipts": "int64",
        "late_amount": MONEY,
    },
)
#: One shift of a till; ``cash_difference`` is what lay in the drawer less what should have.
CASH_SHIFTS = LakeTable(
    "cash_shifts",
    {
        "venue_id": "int64",
        "business_date": "date",
        "number": "string",
        "register": "string",
        "responsible_id": "int64",
        "opened_local": "timestamp",
        "closed_local": "timestamp",
        "till_revenue": MONEY,
        "cash_difference": MONEY,
    },
)
#: What a till tells besides its catalogue: ``offered`` is false where it does not, ``trouble`` why it last failed.
STREAMS = LakeTable("streams", {"venue_id": "int64", "stream": "string", "offered": "boolean", "trouble": "string"})

#: What lines and payments carry of their check; ``waiter_id`` of a line is who rang it up.
OF_CHECK = {
    "hour": "int16",
    "status": "string",
    "guests": "int64",
    "minutes": "int32",
    "check_size": "int64",
    "waiter_id": "int64",
    "table_name": "string",
    "hall": "string",
    "channel": "string",
}

RECEIPTS = LakeTable(
    "receipts",
    {
        "venue_id": "int64",
        "business_date": "date",
        "check_key": "int64",
        "receipt_id": "string",
        "opened_local": "timestamp",
        "closed_local": "timestamp",
        **OF_CHECK,
        "discount_type": "string",
        "gross": MONEY,
        "discount": MONEY,
        "revenue": MONEY,
        "vat": MONEY,
        "cost": MONEY,
        "void_lines": "int32",
    },
    by_month=True,
)
ITEMS = LakeTable(
    "items",
    {
        "venue_id": "int64",
        "business_date": "date",
        "check_key": "int64",
        "line": "string",
        **OF_CHECK,
        "voided": "boolean",
        "void_reason": "string",
        "product_id": "int64",
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
        "check_key": "int64",
        "line": "string",
        **OF_CHECK,
        "payment_method": "string",
        "payment_kind": "string",
        "amount": MONEY,
    },
    by_month=True,
)

DIMENSIONS = (
    VENUES,
    PRODUCTS,
    EMPLOYEES,
    PRODUCT_COSTS,
    DINING_TABLES,
    STOP_LIST,
    GO_LISTS,
    BUDGETS,
    DAY_READINGS,
    CASH_SHIFTS,
    STREAMS,
)
FACTS = (RECEIPTS, ITEMS, PAYMENTS)
