"""Portions and go-lists: what people say of the menu."""

from datetime import date
from decimal import Decimal

import pytest

from mozg.errors import StoreError
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.model import Catalogue, Product
from mozg.store.database import transaction
from mozg.store.menu import Offer, offers, portions, remove_offer, save_offer, set_portions

MENU = Catalogue([], [Product("w1", "Саперави"), Product("w2", "Саперави"), Product("d", "Утка"), Product("b", "Бокс")])
AUTUMN = Offer("Осень", ("Утка", "Саперави"), date(2026, 10, 1), date(2026, 11, 30), None, Decimal("0.12"))


@pytest.fixture
def menu(record):
    """An organisation with a menu, and what to do in a transaction of it."""
    record.load_catalogue(MENU)

    def do(function, *arguments):
        with transaction(record.organization.id) as connection:
            owner = () if function in (portions, offers, remove_offer) else (record.organization.id,)
            return function(connection, *owner, *arguments)

    do.record = record
    return do


def test_portions_are_set_changed_and_forgotten(menu):
    assert menu(set_portions, {"Саперави": Decimal(5), "Бокс": Decimal(0)}) == 3  # two tills have that wine
    assert menu(set_portions, {"Саперави": Decimal(6)}) == 2
    assert menu(portions) == {"Бокс": 0, "Саперави": 6}
    menu(set_portions, {"Бокс": None})
    assert menu(portions) == {"Саперави": 6}


def test_a_go_list_is_kept_replaced_and_forgotten(menu):
    menu(save_offer, AUTUMN)
    assert menu(offers) == [AUTUMN]
    later = Offer("Осень", ("Утка",), date(2026, 11, 1))
    menu(save_offer, later)
    assert menu(offers) == [later]
    menu(remove_offer, "Осень")
    assert menu(offers) == []
    with pytest.raises(StoreError, match="no go-list 'Осень'"):
        menu(remove_offer, "Осень")


@pytest.mark.parametrize(
    ("function", "given", "says"),
    [
        (set_portions, {"Утки": Decimal(1)}, "No.*'Утки'.*Did you mean 'Утка'"),
        (set_portions, {"Утка": Decimal(-1)}, "cannot be -1 portions"),
        (save_offer, Offer("Пусто", (), date(2026, 1, 1)), "has no dish"),
        (save_offer, Offer("Назад", ("Утка",), date(2026, 2, 1), date(2026, 1, 1)), "before it begins"),
        (save_offer, Offer("Много", ("Утка",), date(2026, 1, 1), target=Decimal(12)), "not a share between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused(menu, function, given, says):
    with pytest.raises(StoreError, match=says):
        menu(function, given)


def test_both_are_in_the_lake_after_a_refresh(menu):
    menu(set_portions, {"Саперави": Decimal(5)})
    menu(save_offer, AUTUMN)
    here = Offer("Здесь", ("Утка",), date(2026, 1, 1), None, (menu.record.venue.id,))
    menu(save_offer, here)
    refresh(menu.record.organization)
    lake = open_lake(menu.record.organization)
    told = "SELECT dish, portions FROM products WHERE portions IS NOT NULL"
    assert lake.rows(told) == [("Саперави", 5), ("Саперави", 5)]
    columns = "go_list, dish, venue_id, starts_on, ends_on, target"
    rows = lake.rows(f"SELECT {columns} FROM go_lists JOIN products USING (product_id)")
    assert ("Здесь", "Утка", menu.record.venue.id, date(2026, 1, 1), None, None) in rows
    assert ("Осень", "Утка", None, date(2026, 10, 1), date(2026, 11, 30), Decimal("0.12")) in rows
    assert len(rows) == 4
