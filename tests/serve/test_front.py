"""The page that people land on: each sees what changed, what is theirs to read, and nothing of anybody else's."""

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import count, pairwise

import httpx
import pytest
from sqlalchemy import insert, text

from mozg.access.favourites import favourites
from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue, venues_of
from mozg.lake.reader import open_lake
from mozg.metrics import Period, query
from mozg.reports.catalogue import readable
from mozg.serve.portal.view import writer
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun, SyncRun

DAY = timedelta(days=1)
HOSTILE = '<script>alert("one")</script><img src=x onerror=alert(2)>'
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def owner(site):
    return site.visit("owner")


@pytest.fixture(scope="module")
def limited(site):
    """A manager of the first venue by name."""
    return site.visit("manager", venues=1)


@pytest.fixture
def venues(site):
    return venues_of(site.organization)


@pytest.fixture(scope="module")
def noted_run(site):
    """Note a run in the record, with files of its own in the archive; all are taken away again."""
    made = []

    def note(organization=site.organization, report="sales", **row):
        run_id = f"{report}-{organization.slug}-front{next(_NUMBERS)}"
        row = {"asked_by": "somebody@example.com", "outcome": "ok", "files": {"html": "", "xlsx": ""}} | row
        row = {"parameters": {"date_from": "2026-11-16", "date_to": "2026-11-22"}} | row
        with transaction(organization.id) as connection:
            connection.execute(
                insert(ReportRun), {"organization_id": organization.id, "run_id": run_id, "report": report, **row}
            )
        folder = settings().archive / organization.slug
        folder.mkdir(parents=True, exist_ok=True)
        for kind in row["files"] or ():
            made.append(folder / f"{run_id}.{kind}")
            made[-1].write_text(f"<h1>{run_id}</h1><script>document.title = 'a chart'</script>")
        return run_id

    yield note
    for path in made:
        path.unlink()


