"""The tables of the record, as SQLAlchemy models. ``migrations/`` creates them; a test holds the two equal.

``tenants`` who is served · ``access`` who is signed in · ``catalogue`` what is sold, by whom · ``sales`` receipts ·
``operations`` stock, shifts, money · ``outcomes`` what mozg computed and sent · ``journal`` what mozg did.
"""

from mozg.store.tables.access import SealedSecret, SessionRow, SigningKey
from mozg.store.tables.base import Base, TenantRow
from mozg.store.tables.catalogue import CategoryRow, EmployeeRow, ProductCostRow, ProductRow
from mozg.store.tables.journal import AuditLog, ReportRun, ReportView, SyncCursor, SyncRun, TouchedDay
from mozg.store.tables.operations import (
    Budget,
    LedgerEntry,
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
    "CategoryRow",
    "DailySales",
    "Delivery",
    "EmployeeRow",
    "Forecast",
    "HourlySales",
    "LedgerEntry",
    "Organization",
    "OrganizationRole",
    "PaymentRow",
    "ProductCostRow",
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
