"""The people of an organisation: who may invite, change and remove whom."""

import pytest
from sqlalchemy import text

from mozg.store.database import transaction

from .conftest import V1

USERS = f"{V1}/organizations/users"


@pytest.mark.parametrize("role", ["manager", "analyst", "viewer"])
def test_only_heads_see_and_change_people(team, role):
    asking, other = team[role].client, team["viewer"].user.id
    for method, path in (
        ("GET", USERS), ("POST", USERS), ("GET", f"{USERS}/{other}"), ("PATCH", f"{USERS}/{other}"),
        ("DELETE", f"{USERS}/{other}"), ("POST", f"{USERS}/{other}/invitation"),
    ):  # fmt: skip
        body = {"email": "a@b.example", "name": "A", "role": "viewer"} if (method, path) == ("POST", USERS) else {}
        refused = asking.request(method, path, json=None if method in ("GET", "DELETE") else body)
        assert refused.status_code == 403, (method, path)
        assert f"({role}" in refused.json()["detail"]


def test_people_come_by_the_page(team):
    path, seen = f"{USERS}?limit=2", []
    while path:
        page = team["owner"].client.get(path)
        assert (page.headers.get("link") is None) == (page.json()["next"] is None)
        seen += [person["email"] for person in page.json()["items"]]
        path = page.json()["next"]
        assert path is None or f"<{path}>" in page.headers["link"]
    assert seen == sorted(person.user.email for person in team.values())
    assert team["owner"].client.get(f"{USERS}?after=zzz").json() == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=%00"])
def test_a_page_that_cannot_be_is_refused(team, query):
    assert team["owner"].client.get(f"{USERS}?{query}").status_code == 422


def test_nobody_of_another_organisation_is_there(team, strangers):
    theirs = f"{USERS}/{strangers['viewer'].user.id}"
    for method, more in (("GET", {}), ("PATCH", {"json": {"name": "x"}}), ("DELETE", {})):
        assert team["owner"].client.request(method, theirs, **more).status_code == 404
    assert team["owner"].client.post(f"{theirs}/invitation").status_code == 404
    assert strangers["viewer"].client.get(f"{V1}/auth/me").json()["person"]["name"] == "Viewer"


@pytest.mark.parametrize(
    ("key", "status"), [("0", 422), ("-1", 422), (str(2**53), 422), (str(2**53 - 1), 404), ("x", 422)]
)
def test_what_is_no_number_of_a_person_is_told(team, key, status):
    assert team["owner"].client.get(f"{USERS}/{key}").status_code == status


def test_a_change_ends_what_was_issued_before(team):
    changed = team["admin"].client.patch(f"{USERS}/{team['analyst'].user.id}", json={"role": "viewer"})
    assert (changed.status_code, changed.json()["role"]) == (200, "viewer")
    assert team["analyst"].client.get(f"{V1}/auth/me").status_code == 401


def test_a_change_of_what_somebody_else_changed_is_refused(team):
    path = f"{USERS}/{team['viewer'].user.id}"
    read = team["owner"].client.get(path).headers["etag"]
    first = team["owner"].client.patch(path, json={"name": "Vera"}, headers={"If-Match": read})
    assert (first.status_code, first.json()["name"]) == (200, "Vera")
    second = team["admin"].client.patch(path, json={"name": "Viktor"}, headers={"If-Match": read})
    assert second.status_code == 412
    again = team["admin"].client.patch(path, json={"name": "Viktor"}, headers={"If-Match": first.headers["etag"]})
    assert again.status_code == 200


def test_an_admin_makes_changes_and_removes_no_owner(team):
    admin, owner = team["admin"].client, team["owner"].user.id
    email = f"o2@{team['owner'].user.email.partition('@')[2]}"
    for refused in (
        admin.post(USERS, json={"email": email, "name": "O", "role": "owner"}),
        admin.patch(f"{USERS}/{owner}", json={"name": "x"}),
        admin.patch(f"{USERS}/{team['viewer'].user.id}", json={"role": "owner"}),
        admin.delete(f"{USERS}/{owner}"),
        admin.post(f"{USERS}/{owner}/invitation"),
    ):
        assert (refused.status_code, "Only an owner" in refused.json()["detail"]) == (403, True)


@pytest.mark.parametrize("change", [{"role": "owner"}, {"role": "viewer"}, {"active": False}, {"venues": []}])
@pytest.mark.parametrize("role", ["owner", "admin"])
def test_nobody_changes_what_they_may_do(team, role, change):
    person = team[role]
    assert person.client.patch(f"{USERS}/{person.user.id}", json=change).status_code == 403
    assert person.client.delete(f"{USERS}/{person.user.id}").status_code == 403
    assert person.client.patch(f"{USERS}/{person.user.id}", json={"name": "New Name"}).status_code == (200)


def test_who_is_removed_is_out_and_can_come_back(team):
    path = f"{USERS}/{team['viewer'].user.id}"
    assert team["owner"].client.delete(path).status_code == 204
    assert team["viewer"].client.get(f"{V1}/auth/me").status_code == 401
    assert team["owner"].client.get(path).json()["active"] is False
    assert team["owner"].client.patch(path, json={"active": True}).json()["active"] is True


def test_who_has_a_password_is_not_invited_again(team):
    assert team["owner"].client.post(f"{USERS}/{team['viewer'].user.id}/invitation").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "chef"}, {"venues": [2**62]}, {"venues": [0]}, {"venues": ["1"]}, {"venues": [True]},
        {"venues": list(range(1, 1002))}, {"email": "no address"}, {"name": ""}, {"password": "x" * 12},
    ],
    ids=lambda wrong: str(wrong)[:40],
)  # fmt: skip
def test_a_wrong_invitation_adds_nobody(team, wrong):
    before = team["owner"].client.get(USERS).json()
    asked = {"email": "w@w.example", "name": "W", "role": "viewer"} | wrong
    assert team["owner"].client.post(USERS, json=asked).status_code == 422
    assert team["owner"].client.get(USERS).json() == before


def test_an_address_is_invited_once(team):
    asked = {"email": team["viewer"].user.email.upper(), "name": "W", "role": "viewer"}
    assert team["owner"].client.post(USERS, json=asked).status_code == 409


def test_venues_of_others_cannot_be_given(team, strangers):
    theirs = strangers["manager"].user.venues[0]
    refused = team["owner"].client.patch(f"{USERS}/{team['viewer'].user.id}", json={"venues": [theirs]})
    assert refused.status_code == 409


def test_what_was_done_is_noted_without_secrets(team, organization):
    team["owner"].client.patch(f"{USERS}/{team['viewer'].user.id}", json={"name": "Vera", "venues": None})
    team["owner"].client.patch(
        f"{V1}/organizations/current", json={"telegram_bot_token": "12345:" + "s3cret" * 6, "name": "Nuovo"}
    )
    with transaction(organization.id) as connection:
        noted = connection.execute(text("SELECT actor, action, subject, details FROM audit_log ORDER BY id")).all()
    actor = team["owner"].user.email
    assert (actor, "user.changed", team["viewer"].user.email, {"fields": ["name", "venues"]}) in [
        tuple(row) for row in noted
    ]
    assert (actor, "organization.changed", None, {"fields": ["name", "telegram_bot_token"]}) in [
        tuple(row) for row in noted
    ]
    assert "s3cret" not in str(noted)
