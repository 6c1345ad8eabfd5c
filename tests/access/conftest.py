"""Organisations with people in them."""

import functools
import itertools

import pytest
from sqlalchemy import text

from mozg.access.organizations import create_organization
from mozg.access.passwords import hash_password
from mozg.access.users import add_user, find_user
from mozg.access.venues import add_venue
from mozg.store.database import transaction

_NUMBERS = itertools.count(1)
PASSWORD = "four words are enough"


@pytest.fixture
def organization(database):
    return create_organization(f"staff{next(_NUMBERS)}", "Люди", currency="EUR")


@pytest.fixture
def owner(organization):
    return _with_password(add_user(organization.id, f"owner@{organization.slug}.example", "Olga Owner", "owner"))


@pytest.fixture
def venue(organization):
    return add_venue(organization, "Nord", timezone="Europe/Paris")


@pytest.fixture
def manager(organization, owner, venue):
    """A manager of one venue."""
    return _with_password(
        add_user(organization.id, f"m@{organization.slug}.example", "Max", "manager", venues=[venue.id])
    )


@functools.cache
def _hash():
    """The password's hash, worked out once: it takes long on purpose."""
    return hash_password(PASSWORD)


def _with_password(user):
    with transaction(user.organization_id) as connection:
        set_it = text("UPDATE users SET password_hash = :hash WHERE id = :id")
        connection.execute(set_it, {"hash": _hash(), "id": user.id})
    return find_user(user.organization_id, user.id)
