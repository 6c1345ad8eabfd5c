"""The report on use: what people did is told to those who may know it, and to nobody else."""

import json
from datetime import UTC, date, datetime

import nbformat
import pytest
from sqlalchemy import insert, text

from mozg.access import audit
from mozg.access.organizations import create_organization
from mozg.access.scope import Scope
from mozg.access.users import add_user, change_user
from mozg.access.venues import add_venue
from mozg.errors import ForbiddenError
from mozg.lake.reader import kernel_environment, open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import usage as journal
from mozg.metrics.periods import Period
from mozg.pages import usage
from mozg.pages.blocks import HEADER_MIME, TABLE_MIME
from mozg.pages.header import header
from mozg.pages.outcome import outcome, sections
from mozg.reports.catalogue import load
from mozg.reports.export import export
from mozg.reports.run import execute
from mozg.reports.tables import tables
from mozg.settings import settings
from mozg.store.database import admin_engine, transaction
from mozg.store.tables import AuditLog, ReportView

SECTIONS = (
    *(usage.in_short, usage.by_week, usage.by_report, usage.by_person),
    *(usage.unused, usage.never_signed_in, usage.done),
)
OCTOBER = {"date_from": "2026-10-05", "date_to": "2026-10-25"}
#: When, who, what and how; the moment is UTC and the organisation is three hours ahead.
VIEWS = [
    (datetime(2026, 10, 5, 9, tzinfo=UTC), "anna", "sales", "dashboard"),
    (datetime(2026, 10, 5, 10, tzinfo=UTC), "anna", "sales", "run"),
    (datetime(2026, 10, 18, 22, tzinfo=UTC), "anna", "sales", "pdf"),  # Monday 19 October there
    (datetime(2026, 10, 20, 9, tzinfo=UTC), "boris", "forecast_revenue", "xlsx"),
    (datetime(2026, 10, 25, 21, 30, tzinfo=UTC), "boris", "sales", "dashboard"),  # the 26th there: outside
    (datetime(2026, 10, 21, 9, tzinfo=UTC), None, "sales", "dashboard"),
]


@pytest.fixture(scope="module")
def house(database):
    """An organisation of four people, two of whom read reports and one of whom left; its lake is empty."""
    owner = create_organization("usage", "Читатели", currency="RUB", locale="en", timezone="Europe/Moscow")
    other = create_organization("usage-other", "Чужие", currency="RUB", timezone="Europe/Moscow")
    stranger = add_user(other.id, "stranger@example.com", "Stranger", "owner")
    audit.viewed(stranger, "sales", "dashboard")
    people = {name: add_user(owner.id, f"{name}@example.com", name.title(), "manager") for name in ("anna", "boris")}
    add_user(owner.id, "clara@example.com", "<b>Clara", "viewer")
    change_user(add_user(owner.id, "former@example.com", "Former", "viewer"), active=False)
    common = {"organization_id": owner.id}
    with transaction(owner.id) as connection:
        for moment, name, report, channel in VIEWS:
            row = {"opened_at": moment, "user_id": name and people[name].id, "report": report, "channel": channel}
            connection.execute(insert(ReportView), common | row)
        for name in people:
            row = {"actor": f"{name}@example.com", "action": journal.SIGNED_IN, "happened_at": VIEWS[0][0]}
            connection.execute(insert(AuditLog), common | row)
    add_venue(owner, "Зал", timezone="Europe/Moscow")
    refresh(owner)
    with admin_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))  # from then on DuckDB knows how large each table is
    return owner


@pytest.fixture
def open_usage(house, monkeypatch):
    """Open the page as a role would, in the place of a kernel."""

    def open_(role="owner", venues=None, live=False, **given):
        scope = Scope("usage", "x@example.com", role, venues)
        for name, value in kernel_environment(house, scope, None, 5).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13" if live else "")
        settings.cache_clear()
        return usage.UsagePage("usage", "usage", today=date(2026, 11, 1), **(OCTOBER | given))

    yield open_
    monkeypatch.undo()
    settings.cache_clear()


def machine_table(page, section, name):
    """The rows of a table as dictionaries, by its first column."""
    found = [block.bundle.get(TABLE_MIME) for block in page.run(section).blocks]
    table = next(table for table in found if table and table["name"] == name)
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


def html(shown):
    return "".join(block.bundle.get("text/html", "") for block in shown.blocks)


def test_use_is_counted_by_kind(open_usage):
    rows = machine_table(open_usage(), usage.by_report, "use_by_report")
    sales = next(row for row in rows if row["title"] == "Sales")
    assert {name: sales[name] for name in ("opened", "ran", "downloaded", "times", "people")} == {
        "opened": 2, "ran": 1, "downloaded": 1, "times": 4, "people": 1,
    }  # fmt: skip
    assert sales["share"] == pytest.approx(4 / 5)
    assert sales["last"] == "2026-10-21T12:00:00+03:00"


