"""Each field of a record is a column of its table, so that records go into Postgres as they are."""

from datetime import date

import pytest

from mozg.model import Category, Employee, Payment, Product, Receipt, ReceiptItem, Venue
from mozg.store.tables import CategoryRow, EmployeeRow, PaymentRow, ProductRow, ReceiptItemRow, ReceiptRow, VenueRow

PAIRS = [
    (Category, CategoryRow),
    (Product, ProductRow),
    (Employee, EmployeeRow),
    (Receipt, ReceiptRow),
    (ReceiptItem, ReceiptItemRow),
    (Payment, PaymentRow),
]
OURS = {"organization_id", "venue_id", "id", "deleted", "changed_in"}


@pytest.mark.parametrize(("record", "table"), PAIRS, ids=lambda kind: kind.__name__)
def test_fields_are_columns_and_columns_are_fields(record, table):
    columns = set(table.__table__.columns.keys())
    assert set(record._fields) <= columns
    assert columns - set(record._fields) <= OURS


@pytest.mark.parametrize(("record", "table"), PAIRS, ids=lambda kind: kind.__name__)
def test_what_a_record_may_leave_out_the_table_may_too(record, table):
    columns = table.__table__.columns
    for name, default in record._field_defaults.items():
        assert columns[name].nullable == (default is None), name


def test_an_unfilled_receipt_claims_nothing():
    given = Receipt("1", date(2026, 1, 1))
    unknown = set(Receipt._fields) - {"external_id", "business_date", "status"}
    assert {getattr(given, name) for name in unknown} == {None}
    assert given.status == "sale"


def test_a_venue_never_prints_its_secrets():
    venue = Venue(1, 1, "Зал", "UTC", "iiko_cloud", {"api_key": "s3cret"})
    assert "s3cret" not in repr(venue)
    assert "pos_config" not in repr(venue)


def test_a_venue_is_its_row():
    assert set(Venue.__dataclass_fields__) <= set(VenueRow.__table__.columns.keys())
