"""Organisations with people in them."""

import itertools

import pytest

from mozg.access.organizations import create_organization
from mozg.access.users import add_user
from mozg.access.venues import add_venue

_NUMBERS = itertools.count(1)
PASSWORD = "four words are enough"


@pytest.fixture
def organization(database):
    return create_organization(f"staff{next(_NUMBERS)}", "Люди", currency="EUR")


@pytest.fixture
def owner(organization):
    return add_user(organization.id, f"owner@{organization.slug}.example", "Olga Owner", "owner", password=PASSWORD)


@pytest.fixture
def venue(organization):
    return add_venue(organization, "Nord", timezone="Europe/Paris")


@pytest.fixture
def manager(organization, owner, venue):
    """A manager of one venue."""
    return add_user(
        organization.id, f"m@{organization.slug}.example", "Max", "manager", venues=[venue.id], password=PASSWORD
    )
