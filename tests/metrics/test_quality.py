"""Each rule of good books finds exactly what was planted, and says what it cannot measure."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import Period
from mozg.metrics.quality import RULES, days_off, findings, untold
from mozg.model import (
    STREAMS,
    CashShift,
    Catalogue,
    Category,
    DiningTable,
    Employee,
    Payment,
    Product,
    Receipt,
    ReceiptItem,
    Sales,
)  # fmt: skip
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.store.load_streams import load_stream
from mozg.store.readings import compare, note_readings
from mozg.sync.cursors import move_cursor, note_lacking

DAY = date(2026, 11, 2)
WEEK = (DAY, DAY + timedelta(days=6))
NOON = datetime(2026, 11, 2, 9, tzinfo=UTC)
HUNDRED = Decimal("100.00")


def check(number, **changed):
    """Return a check with nothing wrong about it, or with what is changed."""
    good = Receipt(
        str(number), DAY, NOON, NOON + timedelta(hours=1), guests=2, gross=HUNDRED, revenue=HUNDRED, waiter="anna",
        table_name="1", hall="Зал", channel="dine_in",
    )  # fmt: skip
    return good._replace(**changed)


def line(number, **changed):
    good = ReceiptItem(str(number), "1", DAY, "soup", Decimal(1), HUNDRED, revenue=HUNDRED, cost=Decimal("30.00"))
    return good._replace(**changed)


CHECKS = {
    "good": check("good"),
    "table_number": check("table_number", table_name="99"),
    "no table": check("no table", table_name=None),
    "payment_method": check("payment_method"),
    "personal_card": check("personal_card", waiter=None),
    "closed_same_day": check("closed_same_day", closed_at=NOON + timedelta(hours=25)),
    "table_seats": check("table_seats", table_name="2"),
    "guest_count": check("guest_count", guests=0),
    "too many guests": check("too many guests", guests=5),
    "hall": check("hall", hall=None),
    "duration": check("duration", closed_at=NOON),
    "void": check("void", status="void"),
    "away": check("away", channel="delivery", table_name=None, hall=None, guests=None),
}
LINES = {
    **{name: line(name) for name in CHECKS},
    "good": line("good", cost=None),
    "hall": line("hall", product="nameless"),
    "duration": line("duration", voided=True, revenue=Decimal(0)),
}
CATALOGUE = Catalogue(
    [Category("soups", "Супы", None, "kitchen")],
    [Product("soup", "Суп", "soups"), Product("nameless", "Без карточки")],
    [Employee("anna", "Анна"), Employee("boris", "Борис")],
)
BOOKS = {
    "dining_tables": [DiningTable("1", "1", "Зал", 4), DiningTable("2", "2", "Зал", None)],
    "cash_shifts": [
        CashShift("a", DAY, NOON, NOON + timedelta(hours=12), responsible="boris", revenue=Decimal("1200.00")),
        CashShift("b", DAY + timedelta(days=1), NOON, NOON + timedelta(hours=9), revenue=Decimal("7.00")),
    ],
}
#: What each rule must find: how many, of how many, and the money behind it.
FOUND = {
    "table_number": (2, 11, 200), "payment_method": (2, 12, 200), "personal_card": (1, 12, 100),
    "closed_same_day": (1, 12, 100), "table_seats": (2, 10, 200), "nothing_deleted": (2, 25, 200),
    "till_keeper": (1, 2, 0), "guest_count": (2, 11, 200), "item_card": (1, 11, 100), "hall": (1, 11, 100),
    "recipe_cost": (1, 11, 100), "duration": (2, 12, 200), "late_data": (0, 13, 0), "reconciliation": (1, 2, 7),
}  # fmt: skip


@pytest.fixture(scope="module")
def books(database):
    """A venue with each fault once, and one that tells nothing but its sales."""
    owner = create_organization("books", "Books", currency="RUB", timezone="Europe/Moscow")
    told, silent = (add_venue(owner, name, timezone="Europe/Moscow") for name in ("Told", "Silent"))
    paid = [
        Payment(name, "1", DAY, "?" if name == "void" else "Карта", "unknown" if name == "good" else "card", HUNDRED)
        for name in CHECKS
        if name != "payment_method"
    ]
    with transaction(owner.id) as connection:
        load_catalogue(connection, owner.id, CATALOGUE, 1)
        load_sales(connection, owner.id, told.id, Sales(list(CHECKS.values()), list(LINES.values()), paid, WEEK), 1)
        load_sales(connection, owner.id, silent.id, Sales([check(1)], [line(1)], [], WEEK), 2)
        note_readings(connection, owner.id, told.id, WEEK, 1, DAY)
        for name, rows in BOOKS.items():
            load_stream(connection, owner.id, told.id, STREAMS[name], rows, WEEK, 1)
            connection.execute(move_cursor(told, DAY, stream=name))
        compare(connection, told.id, WEEK)
        for statement in (*note_lacking(told, BOOKS), *note_lacking(silent, [])):
            connection.execute(statement)
    refresh(owner)
    return open_lake(owner), told, silent


def test_every_rule_is_put_to_the_test():
    assert FOUND.keys() == RULES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_was_planted_and_nothing_else(books, rule):
    lake, told, _ = books
    rows = findings(lake, [told.id], Period(*WEEK)).query("rule == @rule")
    assert [(row.found, row.of, row.amount) for row in rows.itertuples()] == [FOUND[rule]]
    assert set(rows["week"]) == {DAY}


def test_what_a_till_does_not_tell_is_not_measured_but_named(books):
    lake, _, silent = books
    rules = set(findings(lake, [silent.id], Period(*WEEK))["rule"])
    assert not {"table_seats", "till_keeper", "reconciliation"} & rules
    assert set(untold(lake, [silent.id])["stream"]) == set(STREAMS)
    assert days_off(lake, [silent.id], Period(*WEEK)).empty


def test_days_that_differ_are_told_with_both_sums(books):
    lake, told, _ = books
    (row,) = days_off(lake, [told.id], Period(*WEEK)).itertuples(index=False)
    assert tuple(row) == (told.id, DAY + timedelta(days=1), Decimal("7.00"), Decimal("0.00"), Decimal("7.00"))
