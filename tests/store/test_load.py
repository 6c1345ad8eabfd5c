"""Loading is exact: what the till says is in the record, what it did not change is not touched."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from mozg.access.venues import add_venue
from mozg.errors import StoreError
from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_sales

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
WEEK = (MONDAY, date(2026, 3, 8))
NASTY = "Щи\tс «кислой»\\N капустой\nи\r\nсметаной \\. 'x' \"y\" €😀"


def receipt(number, day=MONDAY, revenue="100.00", **details):
    return Receipt(str(number), day, revenue=None if revenue is None else Decimal(revenue), **details)


def item(number, line="1", day=MONDAY, revenue="100.00", **details):
    return ReceiptItem(str(number), line, day, revenue=Decimal(revenue), **details)


def payment(number, line="1", day=MONDAY, amount="100.00"):
    return Payment(str(number), line, day, "Карта", "card", Decimal(amount))


def whole(*numbers, day=MONDAY, window=None):
    """Return a batch of complete receipts."""
    return Sales(
        [receipt(number, day) for number in numbers],
        [item(number, day=day) for number in numbers],
        [payment(number, day=day) for number in numbers],
        window,
    )


LIVE = "SELECT external_id, business_date, revenue FROM receipts WHERE NOT deleted ORDER BY external_id"


def test_a_first_load_inserts_every_row(record):
    loaded = record.load(whole(1, 2))
    assert (loaded.read, loaded.changed, loaded.days) == (6, 6, {MONDAY})
    assert record.rows(LIVE) == [("1", MONDAY, Decimal("100.00")), ("2", MONDAY, Decimal("100.00"))]
    assert record.days_to_refresh() == [MONDAY]


def test_every_field_of_every_record_comes_back_as_it_was_given(record):
    opened = datetime(2026, 3, 2, 20, 59, 59, tzinfo=UTC)
    given = Receipt(
        "r-1", MONDAY, opened, opened, "17", "refund", 3, Decimal("-10.01"), Decimal("0.02"), Decimal("-10.03"),
        Decimal("-1.67"), Decimal("0.00"), "w-1", "12", "Веранда", "delivery",
    )  # fmt: skip
    line = ReceiptItem(
        "r-1", "a/b", MONDAY, "p-1", Decimal("0.333"), Decimal("1.00"), Decimal("0.00"), Decimal("1.00"),
        Decimal("0.17"), Decimal("0.40"), "w-1", True, "Брак",
    )  # fmt: skip
    paid = Payment("r-1", "x", MONDAY, "СБП", "non_cash", Decimal("-10.03"))
    record.load(Sales([given], [line], [paid]))
    for table, one in (("receipts", given), ("receipt_items", line), ("payments", paid)):
        assert record.rows(f"SELECT {', '.join(one._fields)} FROM {table}") == [tuple(one)]


def test_an_unchanged_batch_touches_no_row(record):
    record.load(whole(1, 2, 3, window=WEEK))
    record.days_to_refresh()
    before = record.rows("SELECT xmin, ctid, * FROM receipts ORDER BY external_id")
    loaded = record.load(whole(1, 2, 3, window=WEEK))
    assert (loaded.read, loaded.changed, loaded.days) == (9, 0, frozenset())
    assert record.rows("SELECT xmin, ctid, * FROM receipts ORDER BY external_id") == before
    assert record.days_to_refresh() == []


def test_a_changed_row_is_updated_and_no_other(record):
    record.load(Sales([receipt(1), receipt(2, TUESDAY), receipt(3, WEDNESDAY)], window=WEEK))
    record.days_to_refresh()
    loaded = record.load(Sales([receipt(1), receipt(2, TUESDAY, "99.99"), receipt(3, WEDNESDAY)], window=WEEK))
    assert (loaded.changed, loaded.days) == (1, {TUESDAY})
    assert record.rows("SELECT external_id, changed_in FROM receipts ORDER BY 1") == [("1", 1), ("2", 2), ("3", 1)]
    assert record.days_to_refresh() == [TUESDAY]


def test_days_that_are_new_do_not_hide_what_is_missing_beside_them(record):
    record.load(whole(1, day=MONDAY, window=(MONDAY, MONDAY)))
    loaded = record.load(whole(2, day=WEDNESDAY, window=WEEK))
    assert loaded.days == {MONDAY, WEDNESDAY}
    assert record.rows(LIVE) == [("2", WEDNESDAY, Decimal("100.00"))]


def test_a_row_of_a_new_window_may_be_dated_before_it(record):
    record.load(whole(1, 2, day=MONDAY, window=(MONDAY, MONDAY)))
    told = whole(2, day=MONDAY)
    later = whole(3, day=TUESDAY)
    both = Sales(told.receipts + later.receipts, told.items + later.items, told.payments + later.payments)
    loaded = record.load(replace(both, window=(TUESDAY, TUESDAY)))
    assert loaded.days == {TUESDAY}
    assert [number for number, *_ in record.rows(LIVE)] == ["1", "2", "3"]


@pytest.mark.parametrize("change", [{"guests": 2}, {"guests": None}, {"waiter": "w"}, {"status": "void"}])
def test_any_field_is_a_change_also_to_and_from_unknown(record, change):
    record.load(Sales([receipt(1, guests=1)]))
    assert record.load(Sales([receipt(1, guests=1)._replace(**change)])).changed == 1
    assert record.load(Sales([receipt(1, guests=1)._replace(**change)])).changed == 0


@pytest.mark.parametrize("part", ["items", "payments"])
def test_a_change_of_a_line_alone_is_a_change_of_its_day(record, part):
    record.load(whole(1, window=WEEK))
    record.days_to_refresh()
    other = {"items": [item(1, revenue="90.00")], "payments": [payment(1, amount="90.00")]}[part]
    loaded = record.load(replace(whole(1, window=WEEK), **{part: other}))
    assert (loaded.changed, record.days_to_refresh()) == (1, [MONDAY])


def test_what_is_missing_from_a_window_is_marked_deleted_with_its_lines_and_kept(record):
    record.load(
        Sales([receipt(1), receipt(2, TUESDAY)], [item(1), item(2, day=TUESDAY)], [payment(2, day=TUESDAY)], WEEK)
    )
    record.days_to_refresh()
    loaded = record.load(Sales([receipt(1)], [item(1)], [], WEEK))
    assert (loaded.changed, loaded.days) == (3, {TUESDAY})
    for table in ("receipts", "receipt_items", "payments"):
        assert record.rows(f"SELECT business_date FROM {table} WHERE deleted") == [(TUESDAY,)]
    assert record.rows(LIVE) == [("1", MONDAY, Decimal("100.00"))]
    assert record.days_to_refresh() == [TUESDAY]


def test_an_empty_window_deletes_only_what_lies_in_it(record):
    record.load(Sales([receipt(1), receipt(2, TUESDAY), receipt(3, WEDNESDAY)]))
    record.load(Sales(window=(TUESDAY, TUESDAY)))
    assert [row[0] for row in record.rows(LIVE)] == ["1", "3"]


def test_without_a_window_other_receipts_are_left_alone(record):
    record.load(whole(1))
    assert record.load(whole(2)).changed == 3
    assert [row[0] for row in record.rows(LIVE)] == ["1", "2"]


@pytest.mark.parametrize("window", [None, WEEK])
def test_lines_and_payments_that_a_receipt_no_longer_has_are_gone(record, window):
    lines, paid = [item(1, "a"), item(1, "b")], [payment(1, "cash"), payment(1, "card")]
    record.load(Sales([receipt(1)], lines, paid, window))
    record.days_to_refresh()
    loaded = record.load(Sales([receipt(1)], lines[:1], paid[1:], window))
    assert loaded.changed == 2
    assert record.rows("SELECT line FROM receipt_items WHERE NOT deleted") == [("a",)]
    assert record.rows("SELECT line FROM payments WHERE NOT deleted") == [("card",)]
    assert record.days_to_refresh() == [MONDAY]


def test_a_receipt_that_reappears_counts_again(record):
    record.load(whole(1, window=WEEK))
    record.load(Sales(window=WEEK))
    assert record.rows(LIVE) == []
    record.days_to_refresh()
    assert record.load(whole(1, window=WEEK)).changed == 3
    assert record.rows(LIVE) == [("1", MONDAY, Decimal("100.00"))]
    assert record.days_to_refresh() == [MONDAY]


def test_a_receipt_that_moves_to_another_day_touches_both(record):
    record.load(whole(1, 2, window=WEEK))
    record.days_to_refresh()
    moved = whole(1, day=WEDNESDAY)
    stays = whole(2)
    loaded = record.load(
        Sales(moved.receipts + stays.receipts, moved.items + stays.items, moved.payments + stays.payments, WEEK)
    )
    assert (loaded.changed, loaded.days) == (3, {MONDAY, WEDNESDAY})
    assert [row[:2] for row in record.rows(LIVE)] == [("1", WEDNESDAY), ("2", MONDAY)]
    assert record.days_to_refresh() == [MONDAY, WEDNESDAY]


def test_a_receipt_that_moves_out_of_one_window_is_found_again_in_the_next(record):
    record.load(whole(1, window=(MONDAY, MONDAY)))
    record.load(Sales(window=(MONDAY, MONDAY)))
    record.days_to_refresh()
    record.load(whole(1, day=TUESDAY, window=(TUESDAY, TUESDAY)))
    assert record.rows(LIVE) == [("1", TUESDAY, Decimal("100.00"))]
    assert record.days_to_refresh() == [MONDAY, TUESDAY]


def test_of_a_row_that_comes_twice_in_a_batch_the_last_is_kept(record):
    loaded = record.load(Sales([receipt(1, revenue="1.00"), receipt(2), receipt(1, revenue="3.00")]))
    assert (loaded.read, loaded.changed) == (3, 2)
    assert record.rows(LIVE)[0] == ("1", MONDAY, Decimal("3.00"))


def test_the_same_number_at_two_venues_is_two_receipts(record):
    other = add_venue(record.organization, "Веранда", timezone="Europe/Moscow")
    record.load(whole(1, window=WEEK))
    with transaction(record.organization.id) as connection:
        load_sales(connection, record.organization.id, other.id, Sales(window=WEEK), 2)
        load_sales(connection, record.organization.id, other.id, whole(1, window=WEEK), 3)
    assert record.rows("SELECT venue_id FROM receipts WHERE NOT deleted ORDER BY 1") == [
        (record.venue.id,),
        (other.id,),
    ]


def test_a_number_unknown_to_the_till_stays_missing(record):
    record.load(
        Sales([receipt(1, revenue=None)], [ReceiptItem("1", "1", MONDAY)], [Payment("1", "1", MONDAY, "?", "unknown")])
    )
    assert record.rows("SELECT revenue, gross, vat, cost, guests, opened_at FROM receipts") == [(None,) * 6]
    assert record.rows("SELECT quantity, revenue, cost FROM receipt_items") == [(None,) * 3]
    assert record.rows("SELECT amount FROM payments") == [(None,)]
    assert record.load(Sales([receipt(1, revenue=None)], [ReceiptItem("1", "1", MONDAY)])).changed == 1  # the payment


@pytest.mark.parametrize("words", [NASTY, "", "\\N", "NULL", "\t", "\\.", "a\\nb", "a\u2028b"])
def test_text_survives_letter_by_letter(record, words):
    record.load_catalogue(Catalogue([Category("c", words)], [Product(f"p{words}", words)], [Employee("e", words)]))
    assert record.rows("SELECT external_id, name FROM products") == [(f"p{words}", words)]
    assert record.rows("SELECT name FROM categories UNION ALL SELECT name FROM employees") == [(words,), (words,)]


def test_the_catalogue_is_brought_up_to_date_and_nothing_is_taken_out_of_it(record):
    soup, tea = Product("1", "Суп", price=Decimal("350.00")), Product("2", "Чай")
    assert record.load_catalogue(Catalogue(products=[soup, tea])).changed == 2
    ids = record.rows("SELECT external_id, id FROM products ORDER BY 1")
    loaded = record.load_catalogue(Catalogue(products=[soup._replace(price=Decimal("370.00"))]))
    assert (loaded.read, loaded.changed, loaded.days) == (1, 1, frozenset())
    assert record.rows("SELECT name, price FROM products ORDER BY 1") == [("Суп", Decimal("370.00")), ("Чай", None)]
    assert record.rows("SELECT external_id, id FROM products ORDER BY 1") == ids
    assert record.days_to_refresh() == []


def test_an_unknown_venue_is_refused(record):
    with (
        pytest.raises(StoreError, match="Venue 999999 is not one of organisation"),
        transaction(record.organization.id) as connection,
    ):
        load_sales(connection, record.organization.id, 999_999, whole(1), 1)
    assert record.rows(LIVE) == []


def test_a_venue_of_another_organisation_is_refused(record, new_organization):
    stranger = add_venue(new_organization(), "Чужая", timezone="Europe/Moscow")
    for claimed in (record.organization.id, stranger.organization_id):
        with (
            pytest.raises(StoreError, match="nothing was loaded"),
            transaction(record.organization.id) as connection,
        ):
            load_sales(connection, claimed, stranger.id, whole(1), 1)
    assert record.rows(LIVE) == []


def test_a_batch_that_fails_leaves_nothing_behind(record):
    with suppress(ZeroDivisionError), transaction(record.organization.id) as connection:
        load_sales(connection, record.organization.id, record.venue.id, whole(1), 1)
        assert connection.scalar(text("SELECT count(*) FROM receipts")) == 1
        1 / 0  # noqa: B018
    assert record.rows(LIVE) == []
    assert record.days_to_refresh() == []


@pytest.mark.parametrize(
    "broken",
    [
        receipt(1, revenue="1000000000000.00"),
        receipt(1, status="eaten"),
        receipt(1, guests=2**70),
        receipt(1, waiter="a\0b"),
    ],
)
def test_what_postgres_cannot_hold_is_a_sentence(record, broken):
    with pytest.raises(StoreError, match=r"receipts"):
        record.load(Sales([broken]))
    assert record.rows(LIVE) == []
