"""What people star is theirs alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from mozg.access.favourites import favourites, star, unstar
from mozg.access.organizations import create_organization
from mozg.access.users import add_user
from mozg.store.database import admin_engine, transaction


def test_one_stars_and_unstars(owner):
    assert favourites(owner) == set()
    star(owner, "sales")
    star(owner, "menu")
    star(owner, "sales")
    assert favourites(owner) == {"sales", "menu"}
    unstar(owner, "sales")
    unstar(owner, "sales")
    assert favourites(owner) == {"menu"}


def test_everybody_has_their_own(owner, manager):
    star(owner, "sales")
    unstar(manager, "sales")
    assert favourites(owner) == {"sales"}
    assert favourites(manager) == set()


def test_two_taps_at_once_are_one_star(owner):
    with ThreadPoolExecutor(4) as taps:
        list(taps.map(lambda _: star(owner, "sales"), range(20)))
    with transaction(owner.organization_id) as connection:
        assert connection.scalar(text("SELECT count(*) FROM favourites")) == 1


def test_no_organisation_stars_for_somebody_of_another(owner):
    other = (
        create_organization(f"{owner.organization_id}s-neighbour", "Рядом", currency="EUR")
        if False
        else create_organization(f"neighbour{owner.organization_id}", "Рядом", currency="EUR")
    )
    theirs = add_user(other.id, "somebody@example.com", "Somebody", "owner")
    star(theirs, "sales")
    with transaction(owner.organization_id) as connection:
        assert connection.scalar(text("SELECT count(*) FROM favourites")) == 0
        assert connection.execute(text("DELETE FROM favourites")).rowcount == 0
    statement = text("INSERT INTO favourites (organization_id, user_id, report) VALUES (:organization, :user, 'menu')")
    given = {"organization": other.id, "user": theirs.id}
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(owner.organization_id) as connection:
        connection.execute(statement, given)
    assert favourites(theirs) == {"sales"}


def test_the_stars_of_a_person_go_with_them(owner):
    star(owner, "sales")
    with admin_engine().begin() as connection:
        connection.execute(text("DELETE FROM users WHERE id = :id"), {"id": owner.id})
        left = connection.scalar(text("SELECT count(*) FROM favourites WHERE user_id = :id"), {"id": owner.id})
    assert left == 0
