"""The dashboards show to each person the reports of their role, of their organisation, of their venues."""

import ast
import asyncio
import re
import time

import httpx
import pytest
from sqlalchemy import text
from tornado.web import HTTPError

from mozg.access.scope import read_scope
from mozg.access.sessions import close
from mozg.access.users import change_user
from mozg.access.venues import venues_of
from mozg.reports.catalogue import all_reports, load, readable
from mozg.serve.kernels import LOADING, OPENING, RETURNING, DashboardKernels, Opening, _environment
from mozg.serve.report_page import prepared
from mozg.store.database import transaction

NAMESPACES = ("http://www.w3.org/", "http://creativecommons.org/ns#", "http://purl.org/dc/")
REPORT = "voila/render/sales.ipynb"
PATIENCE = 20


def patiently(told, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not told() and time.monotonic() < deadline:
        time.sleep(0.2)
    return told()


@pytest.mark.parametrize(
    "path", ["", REPORT, f"{REPORT}?date_from=2026-01-01", "voila/render/nothing.ipynb", "nothing"]
)
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back(site, path):
    answer = httpx.get(site.base + path)
    assert answer.status_code == 302
    address = httpx.URL(answer.headers["location"])
    assert address.path == "/sign-in"
    assert address.params["next"] == site.base + path


@pytest.mark.parametrize("role", ["owner", "admin", "manager", "analyst", "viewer"])
def test_the_front_page_lists_the_reports_of_the_role(site, role):
    visitor = site.visit(role)
    page = visitor.client.get("").text
    assert {*re.findall(r"voila/render/(\w+)\.ipynb", page)} == {report.name for report in readable(role)}
    assert site.organization.name in page
    assert visitor.person.user.email in page
    assert '/sign-out"' in page
    assert (site.lab in page) == (role in {"owner", "admin", "analyst"})


def test_who_sees_some_venues_only_is_given_no_laboratory(site):
    assert site.lab not in site.visit("analyst", venues=1).client.get("").text


def test_kernels_are_forked_and_not_started(site, manager, page):
    """Else every page would take seconds longer, and nobody would learn why."""
    assert manager.reaches(page)
    assert site.kernels()
    assert [command for command in site.processes().values() if "ipykernel_launcher" in command] == []


def test_a_report_of_another_role_is_refused_with_the_reason(site):
    answer = site.visit("viewer").client.get("voila/render/forecast_revenue.ipynb")
    assert answer.status_code == 403
    assert "недоступен для вашей роли (читатель)" in answer.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"template": "reveal"}, "нет параметра template"),
        ({"organization": "other"}, "нет параметра organization"),
        ({"compare": "plan"}, "Параметр compare: &#39;plan&#39;. Он принимает: одно из none"),
        ({"date_from": "2026-02-02", "date_to": "2026-02-01"}, "Период перевёрнут"),
    ],
)
def test_what_a_report_does_not_declare_is_refused_in_the_readers_words(manager, asked, said):
    answer = manager.client.get(REPORT, params=asked)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_page_opens_on_what_its_address_asks_for(manager, page):
    """Instead of a first paint, which would show another period."""
    assert "first-paint" in page.text
    assert "shadowrootmode" not in page.text
    assert "28 дней" in manager.told(page)


def test_code_in_an_address_is_a_venue_that_is_not_there(manager):
    answer = manager.client.get(REPORT, params={"venues": '"]; import os #\\"'})
    assert answer.status_code == 400
    assert "Нет заведения" in answer.text


def test_what_an_address_gives_reaches_the_notebook_as_a_value_and_not_as_code(manager):
    nasty = '"]; raise SystemExit #\\" \n\\'
    notebook = prepared(load("sales"), manager.person, {"venues": [nasty]})
    (given,) = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert [ast.literal_eval(line.value) for line in ast.parse(given.source).body] == ["fresh", [nasty]]


def test_the_page_names_nothing_outside(page):
    addresses = re.findall(r"https?://[^\s\"'<>\\]+", page.text)
    assert [address for address in addresses if not address.startswith(NAMESPACES)] == []


def test_the_page_holds_no_secret(site, manager, page):
    assert manager.cookie not in page.text
    assert "eyJ" not in page.text  # how every token begins
    assert site.organization.reader_role not in page.text
    assert "password" not in page.text.lower()


def test_that_somebody_looked_is_noted(site, manager, page):
    query = text("SELECT report, channel FROM report_views WHERE user_id = :user")
    with transaction(site.organization.id) as connection:
        seen = connection.execute(query, {"user": manager.person.user.id}).all()
    assert {tuple(row) for row in seen} == {("sales", "dashboard")}


def test_a_manager_of_one_venue_sees_one_venue(site, manager, page):
    limited = site.visit("manager", venues=1)
    narrow = limited.open()
    names = [venue.name for venue in venues_of(site.organization)]
    whole, part = manager.told(page), limited.told(narrow)
    assert [name for name in names if name in whole] == names
    assert [name for name in names if name in part] == names[:1]
    assert limited.leave(narrow) == 204


