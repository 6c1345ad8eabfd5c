"""Organisations of one venue each, and what is in the record for them."""

import itertools

import pytest
from sqlalchemy import text

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def new_organization(database):
    """Make an organisation that nobody else uses."""

    def _new(slug="store", **details):
        number = next(_NUMBERS)
        return create_organization(f"{slug}{number}", f"Организация {number}", currency="RUB", **details)

    return _new


class Record:
    """One venue's part of the record, loaded and looked at as a service does."""

    def __init__(self, organization, venue):
        self.organization, self.venue = organization, venue
        self._runs = itertools.count(1)

    def load(self, sales):
        """Load a batch as a sync run of its own; return what `load_sales` says."""
        with transaction(self.organization.id) as connection:
            return load_sales(connection, self.organization.id, self.venue.id, sales, next(self._runs))

    def load_catalogue(self, catalogue):
        with transaction(self.organization.id) as connection:
            return load_catalogue(connection, self.organization.id, catalogue, next(self._runs))

    def rows(self, query, **values):
        with transaction(self.organization.id) as connection:
            return connection.execute(text(query), values).all()

    def days_to_refresh(self):
        """Return the business dates noted for the lake since the last call."""
        noted = self.rows("DELETE FROM touched_days RETURNING venue_id, business_date")
        assert {venue for venue, _ in noted} <= {self.venue.id}
        return sorted(day for _, day in noted)


@pytest.fixture
def record(new_organization):
    organization = new_organization()
    return Record(organization, add_venue(organization, "Зал", timezone="Europe/Moscow"))
