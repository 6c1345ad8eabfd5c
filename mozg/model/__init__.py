"""The records that pass between rooms. Plain, immutable, and without behaviour.

Money is ``Decimal`` in the organisation's currency, VAT included unless a name says otherwise. Times are aware
``datetime`` values in UTC. ``None`` always means *not known*; nothing is ever filled in.
"""

from mozg.model.books import (
    CashShift,
    DiningTable,
    LedgerEntry,
    PaymentType,
    ProductCost,
    Purchase,
    Shift,
    StockCount,
    StopListEntry,
    WriteOff,
)
from mozg.model.plan import PLANNED, Budget, PlannedMetric, Target
from mozg.model.records import (
    Catalogue,
    Category,
    Employee,
    Payment,
    Product,
    Receipt,
    ReceiptItem,
    ReceiptStatus,
    Sales,
    Section,
    Venue,
)
from mozg.model.streams import STREAMS, Stream

__all__ = [
    "PLANNED",
    "STREAMS",
    "Budget",
    "CashShift",
    "Catalogue",
    "Category",
    "DiningTable",
    "Employee",
    "LedgerEntry",
    "Payment",
    "PaymentType",
    "PlannedMetric",
    "Product",
    "ProductCost",
    "Purchase",
    "Receipt",
    "ReceiptItem",
    "ReceiptStatus",
    "Sales",
    "Section",
    "Shift",
    "StockCount",
    "StopListEntry",
    "Stream",
    "Target",
    "Venue",
    "WriteOff",
]
