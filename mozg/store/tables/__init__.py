"""The tables of the record, as SQLAlchemy models. ``migrations/`` creates them; a test holds the two equal.

``tenants`` who is served · ``access`` who is signed in · ``catalogue`` what is sold, by whom · ``sales`` receipts ·
``menu`` what people say of it · ``operations`` stock, shifts, money · ``outcomes`` what mozg computed and sent ·
``journal`` what mozg did.
"""

from mozg.store.tables.access import Favourite, SealedSecret, SessionRow, SigningKey
from mozg.store.tables.base import Base, TenantRow
from mozg.store.tables.catalogue import CategoryRow, EmployeeRow, ProductCostRow, ProductRow
from mozg.store.tables.journal import AuditLog, DayReading, ReportRun, ReportView, SyncCursor, SyncRun, TouchedDay
from mozg.store.tables.menu import GoList, ProductPortions
from mozg.store.tables.operations import (
    Budget,
    CashShift,
    DiningTable,
    LedgerEntry,
    PaymentType,
    Purchase,
    Shift,
    StockCount,
    StopListEntry,
    WriteOff,
)
from mozg.store.tables.outcomes import Alert, DailySales, Delivery, Forecast, HourlySales, Subscription
from mozg.store.tables.sales import PaymentRow, ReceiptItemRow, ReceiptRow
from mozg.store.tables.tenants import Organization, OrganizationRole, User, VenueRow

__all__ = [
    "Alert",
    "AuditLog",
    "Base",
    "Budget",
    "CashShift",
    "CategoryRow",
    "DailySales",
    "DayReading",
    "Delivery",
    "DiningTable",
    "EmployeeRow",
    "Favourite",
    "Forecast",
    "GoList",
    "HourlySales",
    "LedgerEntry",
    "Organization",
    "OrganizationRole",
    "PaymentRow",
    "PaymentType",
    "ProductCostRow",
    "ProductPortions",
    "ProductRow",
    "Purchase",
    "ReceiptItemRow",
    "ReceiptRow",
    "ReportRun",
    "ReportView",
    "SealedSecret",
    "SessionRow",
    "Shift",
    "SigningKey",
    "StockCount",
    "StopListEntry",
    "Subscription",
    "SyncCursor",
    "SyncRun",
    "TenantRow",
    "TouchedDay",
    "User",
    "VenueRow",
    "WriteOff",
]
