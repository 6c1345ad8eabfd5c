"""Small organisations whose record is written by hand and whose lake is refreshed for real."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales

_NUMBERS = itertools.count(1)
MENU = Catalogue(
    [Category("food", "Еда", section="kitchen"), Category("drinks", "Напитки", section="bar")],
    [Product("soup", "Суп", "food"), Product("tea", "Чай", "drinks")],
    [Employee("anna", "Анна", "Официант")],
)


class House:
    """An organisation of one venue, with its record and its lake."""

    def __init__(self, organization, timezone="Europe/Moscow"):
        self.organization = organization
        self.venue = add_venue(organization, "Зал", timezone=timezone)
        self._runs = itertools.count(1)
        self.teach(MENU)

    def teach(self, catalogue):
        with transaction(self.organization.id) as connection:
            return load_catalogue(connection, self.organization.id, catalogue, next(self._runs))

    def load(self, sales):
        with transaction(self.organization.id) as connection:
            return load_sales(connection, self.organization.id, self.venue.id, sales, next(self._runs))

    def sell(self, *checks, window=None):
        """Load checks made by `check`, and bring the lake up to date."""
        receipts, items, payments = zip(*checks, strict=True) if checks else ((), (), ())
        self.load(Sales(list(receipts), list(items), list(payments), window))
        return refresh(self.organization)

    def lake(self, snapshot=None):
        return open_lake(self.organization, snapshot=snapshot)

    def revenue_by_day(self, snapshot=None):
        return dict(self.lake(snapshot).rows("SELECT business_date, sum(revenue) FROM receipts GROUP BY ALL"))


def check(number, day, revenue="100.00", product="soup", opened=None, hall="Зал"):
    """Return a receipt with one line and one payment, all of the same amount."""
    opened = opened or datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    amount = Decimal(revenue)
    return (
        Receipt(str(number), day, opened, opened, revenue=amount, gross=amount, guests=2, waiter="anna", hall=hall),
        ReceiptItem(str(number), "1", day, product, Decimal(1), amount, revenue=amount, waiter="anna"),
        Payment(str(number), "1", day, "Карта", "card", amount),
    )


@pytest.fixture(scope="session", name="check")
def _check():
    return check


@pytest.fixture(scope="session")
def new_house(database):
    def _new(slug="lake", timezone="Europe/Moscow"):
        number = next(_NUMBERS)
        return House(create_organization(f"{slug}{number}", f"Озеро {number}", currency="RUB"), timezone)

    return _new


@pytest.fixture
def house(new_house):
    return new_house()


@pytest.fixture(scope="session")
def days():
    return [date(2026, 3, number) for number in range(1, 32)]
