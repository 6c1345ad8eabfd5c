"""A dashboard shows how it last looked before its kernel is there, to those who may see it, and then turns live."""

import asyncio
import json
import shutil
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from mozg.access.scope import Scope
from mozg.access.sessions import COOKIE
from mozg.access.venues import venues_of
from mozg.errors import AccessError
from mozg.reports import figures
from mozg.reports.catalogue import load
from mozg.reports.first_paint import FOLDER, paint_of
from mozg.reports.painting import main, make, wanted
from mozg.serve.kernels import DashboardKernels
from mozg.serve.painters import Painters
from mozg.settings import settings
from tests.sockets import hang_up

REPORT = "voila/render/sales.ipynb"
LIVE = "html:not(.waiting, .half)"
BOOT = 60_000
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def sales():
    return load("sales")


@pytest.fixture(scope="module")
def paint(fresh_organization, sales):
    """The first paint of managers of every venue."""
    yield make(fresh_organization, sales, Scope("fresh", "somebody", "manager"))
    figures.close()
    shutil.rmtree(settings().archive / "fresh" / FOLDER)


@pytest.fixture(scope="module")
def limited(site):
    """A manager of one of two venues, whose reports nobody has drawn yet."""
    return site.visit("manager", venues=1)


def opened(visitor, path=REPORT):
    page = visitor.open(path, wait=False)
    assert visitor.leave(page) == 204
    return page.text


# --- Whose it is ----------------------------------------------------------------------------------------------------


def test_it_tells_what_the_report_tells(fresh_organization, paint):
    names = [venue.name for venue in venues_of(fresh_organization)]
    assert all(name in paint.html for name in names)
    assert "<picture>" in paint.html
    assert "<script" not in paint.html
    assert "mozg-tile" in paint.html


def test_the_page_begins_with_it(site, manager, paint):
    text = opened(manager)
    assert text.index(paint.html) < text.index("jupyter-config-data") < text.index("voila.js")
    assert 'role="status">Обновлено: ' in text


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_another_role_is_shown_a_skeleton(site, paint, role):
    text = opened(site.visit(role))
    assert paint.html not in text
    assert "<picture>" not in text
    assert 'class="skeleton"' in text
    assert "Продажи" in text


def test_who_sees_one_venue_is_shown_nothing_of_the_others(fresh_organization, sales, paint, limited, monkeypatch):
    names = [venue.name for venue in venues_of(fresh_organization)]
    assert not any(name in opened(limited) for name in names)
    monkeypatch.setattr("os.nice", lambda _: 0)  # this process has others to serve
    main(["fresh", "sales", "--role", "manager", "--venues", ",".join(map(str, limited.person.user.venues))])
    own = paint_of(fresh_organization, sales, limited.person.scope())
    assert own.html in opened(limited)
    assert [name for name in names if name in own.html] == names[:1]
    assert paint_of(fresh_organization, sales, Scope("fresh", "somebody", "manager")) == paint


def test_a_report_of_another_role_is_not_painted(fresh_organization):
    with pytest.raises(AccessError, match="A viewer may not see the report forecast_revenue"):
        make(fresh_organization, load("forecast_revenue"), Scope("fresh", "somebody", "viewer"))


def test_those_who_looked_lately_are_expected_again(fresh_organization, manager, limited, paint):
    opened(manager)
    scopes = [scope for report, scope in wanted(fresh_organization) if report.name == "sales"]
    assert len(scopes) == len(set(scopes))
    assert {("manager", None), ("manager", limited.person.user.venues)} <= {(one.role, one.venues) for one in scopes}


# --- When it is made ------------------------------------------------------------------------------------------------


def test_it_is_current_until_the_next_day_or_snapshot(fresh_organization, paint):
    assert paint.is_current(fresh_organization)
    assert not replace(paint, day=paint.day - timedelta(days=1)).is_current(fresh_organization)
    assert not replace(paint, snapshot=paint.snapshot - 1).is_current(fresh_organization)


def test_a_page_that_is_opened_has_what_is_missing_made_once(fresh_organization, sales, paint, monkeypatch):
    made = []

    async def make_one(wish):
        await asyncio.sleep(0)
        made.append(wish)

    async def look():
        painters = Painters()
        monkeypatch.setattr(painters, "_make", make_one)
        manager, viewer = Scope("fresh", "x", "manager"), Scope("fresh", "x", "viewer")
        for _ in range(3):
            await painters.look(fresh_organization, sales, viewer, None)
        await painters.look(fresh_organization, sales, manager, paint)
        await painters.look(fresh_organization, sales, manager, replace(paint, day=paint.day - timedelta(days=1)))
        await painters._at_work

    asyncio.run(look())
    assert made == [("fresh", "sales", "viewer", None), ("fresh", "sales", "manager", None)]


# --- The cells' outputs ---------------------------------------------------------------------------------------------


async def asked(site, cookie, kernel, said):
    address = site.base.replace("http", "ws", 1) + f"voila/execution/{kernel}"
    headers = {"Cookie": f"{COOKIE}={cookie}", "Origin": site.base.rstrip("/")}
    socket = await websocket_connect(HTTPRequest(address, headers=headers))
    await socket.write_message(said)
    try:
        return [json.loads(await asyncio.wait_for(socket.read_message(), 60))]
    finally:
        hang_up(socket)