def test_each_organisation_sees_its_own(site, other_organization, manager, page):
    stranger = site.visit("owner", other_organization)
    theirs = stranger.open()
    told = stranger.told(theirs)
    assert "Secret venue" in told
    assert "Secret venue" not in manager.told(page)
    assert not any(venue.name in told for venue in venues_of(site.organization))
    assert stranger.leave(theirs) == 204


@pytest.mark.parametrize("way", ["closed", "deactivated", "demoted"])
def test_who_may_no_longer_look_is_refused_and_their_kernel_ends(site, way):
    visitor = site.visit("manager")
    page = visitor.open()
    assert visitor.reaches(page)
    if way == "closed":
        close(visitor.person)
    else:
        changes = {"active": False} if way == "deactivated" else {"role": "viewer"}
        change_user(visitor.person.user, **changes)
    time.sleep(3)
    assert visitor.client.get("").status_code == 302
    assert visitor.client.get(f"api/kernels/{page.kernel}").status_code == 403
    ended = f"Kernel shutdown: {page.kernel}"
    assert patiently(lambda: ended in site.child.log.read_text())


def test_a_page_that_is_left_takes_its_kernel_along(manager):
    page = manager.open()
    assert manager.reaches(page)
    assert manager.leave(page) == 204
    assert not manager.reaches(page)


def test_everything_says_what_a_browser_may_do_with_it(site, manager, page):
    static = re.search(r'src="/(voila/[^"]+\.js)"', page.text)[1]
    for path in ("", "nothing", static, f"api/kernels/{page.kernel}"):
        headers = manager.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
    assert "script-src 'self';" in manager.client.get("").headers["content-security-policy"]


def test_the_log_holds_no_secret(site, manager, page):
    assert manager.client.get("nothing", params={"token": manager.cookie}).status_code == 404
    assert "eyJ" not in site.child.log.read_text()


def test_a_kernel_is_told_who_asks_and_no_secret(manager, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:secret@127.0.0.1/mozg")
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    given = _environment(manager.person, {"SERVER_SOFTWARE": "voila/1", "QUERY_STRING": "token=secret"})
    assert "secret" not in {value for name, value in given.items() if name != "MOZG_LAKE_DSN"}
    assert {"DATABASE_URL", "JUPYTER_TOKEN", "QUERY_STRING"}.isdisjoint(given)
    assert given["SERVER_SOFTWARE"] == "voila/1"
    assert read_scope(given["MOZG_SCOPE"], given["MOZG_SCOPE_KEY"]) == manager.person.scope()
    assert manager.person.organization.reader_role in given["MOZG_LAKE_DSN"]


def test_nobody_starts_a_kernel_without_a_page():
    with pytest.raises(LookupError):
        asyncio.run(DashboardKernels().start_kernel(env={}))


@pytest.mark.parametrize("room", [{"most_kernels": 0}, {"most_of_one": 0}])
def test_there_is_room_for_so_many_pages_and_no_more(manager, room):
    OPENING.set(Opening(manager.person, manager.cookie, "sales"))
    with pytest.raises(HTTPError, match="no more are allowed") as refused:
        asyncio.run(DashboardKernels(**room).start_kernel(env={}))
    assert refused.value.status_code == 503


@pytest.fixture
def kernels(manager, monkeypatch):
    """Room for the three pages of one person, some of which are gone; and whose kernels were ended."""
    kernels, now = DashboardKernels(most_of_one=3), time.monotonic()
    ages = {"shown": LOADING + 9, "left": LOADING + RETURNING + 8, "loading": LOADING - 9}
    kernels.openings = {name: Opening(manager.person, "", "sales", now - age) for name, age in ages.items()}
    kernels._kernels = dict.fromkeys(kernels.openings)
    kernels.came("shown", "a socket")
    kernels.ended = []

    async def shutdown_kernel(kernel_id, now):
        kernels.ended.append(kernel_id)
        kernels.remove_kernel(kernel_id)

    monkeypatch.setattr(kernels, "shutdown_kernel", shutdown_kernel)
    return kernels


def test_a_page_that_was_left_without_a_word_makes_room_for_the_next(manager, kernels):
    asyncio.run(kernels._make_room(manager.person))
    assert kernels.ended == ["left"]
    kernels.openings["another"] = Opening(manager.person, "", "sales")
    with pytest.raises(HTTPError, match="3 pages are open already"):
        asyncio.run(kernels._make_room(manager.person))


def test_kernels_are_gone_ten_minutes_after_their_pages_are(kernels, monkeypatch):
    began = time.monotonic()
    kernels.went("shown", "a socket")
    for minutes, ended in ((9, set()), (10.1, {"shown", "left"}), (11, {"shown", "left", "loading"})):
        monkeypatch.setattr("time.monotonic", lambda now=began + 60 * minutes: now)
        assert {name for name in kernels.openings if kernels.is_deserted(name)} == ended


def test_every_report_is_for_somebody():
    assert all(report.roles for report in all_reports())
