"""What the record knows of the thirty restaurants: people, the menu and what it costs, tables, go-lists, and stops."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, text

from bench.stage.simulated import LAST_DAY
from mozg.access.organizations import Organization
from mozg.access.venues import add_venue, venues_of
from mozg.model import STREAMS, Catalogue, Category, DiningTable, Employee, Product, ProductCost
from mozg.store.database import transaction
from mozg.store.load import load_catalogue
from mozg.store.load_streams import load_stream
from mozg.store.menu import Offer, save_offer, set_portions

VENUES, GROUPS, DISHES, WAITERS, HALLS, TABLES = 30, 12, 144, 10, 3, 24
_EVERY = timedelta(days=91)
#: Each week, somewhere between noon and midnight, one dish of each venue could not be sold for some hours.
_STOPS = """
INSERT INTO stop_list (organization_id, venue_id, external_id, product, started_at, ended_at, changed_in)
SELECT :organization, v, 'stop ' || n, 'd' || (v * 31 + n * 7) % :dishes, began,
       began + (3 + n % 20) * INTERVAL '1 hour', 1
FROM unnest(CAST(:venues AS bigint[])) v, generate_series(0, :weeks) n,
     LATERAL (SELECT CAST(:first AS timestamptz) + n * INTERVAL '7 days' + (9 + (v + n) % 9) * INTERVAL '1 hour')
         AS stops (began)
ON CONFLICT DO NOTHING
"""


def restaurants_of(owner: Organization, venues: int, first: date) -> list[int]:
    """Bring the record of ``owner`` to so many venues, with all that stands beside sales since ``first``; return their
    ids.
    """  # fmt: skip
    with transaction(owner.id) as connection:
        load_catalogue(connection, owner.id, _catalogue(), run_id=1)
    for number in range(len(venues_of(owner)), venues):
        add_venue(owner, f"Venue {number + 1:02d}", timezone="Europe/Moscow", city="Moscow", country="RU")
    ids = [venue.id for venue in venues_of(owner)]
    with transaction(owner.id) as connection:
        for number, venue in enumerate(ids):
            _furnish(connection, owner.id, venue, number, first)
        told = {"organization": owner.id, "venues": ids, "first": first, "weeks": (LAST_DAY - first).days // 7}
        connection.execute(text(_STOPS), told | {"dishes": DISHES})
        set_portions(connection, owner.id, {f"Dish {n:03d}": Decimal(1 + n % 3) for n in range(0, DISHES, 3)})
        for offer in _offers(ids):
            save_offer(connection, owner.id, offer)
    return ids


def _furnish(connection: Connection, organization: int, venue: int, number: int, first: date) -> None:
    tables = [DiningTable(f"t{n}", str(n), f"Hall {1 + n % HALLS}", 2 + n % 5) for n in range(1, TABLES + 1)]
    for stream, rows in (("dining_tables", tables), ("product_costs", _costs(number, first))):
        load_stream(connection, organization, venue, STREAMS[stream], rows, (first, LAST_DAY), run_id=1)


def _costs(venue: int, first: date) -> list[ProductCost]:
    """Return what each dish costs by recipe: three tenths of its first price, up every quarter, venue by venue."""
    quarters = range((LAST_DAY - first) // _EVERY + 1)
    return [
        ProductCost(f"d{n}", first + q * _EVERY, _price(n) * (30 + Decimal((7 * q + 3 * n + venue) % 11) / 5 + q) / 100)
        for n in range(DISHES)
        for q in quarters
    ]


def _offers(venues: list[int]) -> list[Offer]:
    """Return four lists of a month each and one without an end, of two to eight dishes; one is of half the venues."""
    months = [
        Offer(
            f"List {n}", tuple(f"Dish {n + 9 * k:03d}" for k in range(2 * n)), LAST_DAY - timedelta(days=30 * n),
            LAST_DAY - timedelta(days=30 * n - 30), tuple(venues[::2]) if n == 2 else None, Decimal(n) / 50,
        )
        for n in range(1, 5)
    ]  # fmt: skip
    return [*months, Offer("House", tuple(f"Dish {n:03d}" for n in range(0, DISHES, 36)), date(LAST_DAY.year, 1, 1))]


def _catalogue() -> Catalogue:
    tops = [Category("kitchen", "Kitchen", None, "kitchen"), Category("bar", "Bar", None, "bar")]
    groups = [_group(n, "bar" if n % 3 == 0 else "kitchen") for n in range(GROUPS)]
    dishes = [Product(f"d{n}", f"Dish {n:03d}", f"g{n % GROUPS}", price=_price(n)) for n in range(DISHES)]
    people = [Employee(f"e{n}", f"Waiter {n:03d}", "Waiter") for n in range(VENUES * WAITERS)]
    return Catalogue([*tops, *groups], dishes, people)


def _price(dish: int) -> Decimal:
    return Decimal(150 + 7 * dish)


def _group(number: int, section: Literal["kitchen", "bar"]) -> Category:
    return Category(f"g{number}", f"Group {number:02d}", section, section)
