"""The record of runs: what each person may see of it, and what becomes of runs whose process is gone."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from nbformat.reader import NotJSONError
from sqlalchemy import insert, select

from mozg.access.organizations import create_organization
from mozg.access.scope import Scope
from mozg.access.users import add_user
from mozg.access.venues import add_venue, venues_of
from mozg.errors import AccessError, ParameterError, RunFailed
from mozg.lake.refresh import refresh
from mozg.reports.records import ABANDONED, at_work, fail_abandoned, file_of, run_of, runs
from mozg.reports.service import BROKEN, finish_run, run_report, start_run
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun

WORKER = """
import time
from mozg.reports.records import at_work

with at_work("killed-records"):
    print("at work", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def house(database):
    """An organisation of three venues whose lake is empty."""
    owner = create_organization("records", "Архив", currency="RUB", locale="ru")
    for name in "АБВ":
        add_venue(owner, name, timezone="UTC")
    refresh(owner)
    return owner


@pytest.fixture(scope="module")
def note(house):
    """Write a run into the record as a service would have."""

    def write(run_id, report="sales", outcome="ok", files=(), hours_ago=1, venue_ids=None):
        row = {
            "organization_id": house.id, "run_id": run_id, "report": report, "parameters": {}, "asked_by": "service",
            "outcome": outcome, "files": {kind: f"{run_id}.{kind}" for kind in files},
            "started_at": datetime.now(UTC) - timedelta(hours=hours_ago), "venue_ids": venue_ids,
        }  # fmt: skip
        with transaction(house.id) as connection:
            connection.execute(insert(ReportRun), row)

    return write


@pytest.fixture(scope="module")
def venues(house):
    return [venue.id for venue in venues_of(house)]


@pytest.fixture(scope="module")
def people(house, venues):
    """One person per role who sees every venue, and ``limited``, a manager of the first two."""
    every = {
        role: add_user(house.id, f"{role}@example.com", role, role)
        for role in ("owner", "admin", "manager", "analyst", "viewer")
    }
    return every | {"limited": add_user(house.id, "l@example.com", "L", "manager", venues=venues[:2])}


@pytest.fixture(scope="module")
def noted(note, venues):
    note("sales-records-1")
    note("usage-records-2", report="usage")
    note("sales-records-3", venue_ids=venues[:1])
    note("sales-records-4", venue_ids=venues[1:])
    note("forecast-records-5", report="forecast_revenue", venue_ids=venues[:2])
    note("gone-records-6", report="a_report_that_was_removed")


def ids(found):
    return [run.run_id for run in found if "records-" in run.run_id]


def test_a_role_sees_runs_of_the_reports_that_name_it(people, noted):
    assert ids(runs(people["owner"])) == [
        "forecast-records-5", "sales-records-4", "sales-records-3", "usage-records-2", "sales-records-1"
    ]  # fmt: skip
    assert "usage-records-2" not in ids(runs(people["manager"]))
    assert ids(runs(people["viewer"])) == ["sales-records-4", "sales-records-3", "sales-records-1"]


def test_who_is_limited_sees_only_runs_that_were_limited_as_much(people, noted):
    assert ids(runs(people["limited"])) == ["forecast-records-5", "sales-records-3"]
    assert run_of(people["limited"], "sales-records-3") is not None
    assert run_of(people["limited"], "sales-records-4") is None
    assert run_of(people["limited"], "sales-records-1") is None


def test_runs_are_listed_in_pages_and_by_report(people, noted):
    first = runs(people["owner"], report="sales", limit=2)
    rest = runs(people["owner"], report="sales", before=first[-1].number)
    assert ids(first) + ids(rest) == ["sales-records-4", "sales-records-3", "sales-records-1"]


def test_nobody_sees_runs_of_another_organisation(noted, database):
    other = create_organization("records-other", "x", currency="RUB")
    stranger = add_user(other.id, "owner@example.com", "x", "owner")
    assert runs(stranger) == []
    assert run_of(stranger, "sales-records-1") is None


def test_a_file_lies_in_the_organisations_folder_and_nowhere_else(house, people, note):
    folder = settings().archive / house.slug
    folder.mkdir(parents=True, exist_ok=True)
    note("sales-records-files", files=("html", "pdf"))
    (folder / "sales-records-files.html").write_text("kept")
    run = run_of(people["owner"], "sales-records-files")
    assert file_of(house, run, "html").read_text() == "kept"
    assert file_of(house, run, "pdf") is None  # noted, but gone
    assert file_of(house, run, "xlsx") is None  # never made
    (settings().archive / "outside.html").write_text("another's")
    assert file_of(house, replace(run, run_id="../outside"), "html") is None
    (folder / "linked.html").unlink(missing_ok=True)
    (folder / "linked.html").symlink_to(settings().archive / "outside.html")
    assert file_of(house, replace(run, run_id="linked"), "html") is None
    for path in (settings().archive / "outside.html", folder / "linked.html", folder / "sales-records-files.html"):
        path.unlink()


def outcome_of(house, run_id):
    with transaction(house.id) as connection:
        return connection.execute(
            select(ReportRun.outcome, ReportRun.error, ReportRun.venue_ids).where(ReportRun.run_id == run_id)
        ).one()


def test_runs_of_a_process_that_was_killed_become_failed(house, note):
    note("killed-records", outcome="running")
    note("alive-records", outcome="running")
    note("fresh-records", outcome="running", hours_ago=-1)  # fresh still, however slow the machine is
    note("done-records", outcome="ok")
    process = subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE)
    process.stdout.readline()
    with at_work("alive-records"):
        assert fail_abandoned() == []
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert abandoned_soon() == ["killed-records"]
    assert outcome_of(house, "killed-records")[:2] == ("failed", ABANDONED)
    assert outcome_of(house, "alive-records").outcome == "running"
    assert outcome_of(house, "fresh-records").outcome == "running"
    assert outcome_of(house, "done-records").outcome == "ok"
    assert fail_abandoned() == ["alive-records"]