def test_weeks_begin_on_monday_where_the_organisation_is(open_usage):
    rows = machine_table(open_usage(), usage.by_week, "use_by_week")
    assert [(row["week"], row["times"]) for row in rows] == [
        ("2026-10-05", 2),
        ("2026-10-12", 0),
        ("2026-10-19", 3),
    ]


def test_each_person_is_told_with_what_they_use(open_usage):
    rows = machine_table(open_usage(), usage.by_person, "use_by_person_and_report")
    assert {(row["person"], row["title"], row["times"]) for row in rows} == {
        ("Anna", "Sales", 3),
        ("Boris", "Revenue forecast", 1),
        (usage.NOBODY, "Sales", 1),
    }


def test_reports_without_use_are_named_with_when_they_last_had_some(open_usage):
    rows = machine_table(open_usage(date_from="2026-10-19"), usage.unused, "unused")
    assert {row["title"]: row["last"] for row in rows}["Report usage"] is None
    assert "Sales" not in {row["title"] for row in rows}
    earlier = machine_table(open_usage(date_from="2026-10-12", date_to="2026-10-18"), usage.unused, "unused")
    assert {row["title"]: row["last"] for row in earlier}["Sales"] == "2026-10-26T00:30:00+03:00"


def test_who_never_signed_in_is_named_and_who_left_is_not(open_usage):
    page = open_usage()
    assert [row["email"] for row in machine_table(page, usage.never_signed_in, "never_signed_in")] == [
        "clara@example.com"
    ]
    assert "&lt;b&gt;Clara" in html(page.run(usage.never_signed_in))


def test_the_workbook_has_each_note(open_usage):
    rows = machine_table(open_usage(), usage.done, "audit_log")
    assert {row["actor"] for row in rows} == {"anna@example.com", "boris@example.com"}


def test_the_short_form_is_a_sentence(open_usage):
    assert "2 people of 3 used 2 reports: opened 2 times, run 1 time, downloaded 2 times." in html(
        open_usage().run(usage.in_short)
    )


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_holds_in_a_period_without_use(open_usage, section):
    assert open_usage(date_from="2020-01-01", date_to="2020-01-31").run(section).outcome != "failed"


def test_nothing_of_another_organisation_is_there(open_usage):
    page = open_usage(date_from="2026-01-01", date_to="2027-12-31")
    assert "stranger" not in json.dumps([block.bundle for s in SECTIONS for block in page.run(s).blocks]).lower()


def test_the_header_tells_of_the_journal_and_of_no_till(open_usage):
    page = open_usage(date_from="2026-10-01")
    told = dict(header(page.title, page.context).bundle[HEADER_MIME]["lines"])
    assert set(told) == {"Organisation", "Period", "Careful", "Snapshot"}
    assert told["Careful"] == "the data begin on Oct 5, 2026"


@pytest.mark.parametrize(("role", "venues"), [("manager", None), ("analyst", None), ("viewer", None), ("owner", (1,))])
def test_who_may_not_see_use_is_refused(open_usage, role, venues):
    with pytest.raises(ForbiddenError, match="does not allow you to see who opened"):
        open_usage(role, venues)


@pytest.mark.parametrize(
    "ask",
    [
        lambda lake: journal.uses(lake, Period(date(2026, 1, 1), date(2026, 12, 31))),
        lambda lake: journal.notes(lake, Period(date(2026, 1, 1), date(2026, 12, 31))),
        journal.people,
        journal.last_uses,
        journal.journal_began,
    ],
)
def test_each_question_asks_who_asks(house, ask):
    with pytest.raises(ForbiddenError):
        ask(open_lake(house, Scope("usage", "x@example.com", "manager")))


def test_a_dashboard_offers_no_venues(open_usage, capsys):
    page = open_usage(live=True)
    page.show(usage.in_short)
    controls = page._dashboard.controls
    assert controls.venues not in controls.box.children
    controls.first.value = date(2026, 10, 19)
    assert "2 people of 3" in page._dashboard._sections[0][1].outputs[1]["data"]["text/html"]


@pytest.mark.slow
def test_the_notebook_runs_whole_and_every_table_is_in_the_workbook(house, tmp_path):
    report, environment = load("usage"), kernel_environment(house, Scope("usage", "anna", "admin"), None, 10)
    values = report.validate({"organization": "usage"} | OCTOBER)
    path = execute(report, values, environment, "usage", tmp_path, 300)
    run = nbformat.read(path, as_version=4)
    assert outcome(run) == "ok"
    assert [told["name"] for told in sections(run)] == [*(section.name for section in SECTIONS), "definitions"]
    assert {table.name for table in tables(run)} == {
        *("use_by_week", "use_by_report", "use_by_person", "use_by_person_and_report"),
        *("unused", "never_signed_in", "done", "audit_log"),
    }
    files = export(path, ["xlsx", "html"], title=report.title)
    assert all(file.stat().st_size > 5_000 for file in files.values())
