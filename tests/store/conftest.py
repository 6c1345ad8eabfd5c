"""Organisations of one venue each, and what is in the record for them."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import ARRAY, insert, text
from sqlalchemy.dialects.postgresql import JSONB

from mozg.access.organizations import Organization, create_organization
from mozg.access.venues import add_venue
from mozg.store.database import connection_string, role_url, transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.store.tables import Base

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def new_organization(database):
    """Make an organisation that nobody else uses."""

    def _new(slug="store", **details):
        number = next(_NUMBERS)
        return create_organization(f"{slug}{number}", f"marker of {slug}", currency="RUB", **details)

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


def filled(table, owner, marker, venue_id, user_id):
    """Return a row of ``table`` that says ``marker`` wherever a text fits, made from the model's columns alone."""
    known = {"organization_id": owner, "venue_id": venue_id, "status": "sale", "outcome": "ok"}
    known |= {"role": "owner"} if table.name == "users" else {}
    known |= {"kind": "api"} if table.name == "sessions" else {}
    known |= {"user_id": user_id} if table.name in ("favourites", "sessions") else {}
    columns = [column for column in table.columns if column.identity is None]
    return {column.name: known.get(column.name, _value(column.type, marker)) for column in columns}


def _value(kind, marker):
    if isinstance(kind, JSONB):
        return {"note": marker}
    if isinstance(kind, ARRAY):
        return [_value(kind.item_type, marker)]
    ready = {str: marker, int: 7, bool: False, Decimal: Decimal("7.00"), date: date(2026, 3, 2)}
    return ready.get(kind.python_type, datetime(2026, 3, 2, 12, tzinfo=UTC))


@dataclass(frozen=True)
class Tenant:
    """An organisation with one row in every table that it can have rows in."""

    organization: Organization
    marker: str

    def connect(self, **options):
        """Sign in to Postgres as this organisation's reader."""
        return psycopg.connect(connection_string(role_url(self.organization.reader_role)), autocommit=True, **options)


@pytest.fixture(scope="session")
def tenants(new_organization):
    """Two organisations that know nothing of each other."""
    return _tenant(new_organization, "alpha"), _tenant(new_organization, "beta")


def _tenant(new_organization, name):
    organization = new_organization(name)
    marker = f"marker of {name}"
    venue = add_venue(organization, marker, timezone="Europe/Moscow", pos="iiko_cloud", pos_config={"key": marker})
    with transaction(organization.id) as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in ("organizations", "organization_roles", "venues", "signing_keys"):
                user_id = connection.scalar(text("SELECT max(id) FROM users"))
                connection.execute(insert(table), filled(table, organization.id, marker, venue.id, user_id))
    return Tenant(organization, marker)
