"""What tills tell → the record. Rows, cursor and the list of touched days commit together or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg import Cursor, sql
from sqlalchemy import Connection, insert, text

from mozg.errors import StoreError
from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.store.tables import TouchedDay
from mozg.store.upsert import Loaded, Shape, cursor_of, mark_deleted, replace_window, upsert

CATEGORIES = Shape("categories", Category._fields, ("external_id",))
PRODUCTS = Shape("products", Product._fields, ("external_id",))
EMPLOYEES = Shape("employees", Employee._fields, ("external_id",))
RECEIPTS = Shape("receipts", Receipt._fields, ("external_id",))
ITEMS = Shape("receipt_items", ReceiptItem._fields, ("receipt", "line"))
PAYMENTS = Shape("payments", Payment._fields, ("receipt", "line"))


def load_catalogue(connection: Connection, organization_id: int, catalogue: Catalogue, run_id: int) -> Loaded:
    """Bring categories, products and employees up to date; what a till no longer lists stays as it is."""
    owner = {"organization_id": organization_id}
    with cursor_of(connection) as cursor:
        parts = [
            upsert(cursor, shape, rows, owner, run_id)
            for shape, rows in (
                (CATEGORIES, catalogue.categories),
                (PRODUCTS, catalogue.products),
                (EMPLOYEES, catalogue.employees),
            )
        ]
    return sum(parts, Loaded())


def load_sales(connection: Connection, organization_id: int, venue_id: int, sales: Sales, run_id: int) -> Loaded:
    """Bring one venue's receipts, lines and payments up to date, and note which days the lake must refresh.

    With a window, rows of these business dates that are not in ``sales`` are marked deleted. Lines and payments
    that a receipt of ``sales`` no longer has are marked deleted in any case.

    Raises:
        StoreError: the venue is not one of the organisation's.
    """
    owner = owner_of(connection, organization_id, venue_id)
    loaded = Loaded()
    with cursor_of(connection) as cursor:
        for shape, rows in ((RECEIPTS, sales.receipts), (ITEMS, sales.items), (PAYMENTS, sales.payments)):
            loaded += _bring(cursor, shape, rows, owner, run_id, sales.window)
    touch_days(connection, owner, loaded)
    return loaded


def owner_of(connection: Connection, organization_id: int, venue_id: int) -> dict[str, int]:
    """Return the columns that say whose a venue's rows are.

    Raises:
        StoreError: the venue is not one of the organisation's.
    """
    query = text("SELECT 1 FROM venues WHERE id = :venue AND organization_id = :organization")
    if connection.scalar(query, {"venue": venue_id, "organization": organization_id}) is None:
        raise StoreError(f"Venue {venue_id} is not one of organisation {organization_id}; nothing was loaded.")
    return {"organization_id": organization_id, "venue_id": venue_id}


def touch_days(connection: Connection, owner: Mapping[str, int], loaded: Loaded) -> None:
    """Note the days that a load changed, for the lake's next refresh."""
    touched: Sequence[dict[str, Any]] = [{**owner, "business_date": day} for day in sorted(loaded.days)]
    if touched:
        connection.execute(insert(TouchedDay), touched)


def _bring(
    cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int,
    window: tuple[date, date] | None,
) -> Loaded:  # fmt: skip
    if window is not None:
        return replace_window(cursor, shape, rows, owner, run_id, window)
    loaded = upsert(cursor, shape, rows, owner, run_id)
    if shape is RECEIPTS:
        return loaded
    read = sql.SQL("t.receipt IN (SELECT external_id FROM {})").format(sql.Identifier(RECEIPTS.stage))
    return loaded + mark_deleted(cursor, shape, owner, read, run_id)