def test_the_outputs_are_for_whoever_opened_the_page(site, manager, page):
    (told,) = asyncio.run(asked(site, manager.cookie, page.kernel, '{"action": "execute"}'))
    assert told["action"] == "execution_result"
    assert told["payload"]["cell_index"] == 0
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(asked(site, site.visit("owner").cookie, page.kernel, '{"action": "execute"}'))
    assert refused.value.code == 403
    with pytest.raises(HTTPClientError):
        asyncio.run(asked(site, "", page.kernel, "{}"))


@pytest.mark.parametrize("said", ["[]", '{"action": "run", "payload": {"code": "1"}}'])
def test_nothing_else_is_answered(site, manager, page, said, monkeypatch):
    monkeypatch.setattr("asyncio.wait_for", lambda answer, seconds, wait=asyncio.wait_for: wait(answer, 1))
    with pytest.raises(TimeoutError):
        asyncio.run(asked(site, manager.cookie, page.kernel, said))


def test_a_kernel_that_is_gone_has_no_outputs():
    assert asyncio.run(DashboardKernels().outputs("gone")) == []


# --- In a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, site, manager):
    def open_tab(size, visitor=manager, **more):
        width, height = SIZES[size]
        context = contexts.enter_context(browser.new_context(viewport={"width": width, "height": height}, **more))
        own = {"name": COOKIE, "value": visitor.cookie, "url": site.base, "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([own])
        return context.new_page()

    with ExitStack() as contexts:
        yield open_tab


def is_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_it_is_readable_before_the_page_is_live(site, tab, paint, artefacts, size):
    page = tab(size)
    page.goto(site.base + REPORT, wait_until="commit")
    tile, figure = page.locator("#first-paint .mozg-tile").first, page.locator("#first-paint .figure img").first
    expect(tile).to_be_visible()
    expect(figure).to_be_visible()
    assert figure.evaluate("one => one.decode().then(() => one.naturalWidth)") in {360, 1240}
    expect(page.locator(LIVE)).to_have_count(0)
    assert is_wide(page) == 0
    page.screenshot(path=artefacts / f"first-paint-{size}.png")
    numbers, chart = tile.inner_text(), page.locator("#first-paint .figure").first.bounding_box()
    expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
    expect(page.locator("#first-paint")).to_have_count(0)
    assert page.locator(".mozg-tile").first.inner_text() == numbers
    assert page.locator(".js-plotly-plot").first.bounding_box()["y"] == pytest.approx(chart["y"], abs=64)
    expect(page.locator(".mozg-controls [type=checkbox]")).to_be_enabled()
    expect(page.locator(".dashboard-said")).to_be_empty()
    assert is_wide(page) == 0
    page.screenshot(path=artefacts / f"first-paint-{size}-live.png")


def late(route):
    time.sleep(0.2)
    route.continue_()


@pytest.mark.browser
def test_who_has_scrolled_reads_on(site, tab, paint):
    page = tab("desk")
    page.route("**/@jupyter-widgets/**", late)  # the page waits, with its widgets announced and none of them drawn
    page.goto(site.base + REPORT, wait_until="commit")
    heading = page.locator("#first-paint h2").nth(4)
    heading.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 200)")
    words, before = heading.inner_text(), heading.bounding_box()["y"]
    expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
    after = page.locator("#rendered_cells h2", has_text=words).bounding_box()["y"]
    assert after == pytest.approx(before, abs=2)


@pytest.mark.browser
def test_without_scripts_it_is_readable_all_the_same(site, tab, paint):
    page = tab("phone", java_script_enabled=False)
    page.goto(site.base + REPORT)
    expect(page.locator("#first-paint .mozg-tile").first).to_be_visible()
    expect(page.locator("#first-paint .figure img").first).to_be_visible()


@pytest.mark.browser
def test_without_one_there_is_a_skeleton_until_the_page_is_live(site, tab, artefacts):
    page = tab("phone", site.visit("admin"))
    page.goto(site.base + REPORT, wait_until="commit")
    expect(page.get_by_role("heading", name="Продажи")).to_be_visible()
    expect(page.locator(".skeleton-figure").first).to_be_visible()
    page.screenshot(path=artefacts / "skeleton-phone.png")
    expect(page.locator(LIVE).locator(".mozg-tile").first).to_be_visible(timeout=BOOT)


@pytest.mark.browser
def test_where_there_is_no_room_it_says_so_and_stays(site, tab, paint, artefacts):
    crowd = site.visit("manager")
    pages = [crowd.open(wait=False) for _ in range(DashboardKernels().most_of_one)]
    page = tab("desk", crowd)
    page.goto(site.base + REPORT)
    expect(page.get_by_role("alert")).to_contain_text("больше открыть нельзя")
    expect(page.get_by_role("button", name="Попробовать снова")).to_be_visible()
    expect(page.locator("#first-paint .mozg-tile").first).to_be_visible()
    page.screenshot(path=artefacts / "no-room-desk.png")
    for one in pages:
        crowd.leave(one)
    page.get_by_role("button", name="Попробовать снова").click()
    expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)


@pytest.mark.browser
def test_a_kernel_that_ends_while_it_draws_is_told_of(site, tab, paint):
    page = tab("desk", visitor := site.visit("manager"))
    page.goto(site.base + REPORT, wait_until="commit")
    kernel = json.loads(page.locator("#jupyter-config-data").text_content())["kernelId"]
    visitor.client.get("")
    deadline = time.monotonic() + 20
    while visitor.client.delete(f"api/kernels/{kernel}", headers=visitor.xsrf).status_code != 204:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    expect(page.get_by_role("alert")).to_be_visible(timeout=BOOT)
    expect(page.locator("#first-paint .mozg-tile").first).to_be_visible()
