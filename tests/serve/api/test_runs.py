"""Runs over HTTP: from the call to the files, for those whose venues they show."""

import time

import openpyxl
import pytest
from sqlalchemy import insert, text

from mozg.access.venues import venues_of
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun

from .conftest import V1
from .crew import crew_of

pytestmark = pytest.mark.slow
CALL = {"parameters": {"date_from": "2026-10-19", "date_to": "2026-10-25"}, "formats": ["html", "xlsx"]}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture(scope="module")
def crew(api, chain_organization):
    return crew_of(api, chain_organization)


@pytest.fixture(scope="module")
def run(crew):
    """The sales report as who sees one venue ran it, ended."""
    started = crew["limited"].client.post(f"{V1}/reports/sales/runs", json=CALL, headers=KEY)
    assert started.status_code == 202, started.text
    assert started.headers["location"] == started.json()["url"]
    return ended(crew["limited"], started.headers["location"])


def ended(person, url):
    for _ in range(1200):
        told = person.client.get(url).json()
        if told["outcome"] != "running":
            return told
        time.sleep(0.1)
    raise AssertionError(f"{url} still runs.")


def test_a_run_ends_with_its_files(crew, run):
    assert (run["outcome"], run["error"], run["asked_by"]) == ("ok", None, crew["limited"].user.email)
    assert run["parameters"]["date_from"] == "2026-10-19"
    assert set(run["files"]) == {"html", "xlsx"}
    assert run["snapshot"] >= 1


def test_the_files_show_ones_own_venue_alone(crew, run, chain_organization, tmp_path):
    names = [venue.name for venue in venues_of(chain_organization)]
    page = crew["limited"].client.get(run["files"]["html"])
    assert [name for name in names if name in page.text] == names[:1]
    workbook = tmp_path / "sales.xlsx"
    workbook.write_bytes(crew["limited"].client.get(run["files"]["xlsx"]).content)
    assert "Заведения" in openpyxl.load_workbook(workbook).sheetnames


def test_a_page_cannot_script_on_our_origin(crew, run):
    page = crew["limited"].client.get(run["files"]["html"])
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none';")
    assert "allow-same-origin" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-disposition"] == f'attachment; filename="{run["id"]}.html"'
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    book = crew["limited"].client.get(run["files"]["xlsx"])
    assert book.headers["content-type"].endswith("spreadsheetml.sheet")


def test_a_file_need_not_be_sent_twice(crew, run):
    first = crew["limited"].client.get(run["files"]["html"])
    again = crew["limited"].client.get(run["files"]["html"], headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_sees_every_venue_sees_the_run_and_others_do_not(crew, run, strangers, client):
    assert crew["viewer"].client.get(run["url"]).json() == run
    assert crew["viewer"].client.get(run["files"]["html"]).status_code == 200
    for person in strangers.values():
        for url in (run["url"], *run["files"].values()):
            refused, unknown = person.client.get(url), person.client.get(url.replace(run["id"], "unknown"))
            assert (refused.status_code, unknown.status_code) == (404, 404)
            assert refused.json()["detail"].replace(run["id"], "unknown") == unknown.json()["detail"]
        assert person.client.get(f"{V1}/runs").json()["items"] == []
    assert client.get(run["url"]).status_code == 401


def test_a_run_of_every_venue_is_not_for_who_is_limited(crew, chain_organization):
    row = {"organization_id": chain_organization.id, "report": "sales", "parameters": {}, "asked_by": "service"}
    every = row | {"run_id": "sales-chain-every", "outcome": "failed", "error": f"See {settings().archive}/chain/x."}
    with transaction(chain_organization.id) as connection:
        connection.execute(insert(ReportRun), every)
    told = crew["owner"].client.get(f"{V1}/runs/sales-chain-every").json()
    assert told["error"] == "See chain/x."  # where that is on the machine is nobody's business
    assert crew["limited"].client.get(f"{V1}/runs/sales-chain-every").status_code == 404
    listed = crew["limited"].client.get(f"{V1}/runs").json()["items"]
    assert "sales-chain-every" not in [one["id"] for one in listed]


def test_the_same_call_again_is_the_same_run(crew, run):
    again = crew["limited"].client.post(f"{V1}/reports/sales/runs", json=CALL, headers=KEY)
    assert (again.status_code, again.json()["id"]) == (202, run["id"])
    other = crew["limited"].client.post(f"{V1}/reports/sales/runs", json=CALL | {"formats": []}, headers=KEY)
    assert other.status_code == 409


def test_runs_are_listed_newest_first_by_the_page_and_by_report(crew, run):
    listed = crew["owner"].client.get(f"{V1}/runs", params={"report": "sales", "limit": 1}).json()
    everything = crew["owner"].client.get(f"{V1}/runs", params={"report": "sales"}).json()["items"]
    moments = [one["started_at"] for one in everything]
    assert moments == sorted(moments, reverse=True)
    assert listed["items"] == everything[:1]
    if len(everything) > 1:
        assert crew["owner"].client.get(listed["next"]).json()["items"] == everything[1:2]
    assert crew["owner"].client.get(f"{V1}/runs", params={"report": "usage"}).json()["items"] == []


@pytest.mark.parametrize("after", ["x", "-1", "٣", "9" * 30, "9223372036854775808"])
def test_what_is_no_place_in_the_list_has_nothing_after_it(crew, run, after):
    answer = crew["owner"].client.get(f"{V1}/runs", params={"after": after})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "..%2F..%2Fpyproject/files/html",
        "%2e%2e%2f%2e%2e%2fsettings/files/html",
        "x%00/files/html",
        "{id}/files/ipynb",
        "{id}/files/..%2f..%2fhtml",
        "{id}/files/pdf",
        "{id}.html/files/html",
    ],
)
def test_no_path_leads_elsewhere(crew, run, path):
    answer = crew["owner"].client.get(f"{V1}/runs/{path.format(id=run['id'])}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_ran_and_downloaded_is_noted(crew, run, chain_organization):
    before = noted(chain_organization, crew["limited"], run["id"])
    crew["limited"].client.get(run["files"]["xlsx"])
    after = noted(chain_organization, crew["limited"], run["id"])
    assert after.count("report.downloaded xlsx") == before.count("report.downloaded xlsx") + 1
    assert after.count("report.run") == 1
    views = text("SELECT channel FROM report_views WHERE user_id = :user")
    with transaction(chain_organization.id) as connection:
        channels = connection.scalars(views, {"user": crew["limited"].user.id}).all()
    assert channels.count("run") == 1
    assert channels.count("xlsx") == after.count("report.downloaded xlsx")


def noted(organization, person, run_id):
    query = text("SELECT action, details FROM audit_log WHERE actor = :actor AND details ->> 'run' = :run")
    with transaction(organization.id) as connection:
        rows = connection.execute(query, {"actor": person.user.email, "run": run_id}).all()
    return [" ".join(filter(None, [row.action, row.details.get("format")])) for row in rows]
