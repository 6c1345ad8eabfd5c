"""Reading a till over HTTP, from a simulated one that really answers."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from mozg.access.venues import add_venue
from mozg.simulate import Chain, serve
from mozg.sync.journal import reading
from tests.wrong_tills import wrong_tills

from .conftest import V1


@pytest.fixture(scope="module")
def tills():
    last = datetime.now(UTC).date()
    with serve(Chain.generate(seed=5, first=last - timedelta(days=40), last=last, venues=2)) as served:
        yield served


@pytest.fixture
def venue(organization, team, tills):
    """A venue behind iikoServer that was never read."""
    return add_venue(organization, **(tills.venues()[0] | {"opened_on": tills.chain.first}))


@pytest.fixture
def path(venue):
    return f"{V1}/venues/{venue.id}/sync"


def settled(client, path):
    seen = []
    for _ in range(600):
        seen.append(client.get(f"{path}/status").json())
        if seen[-1]["state"] not in ("waiting", "running"):
            return seen
        time.sleep(0.05)
    raise AssertionError(seen[-1])


def test_a_till_is_read_and_its_progress_is_told_and_it_may_be_read_again(team, path, tills):
    client = team["owner"].client
    assert client.get(f"{path}/status").json()["state"] == "never"
    begun = client.post(path)
    assert (begun.status_code, begun.headers["location"]) == (202, f"{path}/status")
    assert begun.json()["state"] in ("waiting", "running")
    assert client.post(path).status_code == 409
    seen = settled(client, path)
    done = seen[-1]
    assert (done["state"], done["error"], done["days"]) == ("ok", None, None)
    assert done["read_until"] >= str(tills.chain.last)
    assert 0 < done["rows_changed"] <= done["rows_read"]
    assert done["started_at"] < done["ended_at"]
    halfway = [one for one in seen if one["state"] == "running" and one["days_done"]]
    assert halfway, "no progress was told while it ran"
    assert all(0 < one["days_done"] <= one["days"] for one in halfway)
    days = [one["days_done"] for one in halfway]
    assert days == sorted(days)
    assert client.post(path).status_code == 202
    assert settled(client, path)[-1]["state"] == "ok"


def test_a_till_that_refuses_is_told_in_its_words(team, organization, tills):
    given = tills.venues()[0]
    wrong = given | {"name": "Wrong", "pos_config": given["pos_config"] | {"password": "not the s3cret"}}
    path = f"{V1}/venues/{add_venue(organization, **wrong).id}/sync"
    assert team["owner"].client.post(path).status_code == 202
    failed = settled(team["owner"].client, path)[-1]
    assert failed["state"] == "failed"
    assert failed["error"].endswith((".", "?"))
    assert "s3cret" not in failed["error"]


def test_a_till_that_another_process_reads_is_left_alone(team, venue, path):
    with reading(venue, "test"):
        assert team["owner"].client.get(f"{path}/status").json()["state"] == "running"
        refused = team["owner"].client.post(path)
    assert (refused.status_code, "is being read" in refused.json()["detail"]) == (409, True)
    assert team["owner"].client.get(f"{path}/status").json()["state"] == "ok"


def test_a_venue_without_a_till_has_nothing_to_read(team, organization):
    venue = add_venue(organization, "On paper", timezone="Europe/Paris")
    refused = team["owner"].client.post(f"{V1}/venues/{venue.id}/sync")
    assert (refused.status_code, "come from files" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize(("role", "status"), [("analyst", 403), ("viewer", 403), ("manager", 404), ("admin", 202)])
def test_who_may_read_a_till(team, path, role, status):
    assert team[role].client.post(path).status_code == status
    if status == 202:
        settled(team[role].client, path)


def test_each_way_to_be_wrong_has_a_sentence(team):
    with wrong_tills() as wrongs:
        for wrong in wrongs:
            asked = {name: wrong.venue[name] for name in ("name", "timezone", "country", "pos", "pos_config")}
            refused = team["owner"].client.post(f"{V1}/venues", params={"check": "true"}, json=asked)
            assert refused.status_code == 409
            assert wrong.words in refused.json()["detail"]


def test_a_till_is_tried_before_it_is_read(team, tills, organization):
    client, given = team["owner"].client, tills.venues()[0]
    asked = {name: given[name] for name in ("name", "timezone", "country", "pos", "pos_config")}
    wrong = asked | {"name": "Wrong", "pos_config": given["pos_config"] | {"password": "not the s3cret"}}
    refused = client.post(f"{V1}/venues", params={"check": "true"}, json=wrong)
    assert refused.status_code == 409
    assert "did not accept the sign-in" in refused.json()["detail"]
    added = client.post(f"{V1}/venues", params={"check": "true"}, json=asked)
    assert added.status_code == 201
    told = client.post(f"{added.headers['location']}/check").json()
    assert (told["reached"], told["restaurant"]) == (True, given["name"])
    assert told["system"].startswith("iikoServer")
    client.patch(added.headers["location"], json={"pos_config": wrong["pos_config"]})
    told = client.post(f"{added.headers['location']}/check").json()
    assert (told["reached"], "did not accept the sign-in" in told["told"]) == (False, True)
    files = client.post(f"{V1}/venues", json={"name": "Files", "timezone": "UTC"})
    assert client.post(f"{files.headers['location']}/check").status_code == 409
