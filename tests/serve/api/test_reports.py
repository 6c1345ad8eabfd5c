"""Reports over HTTP: who may read which, and how a run is started."""

import os
import signal
import time
from itertools import count

import pytest
from fastapi import HTTPException

from mozg.access.organizations import create_organization
from mozg.access.users import add_user
from mozg.access.venues import add_venue, venues_of
from mozg.lake.refresh import refresh
from mozg.reports.catalogue import all_reports
from mozg.reports.records import ABANDONED, run_of
from mozg.reports.service import start_run
from mozg.serve.api.runs_background import MOST_OF_ONE, Queue

from .conftest import V1
from .crew import crew_of

NUMBERS = count()


@pytest.fixture(scope="module")
def crew(api, chain_organization):
    return crew_of(api, chain_organization)


def start(person, name="sales", headers=None, **body):
    return person.client.post(f"{V1}/reports/{name}/runs", json=body, headers=headers)


def test_each_role_is_told_of_the_reports_that_name_it(crew):
    for role, person in crew.items():
        if role == "limited":
            continue
        told = person.client.get(f"{V1}/reports").json()["items"]
        assert [one["name"] for one in told] == [one.name for one in all_reports() if role in one.roles]


def test_a_report_tells_its_parameters(crew):
    told = {one["name"]: one for one in crew["owner"].client.get(f"{V1}/reports").json()["items"]}
    parameters = {one["name"]: one for one in told["forecast_revenue"]["parameters"]}
    assert "organization" not in parameters
    assert (parameters["horizon_days"]["type"], parameters["horizon_days"]["maximum"]) == ("int", 365)
    assert "last_week" in parameters["date_to"]["choices"]


def test_the_list_comes_by_the_page_and_is_kept(crew):
    first = crew["owner"].client.get(f"{V1}/reports", params={"limit": 1})
    second = crew["owner"].client.get(first.json()["next"])
    assert first.json()["items"][0]["name"] < second.json()["items"][0]["name"]
    kept = crew["owner"].client.get(f"{V1}/reports", headers={"If-None-Match": '"x"'})
    again = crew["owner"].client.get(f"{V1}/reports", headers={"If-None-Match": kept.headers["etag"]})
    assert (kept.status_code, again.status_code) == (200, 304)


def test_a_report_that_does_not_name_the_role_is_not_there(crew):
    refused, unknown = start(crew["manager"], "usage"), start(crew["manager"], "nothing")
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.json()["detail"].replace("usage", "nothing") == unknown.json()["detail"]
    assert start(crew["viewer"], "sales").status_code == 403


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"parameters": {"colour": "red"}}, "has no parameter colour"),
        ({"parameters": {"organization": "other"}}, "is not for you to give"),
        ({"parameters": {"date_from": "2026-02-30"}}, "takes a date"),
        ({"parameters": {"date_from": "0001-01-01"}}, "no till is that old"),
        ({"parameters": {"date_to": "9999-12-31"}}, "no till is that old"),
        ({"parameters": {"date_from": "2026-02-01", "date_to": "2026-01-01"}}, "upside down"),
        ({"parameters": {"compare": "plan"}}, "takes one of"),
        ({"parameters": {"venues": ["Nowhere"]}}, "no venue 'Nowhere' that you may see"),
        ({"parameters": {"venues": ["a\0"]}}, "body.parameters.venues"),
        ({"parameters": {"date_from": 10**40}}, "less than or equal"),
        ({"parameters": []}, "valid dictionary"),
        ({"formats": ["docx"]}, "'html', 'pdf' or 'xlsx'"),
        ({"formats": ["html"] * 4}, "at most 3"),
        ({"format": ["html"]}, "Extra inputs"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_begins(crew, body, said):
    before = crew["owner"].client.get(f"{V1}/runs").json()
    refused = start(crew["owner"], **body)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
    assert crew["owner"].client.get(f"{V1}/runs").json() == before


def test_a_venue_of_others_is_refused_in_the_words_of_an_unknown_one(crew, chain_organization):
    other = venues_of(chain_organization)[1].name
    forbidden = start(crew["limited"], parameters={"venues": [other]})
    unknown = start(crew["limited"], parameters={"venues": ["Nowhere"]})
    assert forbidden.status_code == unknown.status_code == 422
    assert forbidden.json()["detail"].replace(other, "Nowhere") == unknown.json()["detail"]


@pytest.mark.parametrize("name", ["..%2Fsales", "sales%00", "SALES", "s" * 100, "a%0Ab"])
def test_a_name_is_plain(crew, name):
    assert start(crew["owner"], name).status_code in (404, 422)


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "é"])
def test_an_idempotency_key_is_plain(crew, key):
    assert start(crew["owner"], headers={"Idempotency-Key": key.encode("latin-1")}).status_code == 422


def test_before_anything_was_read_no_report_runs(team):
    assert start(team["owner"]).status_code == 409


@pytest.fixture
def house(database):
    """An organisation with an empty lake, and its owner."""
    organization = create_organization(f"queue{next(NUMBERS)}", "Очередь", currency="RUB")
    add_venue(organization, "Зал", timezone="UTC")
    refresh(organization)
    return organization, add_user(organization.id, "owner@example.com", "Owner", "owner")


def test_one_organisation_cannot_keep_the_others_waiting():
    queue, held = Queue(), []
    for _ in range(MOST_OF_ONE):
        held.append(queue.place(1))
        held[-1].__enter__()
    with pytest.raises(HTTPException) as refused, queue.place(1):
        pass
    assert (refused.value.status_code, refused.value.headers) == (429, {"Retry-After": "30"})
    with queue.place(2):
        pass
    held.pop().__exit__(None, None, None)
    with queue.place(1):
        pass


@pytest.mark.slow
def test_a_run_whose_process_is_killed_becomes_failed_and_the_next_goes_on(house):
    organization, owner = house
    queue, runs = Queue(), []
    for _ in range(2):
        with queue.place(organization.id) as place:
            runs.append(start_run(organization, "usage"))
            place.take(runs[-1])
    os.kill(until(lambda: queue._going.get(runs[0].run_id)).process.pid, signal.SIGKILL)
    assert until(lambda: run_of(owner, runs[0].run_id).error) == ABANDONED
    assert until(lambda: run_of(owner, runs[1].run_id).ended_at)
    assert run_of(owner, runs[1].run_id).outcome in ("ok", "ok-empty")
    worker = until(lambda: next(iter(queue._idle._waiting), None))
    assert queue._idle.take() is worker, "the next run begins where everything is imported already"
    worker.end()
    assert not worker.can_go_on


def until(look, seconds=90):
    """Look until there is something to see, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("Nothing was seen.")
