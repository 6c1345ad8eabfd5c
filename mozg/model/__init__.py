"""The records that pass between rooms. Plain, immutable, and without behaviour.

Money is ``Decimal`` in the organisation's currency, VAT included unless a name says otherwise. Times are aware
``datetime`` values in UTC. ``None`` always means *not known*; nothing is ever filled in.
"""

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

__all__ = [
    "Catalogue",
    "Category",
    "Employee",
    "Payment",
    "Product",
    "Receipt",
    "ReceiptItem",
    "ReceiptStatus",
    "Sales",
    "Section",
    "Venue",
]
