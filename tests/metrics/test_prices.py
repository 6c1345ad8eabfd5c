"""Price changes: those of a menu written by hand, and those of the simulated chain."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import Period
from mozg.metrics.narrowing import Part
from mozg.metrics.prices import price_steps
from mozg.model import Catalogue, Category, Product, Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales

FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)
RAISED, CHEAP = date(2026, 3, 3), date(2026, 2, 10)


@pytest.fixture(scope="module")
def menu(shop):
    """Soup costs 100 and, from 3 March on, 120; tea 50, but for a day at half price; bread came on 25 April."""
    owner = shop.organization
    venue = add_venue(owner, "Ценовая", timezone="UTC")
    groups = [Category("food", "Еда", section="kitchen")]
    dishes = [Product(name, f"Блюдо {name}", "food") for name in ("a", "b")]
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    checks = [Receipt(str(day), day, revenue=Decimal(0), gross=Decimal(0)) for day in days]
    lines = [line(day, *sold) for day in days for sold in sales(day)]
    with transaction(owner.id) as connection:
        load_catalogue(connection, owner.id, Catalogue(groups, dishes), 6)
        load_sales(connection, owner.id, venue.id, Sales(checks, lines), 7)
    refresh(owner)
    return open_lake(owner), Part((venue.id,))


def sales(day):
    """What is sold on a day: dish, units, price."""
    yield ("a", 4, Decimal(100)) if day < RAISED else ("a", 3, Decimal(120))
    yield "b", 10, Decimal(25) if day == CHEAP else Decimal(50)


def line(day, dish, units, price):
    money = price * units
    cost = Decimal(30) * units
    return ReceiptItem(str(day), dish, day, dish, Decimal(units), revenue=money, gross=money, vat=Decimal(0), cost=cost)


def test_a_price_that_rose_for_good_is_found_and_a_day_at_half_price_is_not(menu):
    (row,) = price_steps(menu[0], Period(FIRST, LAST), menu[1]).to_dict("records")
    assert (row["dish"], row["changed_on"], row["venues"]) == ("Блюдо a", RAISED, 1)
    assert (row["price_before"], row["price"]) == (100, 120)
    assert (row["units_before"], row["units"]) == (28 * 4, 28 * 3)
    assert (row["days_before"], row["days"]) == (28, 28)
    assert (row["others_before"], row["others"]) == (280, 280)
    assert (row["margin_before"], row["margin"]) == (28 * 4 * 70, 28 * 3 * 90)


def test_before_the_data_end_only_whole_weeks_count(menu):
    lake, part = menu
    assert price_steps(lake, Period(FIRST, RAISED - timedelta(days=1)), part).empty
    (row,) = price_steps(lake, Period(RAISED, RAISED), part).to_dict("records")
    assert row["days"] == 28  # the days after the period are known, and tell what followed


def test_the_chain_raises_its_prices_at_once_and_one_dish_by_itself(chain_lake):
    every = price_steps(chain_lake, Period(date(2026, 9, 1), date(2026, 9, 7)), Part())
    assert len(every) > 40
    assert (every["price"] > every["price_before"]).all()
    june = price_steps(chain_lake, Period(date(2026, 6, 1), date(2026, 6, 30)), Part())
    assert june["dish"].tolist() == ["Лосось на гриле"]
    (row,) = june.to_dict("records")
    assert row["price"] / row["price_before"] == pytest.approx(1.12, abs=0.01)
    assert row["others"] > 0
