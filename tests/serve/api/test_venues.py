"""Venues over HTTP: seen by who may, changed by heads, and never with their tills' credentials."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from mozg.access.venues import venue_of_id, venues_of

from .conftest import V1

VENUES = f"{V1}/venues"
CONFIG = {"base_url": "https://till.example", "login": "api", "password": "s3cret «ключ»", "department_id": "1"}


@pytest.fixture
def nord(organization, team):
    return venues_of(organization)[0]


@pytest.mark.parametrize(
    ("role", "names"),
    [("owner", ["Nord", "Sud"]), ("analyst", ["Nord", "Sud"]), ("manager", ["Nord"]), ("viewer", ["Nord"])],
)
def test_everybody_sees_their_venues(team, role, names):
    assert [venue["name"] for venue in team[role].client.get(VENUES).json()["items"]] == names


def test_a_venue_that_one_may_not_see_is_not_there(team, strangers, organization):
    nord, sud = venues_of(organization)
    assert team["manager"].client.get(f"{VENUES}/{nord.id}").json()["name"] == "Nord"
    hidden = team["manager"].client.get(f"{VENUES}/{sud.id}")
    nothing = team["manager"].client.get(f"{VENUES}/{2**52}")
    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert hidden.json()["detail"].replace(str(sud.id), "") == nothing.json()["detail"].replace(str(2**52), "")
    for path, method in ((f"{VENUES}/{sud.id}/sync/status", "GET"), (f"{VENUES}/{sud.id}/sync", "POST")):
        assert team["manager"].client.request(method, path).status_code == 404
    for path, method in (("", "GET"), ("", "PATCH"), ("", "DELETE"), ("/sync", "POST"), ("/sync/status", "GET")):
        body = {"json": {"name": "Mine"}} if method == "PATCH" else {}
        assert strangers["owner"].client.request(method, f"{VENUES}/{nord.id}{path}", **body).status_code == 404


def test_a_venue_is_added_and_its_credentials_are_never_told(api, team, organization):
    asked = {"name": "Est", "timezone": "Europe/Paris", "pos": "iiko_server", "pos_config": CONFIG, "country": "FR"}
    added = team["admin"].client.post(VENUES, json=asked)
    assert added.status_code == 201
    assert added.json()["has_credentials"] is True
    told = team["admin"].client.get(added.headers["location"])
    assert told.json() == added.json()
    assert venue_of_id(organization, told.json()["id"]).pos_config == CONFIG
    listed = team["admin"].client.get(VENUES)
    for text in (added.text, told.text, listed.text, api.log.read_text()):
        assert "s3cret" not in text
        assert "till.example" not in text
    again = team["admin"].client.post(VENUES, json=asked)
    assert (again.status_code, "'Est' already" in again.json()["detail"], "s3cret" in again.text) == (409, True, False)


@pytest.mark.parametrize("role", ["manager", "analyst", "viewer"])
def test_only_heads_add_change_and_close(team, role, nord):
    client = team[role].client
    assert client.post(VENUES, json={"name": "X", "timezone": "UTC"}).status_code == 403
    assert client.patch(f"{VENUES}/{nord.id}", json={"name": "X"}).status_code == 403
    assert client.delete(f"{VENUES}/{nord.id}").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Base"}, {"timezone": "Europe"}, {"pos": "abacus"}, {"day_start_hour": 24}, {"id": 5},
        {"opened_on": "yesterday"}, {"opened_on": 0}, {"opened_on": "2026-01-31T00:00:00"}, {"day_start_hour": "6"},
        {"country": "France"}, {"name": "\n"}, {"pos_config": {"a": {"b": 1}}},
        {"pos_config": "s3cret"}, {"organization_id": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_venue_is_refused(team, wrong, nord):
    client = team["owner"].client
    added = client.post(VENUES, json={"name": "Est", "timezone": "UTC"} | wrong)
    changed = client.patch(f"{VENUES}/{nord.id}", json=wrong)
    assert (added.status_code, changed.status_code) == (422, 422)
    assert "s3cret" not in added.text + changed.text
    assert len(client.get(VENUES).json()["items"]) == 2


def test_a_change_is_of_what_was_sent(team, organization, nord):
    path, client = f"{VENUES}/{nord.id}", team["owner"].client
    tag = client.get(path).headers["etag"]
    first = client.patch(
        path, json={"day_start_hour": 6, "pos_config": CONFIG, "pos": "iiko_server"}, headers={"If-Match": tag}
    )
    assert first.json() == client.get(path).json()
    assert (first.json()["day_start_hour"], first.json()["name"], first.json()["has_credentials"]) == (6, "Nord", True)
    assert client.patch(path, json={"name": "x"}, headers={"If-Match": tag}).status_code == 412
    assert client.patch(path, json={"name": "Sud"}).status_code == 409
    assert client.patch(path, json={"name": "Norden"}).json()["has_credentials"] is True
    assert venue_of_id(organization, nord.id).pos_config == CONFIG
    assert client.patch(path, json={"pos_config": None, "pos": "files"}).json()["has_credentials"] is False
    assert venue_of_id(organization, nord.id).pos_config == {}


def test_a_closed_venue_stays_and_can_be_opened_again(team, nord):
    path, client = f"{VENUES}/{nord.id}", team["owner"].client
    for _ in range(2):
        assert client.delete(path).status_code == 204
    assert client.get(path).json()["closed_on"] == str(datetime.now(ZoneInfo("Europe/Paris")).date())
    assert client.patch(path, json={"closed_on": None}).json()["closed_on"] is None