class Page(HTMLParser):
    """What a page holds: its words, its scripts, links and forms."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def seen(visitor, path=""):
    answer = visitor.client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def section(visitor, name):
    html = visitor.client.get("").text
    return unescape(re.search(rf'<section id="{name}".*?</section>', html, re.DOTALL)[0])


# --- What changed ---------------------------------------------------------------------------------------------------


def answers(visitor, **asked):
    lake = open_lake(visitor.person.organization, visitor.person.scope())
    return query(lake, ["revenue", "checks", "guests", "average_check"], **asked)


def last_day(visitor):
    return datetime.now(writer(visitor.person).zone).date() - DAY


@pytest.mark.parametrize("who", ["owner", "limited"])
def test_the_numbers_are_those_of_the_venues_that_one_may_see(request, who):
    visitor = request.getfixturevalue(who)
    write, day = writer(visitor.person), last_day(visitor)
    told = section(visitor, "changed")
    row = answers(visitor, during=Period(day, day), compare=Period(day - 7 * DAY, day - 7 * DAY)).iloc[0]
    assert write.value(float(row["revenue"]), "money") in told
    for name in ("checks", "guests"):
        assert write.value(float(row[name]), "count") in told
        assert write.difference(float(row[name] - row[f"{name}_before"]), "count") in told
    assert write.value(float(row["average_check"]), "money") in told
    assert write.growth(float(row["revenue"] / row["revenue_before"]) - 1) in told
    assert write.day(day) in told
    assert write.day(day - 7 * DAY) in told


def test_all_and_one_are_not_the_same(owner, limited):
    day = last_day(owner)
    totals = [answers(one, during=Period(day, day)).iloc[0]["revenue"] for one in (owner, limited)]
    written = [writer(owner.person).value(float(total), "money") for total in totals]
    assert written[0] != written[1]
    assert written[0] not in section(limited, "changed")


def test_each_venue_has_a_line_and_nobody_sees_one_that_is_not_theirs(owner, limited, venues):
    names = [venue.name for venue in venues]
    assert [name for name in names if name in section(owner, "changed")] == names
    page = limited.client.get("").text
    assert [name for name in names if name in page] == names[:1]


def test_a_line_says_what_moved_most(owner):
    day = last_day(owner)
    rows = answers(owner, by=["venue"], during=Period(day, day), compare=Period(day - 7 * DAY, day - 7 * DAY))
    told = section(owner, "changed")
    for _, row in rows.iterrows():
        ratios = [float(row[name]) / float(row[f"{name}_before"]) - 1 for name in ("checks", "guests", "average_check")]
        assert writer(owner.person).growth(max(ratios, key=abs)) in told


def test_there_is_a_line_of_days_for_each_number(owner):
    assert section(owner, "changed").count("<polyline") == 4


def test_each_organisation_sees_its_own(site, owner, other_organization):
    stranger = site.visit("owner", other_organization)
    page = stranger.client.get("").text
    assert "Secret venue" in page
    assert "Secret venue" not in owner.client.get("").text
    assert not any(venue.name in page for venue in venues_of(site.organization))


def test_the_page_is_there_at_once(owner):
    owner.client.get("")
    times = []
    for _ in range(5):
        started = time.monotonic()
        owner.client.get("")
        times.append(time.monotonic() - started)
    assert min(times) < 0.5


# --- Without numbers ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty(database):
    return create_organization(f"empty{next(_NUMBERS)}", "Пустая кухня", currency="EUR")


def test_who_can_do_something_about_an_empty_lake_is_told_what(site, empty):
    told = section(site.visit("owner", empty), "changed")
    assert "Nothing has been read from the tills yet." in told
    assert f"mozg sync --organization {empty.slug}" in told
    assert "/docs" in told


def test_who_cannot_is_told_who_can(site, empty):
    told = section(site.visit("viewer", empty), "changed")
    assert f"An owner or administrator of {empty.name} adds venues" in told
    assert "mozg sync" not in told


# --- What needs attention -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def troubled(database):
    """Venues of every state; their names are an attack on the page."""
    organization = create_organization(f"troubled{next(_NUMBERS)}", f"Trouble {HOSTILE}", currency="EUR")
    now = datetime.now(UTC)
    states = {
        "Late": {"outcome": "ok", "ended_at": now - timedelta(hours=30)},
        "Fresh": {"outcome": "ok", "ended_at": now - timedelta(hours=1)},
        "Broken": {"outcome": "failed", "ended_at": now, "error": f"The till says {HOSTILE}."},
        "Never": None,
    }
    for name, row in states.items():
        venue = add_venue(organization, f"{name} {HOSTILE}", timezone="Europe/Berlin", pos="iiko_cloud")
        if row:
            told = {"organization_id": organization.id, "venue_id": venue.id, "source": "iiko_cloud", **row}
            with transaction(organization.id) as connection:
                connection.execute(insert(SyncRun), told)
    return organization


def test_venues_in_trouble_are_told_in_words_with_the_reason(site, troubled):
    told = section(site.visit("owner", troubled), "attention")
    alerts = re.search(r'<ul class="alerts">.*?</ul>', told, re.DOTALL)[0]
    assert re.findall(r"<h3>(\w+)", alerts) == ["Broken", "Never", "Late"]
    assert "Its till was not read in time for the reports." in alerts
    assert "The till says <script>" in alerts  # as text: it is unescaped here
    assert "3 need attention" in unescape(site.visit("owner", troubled).client.get("").text)
    assert re.search(r"Fresh .*?in time", told, re.DOTALL)


def test_where_nothing_is_wrong_that_is_said(owner):
    told = section(owner, "attention")
    assert 'class="calm"' in told
    assert 'class="alerts"' not in told


def test_a_run_that_failed_is_told_to_those_who_may_see_it(site, noted_run, venues):
    failed = {"outcome": "failed", "files": None, "error": f"The section {HOSTILE} broke."}
    other = noted_run(venue_ids=[venues[1].id], **failed)
    assert "broke." not in section(site.visit("manager", venues=1), "attention")
    assert "Report failed" not in section(site.visit("manager", venues=1), "attention")
    told = section(site.visit("owner"), "attention")
    assert f"The section {HOSTILE} broke." in told
    with transaction(site.organization.id) as connection:
        connection.execute(text("UPDATE report_runs SET started_at = now() - interval '25 hours' WHERE run_id = :id"),
                           {"id": other})  # fmt: skip
    assert "broke." not in section(site.visit("owner"), "attention")


def test_no_text_of_others_becomes_part_of_the_page(site, troubled, noted_run):
    noted_run(troubled, parameters={"date_to": "2026-11-22", "venues": [HOSTILE]}, asked_by=HOSTILE)
    noted_run(troubled, outcome="failed", error=HOSTILE, files=None)
    visitor = site.visit("owner", troubled)
    for path in ("", "archive"):
        page = seen(visitor, path)
        loaded = [script["src"].partition("?")[0] for script in page.all("script")]
        assert loaded == ["/portal/portal.js", "/portal/colors.js"]
        assert page.all("img") == []
        assert HOSTILE in page.words


# --- Reports and favourites -----------------------------------------------------------------------------------------


def listed(visitor):
    shelf = re.search(r'<div id="shelf".*?</div>\n  <p id', visitor.client.get("").text, re.DOTALL)[0]
    return re.findall(r"voila/render/(\w+)\.ipynb", shelf)


def put(visitor, report, starred="yes", **headers):
    visitor.client.get("")
    form = {"report": report, "starred": starred, "_xsrf": visitor.client.cookies["_xsrf"]}
    return visitor.client.post("favourites", data=form, headers=headers)


@pytest.mark.parametrize("role", ["owner", "admin", "manager", "analyst", "viewer"])
def test_the_reports_of_the_role_are_listed_and_no_others(site, role):
    assert sorted(listed(site.visit(role))) == [report.name for report in readable(role)]


def test_starred_reports_come_first_and_stay_so(site):
    visitor, colleague = site.visit("owner"), site.visit("owner")
    before = listed(visitor)
    last = before[-1]
    answer = put(visitor, last)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/#report-{last}")
    assert listed(visitor) == [last, *before[:-1]]
    assert listed(colleague) == before
    assert put(visitor, last).status_code == 303
    assert put(visitor, last, "no").status_code == 303
    assert listed(visitor) == before


def test_a_star_needs_our_own_form(site):
    visitor, colleague = site.visit("manager"), site.visit("manager")
    for one in (visitor, colleague):
        one.client.get("")
    for token in ({}, {"_xsrf": "2|a|b|1"}, {"_xsrf": colleague.client.cookies["_xsrf"]}):
        assert visitor.client.post("favourites", data={"report": "sales"} | token).status_code == 403
    assert put(visitor, "sales", Origin="https://elsewhere.example").status_code in (403, 404)
    with httpx.Client(base_url=site.base) as nobody:
        assert nobody.post("favourites", data={"report": "sales"}).status_code == 403
    assert visitor.client.get("favourites").status_code == 405
    assert favourites(visitor.person.user) == set()


@pytest.mark.parametrize("name", ["usage", "nothing", "../sales", "", HOSTILE])
def test_what_one_may_not_read_cannot_be_starred(site, name):
    visitor = site.visit("viewer")
    assert put(visitor, name).status_code == 404
    assert favourites(visitor.person.user) == set()


# --- The archive ----------------------------------------------------------------------------------------------------


def files(page):
    return [link["href"] for link in page.all("a") if link["href"].startswith("/runs/")]


def test_runs_are_listed_to_those_who_may_see_them(site, owner, limited, noted_run, venues):
    whole, own = noted_run(), noted_run(venue_ids=[venues[0].id])
    other, usage = noted_run(venue_ids=[venues[1].id]), noted_run(report="usage")
    told = {visitor: " ".join(files(seen(visitor, "archive"))) for visitor in (owner, limited)}
    assert all(run in told[owner] for run in (whole, own, other, usage))
    assert [run in told[limited] for run in (whole, own, other, usage)] == [False, True, False, False]
    assert own in " ".join(files(seen(limited)))
    for run in (whole, other, usage):
        assert limited.client.get(f"runs/{run}/html").status_code == 404
    assert limited.client.get(f"runs/{own}/html").status_code == 200
    assert usage not in site.visit("viewer").client.get("archive").text


def test_nobody_has_the_files_of_another_organisation(site, other_organization, noted_run):
    ours, theirs = noted_run(), noted_run(other_organization)
    stranger = site.visit("owner", other_organization)
    assert stranger.client.get(f"runs/{theirs}/html").status_code == 200
    assert stranger.client.get(f"runs/{ours}/html").status_code == 404
    assert ours not in stranger.client.get("archive").text


def test_files_come_as_they_are_meant_to_be_used(owner, noted_run):
    run = noted_run(files={"html": "", "pdf": "", "xlsx": ""})
    got = {kind: owner.client.get(f"runs/{run}/{kind}") for kind in ("html", "pdf", "xlsx")}
    assert run in got["html"].text
    assert got["html"].headers["content-type"].startswith("text/html")
    assert got["html"].headers["content-security-policy"].startswith("sandbox allow-scripts;")
    assert "cross-origin-opener-policy" not in got["html"].headers  # a browser refuses it together with a sandbox
    assert got["pdf"].headers["content-type"] == "application/pdf"
    assert got["xlsx"].headers["content-disposition"] == f'attachment; filename="{run}.xlsx"'
    for answer in got.values():
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"].startswith("Cookie")


def test_a_download_is_noted_once(site, noted_run):
    visitor, run = site.visit("manager"), noted_run()
    first = visitor.client.get(f"runs/{run}/xlsx")
    again = visitor.client.get(f"runs/{run}/xlsx", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    who = {"user": visitor.person.user.id, "actor": visitor.person.user.email}
    with transaction(site.organization.id) as connection:
        views = connection.execute(text("SELECT report, channel FROM report_views WHERE user_id = :user"), who).all()
        notes = connection.execute(text("SELECT action, details FROM audit_log WHERE actor = :actor"), who).all()
    assert [tuple(row) for row in views] == [("sales", "xlsx")]
    assert [tuple(row) for row in notes] == [("report.downloaded", {"run": run, "format": "xlsx"})]


def test_what_was_never_made_or_is_gone_has_no_link_and_is_not_found(site, owner, noted_run):
    run = noted_run(files={"html": "", "pdf": ""})
    (settings().archive / site.organization.slug / f"{run}.pdf").write_text("")
    gone = settings().archive / site.organization.slug / f"{run}.pdf"
    gone.rename(gone.with_suffix(".away"))
    try:
        assert [link for link in files(seen(owner, "archive")) if run in link] == [f"/runs/{run}/html"]
        for path in (f"{run}/pdf", f"{run}/xlsx", f"{run}/ipynb", f"{run}.html/html", f"..%2f{run}/html", "x/html"):
            assert owner.client.get(f"runs/{path}").status_code == 404, path
    finally:
        gone.with_suffix(".away").rename(gone)


def test_the_archive_is_read_by_the_page(site, owner, noted_run):
    made = [noted_run(files={"html": ""}) for _ in range(30)]
    found, path, pages = [], "archive?report=sales", 0
    while path:
        page = seen(owner, path)
        found += files(page)
        older = [link["href"] for link in page.all("a") if "before=" in link["href"]]
        path, pages = (older[0].lstrip("/") if older else ""), pages + 1
        assert not older or "report=sales" in older[0]
    newest = [f"/runs/{run}/html" for run in reversed(made)]
    assert found[:30] == newest
    assert len(found) == len(set(found))
    assert pages >= 2


def test_the_archive_of_one_report_shows_that_report(owner, noted_run):
    run = noted_run(report="usage")
    assert run in owner.client.get("archive?report=usage").text
    assert run not in owner.client.get("archive?report=sales").text


@pytest.mark.parametrize(
    "asked", ["report=nothing", "report=", "before=x", "before=-1", f"before={'9' * 30}", "before="]
)
def test_there_is_no_other_archive(owner, asked):
    assert owner.client.get(f"archive?{asked}").status_code == 404


def test_an_archive_of_what_is_not_for_ones_role_is_not_there(site):
    assert site.visit("viewer").client.get("archive?report=usage").status_code == 404


# --- The page itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "archive"])
def test_a_browser_may_run_our_script_and_send_forms_to_us(owner, path):
    policy = owner.client.get(path).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'none'", "'self'", "'self'")
    assert rules["form-action"].startswith("'self' http")
    assert owner.client.get(path).headers["cache-control"] == "no-store"


def test_style_and_script_are_kept_until_they_change(owner):
    page = seen(owner)
    for address in (page.all("script")[0]["src"], page.all("link")[1]["href"]):
        answer = owner.client.get(address.lstrip("/"))
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert owner.client.get("portal/front.html").status_code == 404


def test_it_reads_in_order_without_eyes(owner):
    page = seen(owner)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.all("main")) == len(page.all("header")) == 1
    assert len(page.all("table")) == len(page.all("caption"))
    named = [attributes["aria-labelledby"] for attributes in page.all("section")]
    assert set(named) <= {attributes.get("id") for _, attributes in page.tags}
    assert all(nav["aria-label"] for nav in page.all("nav"))