def abandoned_soon():
    """Postgres notices a moment later that a client is gone."""
    for _ in range(100):
        if found := fail_abandoned():
            return found
        time.sleep(0.1)
    return []


def test_a_run_is_noted_before_it_begins_with_the_venues_of_who_asked(house, venues):
    scope = Scope(house.slug, "l@example.com", "owner", tuple(venues[:2]))
    started = start_run(house, "sales", {"date_from": "2026-10-01"}, scope=scope)
    assert outcome_of(house, started.run_id) == ("running", None, venues[:2])
    with pytest.raises(RunFailed):
        finish_run(replace(started, report=replace(started.report, notebook=settings().var / "no.ipynb")))
    assert outcome_of(house, started.run_id).outcome == "failed"


def test_nothing_is_noted_of_a_call_that_is_refused(house, people):
    before = len(runs(people["owner"]))
    with pytest.raises(ParameterError):
        start_run(house, "sales", {"colour": "red"})
    with pytest.raises(AccessError):
        start_run(house, "usage", scope=Scope(house.slug, "x", "manager"))
    assert len(runs(people["owner"])) == before


def test_an_error_of_any_kind_ends_the_run_in_the_record(house, tmp_path):
    (tmp_path / "damaged.ipynb").write_text("no notebook")
    started = start_run(house, "sales")
    with pytest.raises(NotJSONError):
        finish_run(replace(started, report=replace(started.report, notebook=tmp_path / "damaged.ipynb")))
    assert outcome_of(house, started.run_id)[:2] == ("failed", BROKEN)


@pytest.mark.slow
def test_the_report_on_use_runs_for_an_owner_and_fails_for_who_is_limited(house, people, venues):
    done = run_report(house, "usage", formats=["html"], scope=Scope(house.slug, "o", "owner"))
    assert run_of(people["admin"], done.run_id).formats == ("html",)
    assert file_of(house, run_of(people["owner"], done.run_id), "html") == done.files["html"].resolve()
    with pytest.raises(RunFailed, match="does not allow you to see who opened"):
        run_report(house, "usage", scope=Scope(house.slug, "o", "owner", tuple(venues)))
    (failed, *_) = runs(people["owner"], report="usage")
    assert failed.reason.startswith("Отчёт usage прервался в ячейке"), "the record speaks the organisation's language"
    assert str(settings().archive) not in failed.reason
