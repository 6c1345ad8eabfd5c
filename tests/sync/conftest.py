"""Organisations that are fed by simulated tills or by files."""

import itertools
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue
from mozg.model import STREAMS, Catalogue, Sales
from mozg.pos import About
from mozg.simulate import Chain, serve
from mozg.store.database import transaction

_NUMBERS = itertools.count(1)
REAL_DATA = Path(__file__).parents[3] / "shared" / "data"
TABLES = ("categories", "products", "employees", "receipts", "receipt_items", "payments")


@pytest.fixture(scope="session")
def new_organization(database):
    def _new(slug="sync", currency="RUB"):
        number = next(_NUMBERS)
        return create_organization(f"{slug}{number}", f"Сеть {number}", currency=currency)

    return _new


@pytest.fixture
def organization(new_organization):
    return new_organization()


@pytest.fixture(scope="session")
def small_chain():
    """Six weeks of one venue."""
    return Chain.generate(seed=5, first=date(2026, 9, 14), last=date(2026, 10, 25), venues=1)


@pytest.fixture(scope="session")
def tills(small_chain):
    """The small chain on a real port, with slots enough for processes that are killed while they hold one."""
    with serve(small_chain) as served:
        served.licence.slots = 1000
        yield served


@pytest.fixture
def venue(organization, tills):
    return add_venue(organization, **tills.venues()[0])


@pytest.fixture(scope="session")
def ask():
    """Ask the record of an organisation, as a service does."""

    def _ask(organization, query, **values):
        with transaction(organization.id) as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    return _ask


@pytest.fixture(scope="session")
def content(ask):
    """Return all that an organisation's tills told, without our own numbers, as comparable sums."""

    def _content(organization, venue_id=None):
        where = "WHERE NOT deleted" + (f" AND venue_id = {venue_id}" if venue_id else "")
        tables = TABLES[3:] if venue_id else TABLES
        drop = "ARRAY['id', 'organization_id', 'venue_id', 'changed_in', 'deleted']"
        rows = f"SELECT count(*), sum(hashtextextended((to_jsonb(t) - {drop})::text, 0)) FROM {{}} t {where}"
        return {table: ask(organization, rows.format(table)) for table in tables}

    return _content


@pytest.fixture
def real():
    """Give the path of a file of the real sets, or skip."""

    def _real(name):
        path = REAL_DATA / name
        if not path.exists():
            pytest.skip(f"the data set {name} is not on this machine")
        return path

    return _real


class Shelf:
    """A till that is a few lists: what it tells is what a test puts there. ``asked`` are the windows of each stream."""

    longest_window = 31

    def __init__(self):
        self.receipts, self.items, self.rows, self.refuses, self.asked = [], [], {}, {}, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def about(self):
        self._may("about")
        return About("Полка", "Shelf 1.0")

    def catalogue(self):
        return Catalogue()

    def sales(self, first, last):
        self._may("sales")
        self.asked.append(("sales", first, last))
        days = [[row for row in rows if first <= row.business_date <= last] for rows in (self.receipts, self.items)]
        return Sales(*days, window=(first, last))

    @property
    def streams(self):
        return {name: partial(self._read, name) for name in self.rows}

    def _read(self, name, first, last):
        self._may(name)
        self.asked.append((name, first, last))
        by_days = STREAMS[name].reach == "days" and name != "product_costs"
        return [row for row in self.rows[name] if not by_days or first <= row.business_date <= last]

    def _may(self, name):
        if name in self.refuses:
            raise self.refuses[name]

    def days_of(self, name):
        """Return the windows that were asked of one stream since the last call, and forget them."""
        found = [window for one, *window in self.asked if one == name]
        self.asked = [asked for asked in self.asked if asked[0] != name]
        return [tuple(window) for window in found]


@pytest.fixture
def shelf(monkeypatch):
    shelf = Shelf()
    monkeypatch.setattr("mozg.sync.engine.connect", lambda venue: shelf)
    return shelf


@pytest.fixture
def shelf_venue(organization, shelf):
    return add_venue(organization, "Полка", timezone="Europe/Moscow", pos="shelf", opened_on=date(2026, 9, 1))
