"""Every role at every endpoint, with ids of one's own organisation and of another."""

import functools
import itertools
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, text

from mozg.access.permissions import ROLES, may
from mozg.access.sessions import access_token, open_session
from mozg.access.users import add_user
from mozg.access.venues import add_venue, venues_of
from mozg.serve.api.app import create_app
from mozg.store.database import transaction
from mozg.store.tables import ReportRun

from .conftest import V1

#: What each endpoint needs: an action, "anybody" who is signed in, or "nobody" where no token is asked for.
NEEDED = {
    ("get", "/health"): "nobody",
    ("post", "/auth/register"): "nobody",
    ("post", "/auth/login"): "nobody",
    ("post", "/auth/telegram"): "nobody",
    ("post", "/auth/refresh"): "nobody",
    ("post", "/auth/password/reset"): "nobody",
    ("post", "/auth/password/reset/confirm"): "nobody",
    ("post", "/auth/invitations/accept"): "nobody",
    ("get", "/auth/me"): "anybody",
    ("post", "/auth/logout"): "anybody",
    ("post", "/auth/password"): "anybody",
    ("post", "/auth/telegram/link"): "anybody",
    ("delete", "/auth/telegram/link"): "anybody",
    ("get", "/organizations/current"): "organization.read",
    ("patch", "/organizations/current"): "organization.change",
    ("get", "/organizations/users"): "users.read",
    ("post", "/organizations/users"): "users.change",
    ("get", "/organizations/users/{user_id}"): "users.read",
    ("patch", "/organizations/users/{user_id}"): "users.change",
    ("delete", "/organizations/users/{user_id}"): "users.change",
    ("post", "/organizations/users/{user_id}/invitation"): "users.change",
    ("get", "/venues"): "venues.read",
    ("post", "/venues"): "venues.change",
    ("get", "/venues/{venue_id}"): "venues.read",
    ("patch", "/venues/{venue_id}"): "venues.change",
    ("delete", "/venues/{venue_id}"): "venues.change",
    ("post", "/venues/{venue_id}/check"): "venues.change",
    ("post", "/venues/{venue_id}/sync"): "venues.sync",
    ("get", "/venues/{venue_id}/sync/status"): "venues.read",
    ("get", "/metrics"): "metrics.query",
    ("post", "/query"): "metrics.query",
    ("get", "/reports"): "reports.read",
    ("post", "/reports/{name}/runs"): "reports.run",
    ("get", "/runs"): "reports.read",
    ("get", "/runs/{run_id}"): "reports.read",
    ("get", "/runs/{run_id}/files/{format}"): "reports.read",
    ("get", "/forecasts"): "forecasts.read",
}
_NUMBERS = itertools.count(1)
GUARDED = [pair for pair, needed in NEEDED.items() if needed != "nobody"]
#: Endpoints of one thing that may be another organisation's.
ABOUT_ONE = [(method, path) for method, path in GUARDED if "_id}" in path]
#: A list of venues takes some actions away from a role that has them otherwise.
WHO = [(role, None) for role in ROLES] + [(role, "Nord") for role in ROLES]


def test_every_endpoint_is_in_the_matrix():
    declared = {
        (method, path.removeprefix(V1))
        for path, methods in create_app().openapi()["paths"].items()
        for method in methods
    }
    assert set(NEEDED) == declared


@pytest.fixture(scope="module")
def house(database, new_organization):
    return _things(new_organization())


@pytest.fixture(scope="module")
def neighbour(database, new_organization):
    return _things(new_organization())


@pytest.fixture(scope="module")
def new_organization():
    from mozg.access.organizations import create_organization

    return lambda: create_organization(f"matrix{next(_NUMBERS)}", "Matrix", currency="EUR", timezone="Europe/Paris")


def _things(organization):
    """An organisation with a thing of each kind that an endpoint may be about."""
    venue = add_venue(organization, "Nord", timezone="Europe/Paris")
    owner = add_user(organization.id, "boss@example.com", "Boss", "owner")
    run_id = f"sales-{organization.slug}-20261123T070500-0a1b"
    row = {
        "organization_id": organization.id, "run_id": run_id, "report": "sales", "parameters": {},
        "asked_by": owner.email, "outcome": "ok", "venue_ids": [venue.id],
    }  # fmt: skip
    with transaction(organization.id) as connection:
        connection.execute(insert(ReportRun), row)
    return SimpleNamespace(organization=organization, venue=venue, owner=owner, run=run_id)


@pytest.fixture(scope="module")
def ask(api, house):
    """Send a request as somebody of `house`, who signs in anew for it; return its status."""

    @functools.cache
    def somebody(role, limited):
        venues = [house.venue.id] if limited else None
        return add_user(house.organization.id, f"{role}{next(_NUMBERS)}@example.com", role, role, venues=venues)

    def _ask(method, path, role, limited, thing):
        with api.client(access_token(open_session(somebody(role, limited)))) as client:
            return _send(client, method, path, thing)

    return _ask


def _send(client, method, path, thing, **given):
    names = {"user_id": thing.owner.id, "venue_id": thing.venue.id, "run_id": thing.run, "name": "sales"}
    body = {"json": {}} if method in {"post", "patch"} else {}
    return client.request(method, V1 + path.format(**names, format="html"), **body, **given).status_code


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nobody_comes_in_without_a_token(client, house, method, path):
    assert _send(client, method, path, house) == 401


@pytest.mark.parametrize(("method", "path"), [pair for pair, needed in NEEDED.items() if needed == "nobody"])
def test_what_is_open_asks_for_no_token(client, house, method, path):
    assert _send(client, method, path, house) in {200, 422}


@pytest.mark.parametrize(("role", "limited"), WHO)
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_role_may_do_what_the_table_says(ask, house, method, path, role, limited):
    needed = NEEDED[method, path]
    allowed = needed == "anybody" or may(role, needed, (house.venue.id,) if limited else None)
    status = ask(method, path, role, limited, _spare(house) if method == "delete" else house)
    if not allowed:
        assert status == 403
    elif method == "get" and "{format}" not in path:
        assert status == 200
    else:
        assert status not in {401, 403} or _about_an_owner(role, path), status
        assert status < 500


def _about_an_owner(role, path):
    """An admin may change everybody but owners."""
    return role == "admin" and "{user_id}" in path


def _spare(house):
    """Things that may be taken away."""
    number = next(_NUMBERS)
    venue = add_venue(house.organization, f"Spare {number}", timezone="Europe/Paris")
    person = add_user(house.organization.id, f"spare{number}@example.com", "Spare", "viewer")
    return SimpleNamespace(organization=house.organization, venue=venue, owner=person, run=house.run)


@pytest.mark.parametrize(("role", "limited"), WHO)
@pytest.mark.parametrize(("method", "path"), ABOUT_ONE)
def test_what_is_anothers_does_not_exist(ask, house, neighbour, method, path, role, limited):
    allowed = may(role, NEEDED[method, path], (house.venue.id,) if limited else None)
    assert ask(method, path, role, limited, neighbour) == (404 if allowed else 403)


def test_nothing_of_the_neighbours_was_touched(neighbour):
    """Runs last in this file."""
    assert [venue.closed_on for venue in venues_of(neighbour.organization)] == [None]
    with transaction(neighbour.organization.id) as connection:
        assert connection.execute(text("SELECT active, credential_version FROM users")).all() == [(True, 1)]
        assert connection.execute(text("SELECT count(*) FROM sync_runs")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM audit_log")).scalar() == 0
