"""The page that people land on, as they see it: on a phone and at a desk, by day and by night, with keys alone."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import insert

from mozg.access.organizations import create_organization
from mozg.access.sessions import COOKIE
from mozg.access.venues import add_venue, venues_of
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun, SyncRun

pytestmark = pytest.mark.browser
SIZES = {"desk": (1440, 900), "phone": (390, 844), "wall": (2560, 1440)}
#: A chart that wants to know whose cookies it can read, and says so in the page's title.
CHART = "<script>try { document.title = document.cookie } catch { document.title = 'walled' }</script>"
TAPPED = "button:visible, a.button:visible, a.chip:visible, summary:visible, input:visible"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def archived(site):
    """Runs of the sales report: one that left a page, one that failed."""
    rows = [("page", "ok", None), ("broken", "failed", "These sections failed: By hour (4f2a).")]
    folder = settings().archive / site.organization.slug
    folder.mkdir(parents=True, exist_ok=True)
    for name, outcome, error in rows:
        row = {"run_id": f"sales-{site.organization.slug}-{name}", "report": "sales", "asked_by": "service"}
        row |= {"outcome": outcome, "error": error, "files": {} if error else {"html": "", "xlsx": ""}}
        row |= {"parameters": {"date_from": "2026-11-16", "date_to": "2026-11-22"}}
        with transaction(site.organization.id) as connection:
            connection.execute(insert(ReportRun), {"organization_id": site.organization.id, **row})
    files = [folder / f"sales-{site.organization.slug}-page.{kind}" for kind in ("html", "xlsx")]
    for file in files:
        file.write_text(CHART)
    yield
    for file in files:
        file.unlink()


@pytest.fixture
def opened(browser, site):
    """Open a page of the portal as somebody, with whatever the browser complains of kept in ``complaints``."""
    contexts = []

    def open_(visitor, path="", **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        cookie = {"name": COOKIE, "value": visitor.cookie, "url": site.base, "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([cookie])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(site.base + path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def owner(site):
    return site.visit("owner")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(opened, owner, archived, artefacts, size, scheme):
    width, height = SIZES[size]
    page = opened(owner, viewport={"width": width, "height": height}, color_scheme=scheme)
    expect(page.locator(".mozg-tile")).to_have_count(4)
    page.screenshot(path=artefacts / f"portal-{size}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_archive_fits(opened, owner, archived, artefacts, size):
    width, height = SIZES[size]
    page = opened(owner, "archive", viewport={"width": width, "height": height})
    expect(page.get_by_role("row")).not_to_have_count(0)
    page.screenshot(path=artefacts / f"archive-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


@pytest.fixture(scope="module")
def long_named(database):
    """An organisation in trouble, with names as long as no page expects them."""
    organization = create_organization("longnames", "Ресторанный-холдинг-" * 6, currency="RUB", locale="ru")
    venue = add_venue(organization, "Благословенский" * 8, timezone="Europe/Moscow", pos="iiko_cloud")
    ended = datetime.now(UTC) - timedelta(days=2)
    row = {"organization_id": organization.id, "venue_id": venue.id, "source": "iiko_cloud", "ended_at": ended}
    with transaction(organization.id) as connection:
        connection.execute(insert(SyncRun), row | {"outcome": "failed", "error": "Нет-ответа-" * 30})
    return organization


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_long_names_break(opened, site, long_named, artefacts, size):
    width, height = SIZES[size]
    page = opened(site.visit("owner", long_named), viewport={"width": width, "height": height})
    page.screenshot(path=artefacts / f"portal-long-names-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("path", ["", "archive"])
def test_axe_finds_nothing(opened, site, owner, long_named, archived, path, size, scheme):
    width, height = SIZES[size]
    for visitor in (owner, site.visit("owner", long_named)):
        page = opened(visitor, path, viewport={"width": width, "height": height}, color_scheme=scheme)
        told = Axe().run(page)
        assert told.response["passes"]
        assert told.violations_count == 0, told.generate_report()


def test_what_a_thumb_taps_is_large(opened, owner, archived):
    page = opened(owner, viewport={"width": 390, "height": 844})
    boxes = {target.inner_text(): target.bounding_box() for target in page.locator(TAPPED).all()}
    assert len(boxes) > 8
    assert {name: box for name, box in boxes.items() if min(box["height"], box["width"]) < 44} == {}


def test_one_finds_a_report_by_typing(opened, owner):
    page = opened(owner)
    titles = page.locator("#shelf li:visible h4")
    before = titles.count()
    assert before > 1
    words = titles.last.inner_text()
    field = page.get_by_label("Search reports").or_(page.locator("#search"))
    field.focus()
    page.keyboard.type(words.upper())
    expect(titles).to_have_count(1)
    expect(titles).to_have_text(words)
    page.keyboard.press("Escape")
    expect(titles).to_have_count(before)
    page.keyboard.type("no such words")
    expect(titles).to_have_count(0)
    expect(page.locator("#nothing-found")).to_be_visible()


def test_the_only_one_found_is_opened_by_enter(opened, owner, site):
    page = opened(owner)
    page.route("**/voila/render/**", lambda route: route.fulfill(body="here"))
    link = page.locator("#shelf h4 a").last
    target = link.get_attribute("href")
    page.locator("#search").focus()
    page.keyboard.type(link.inner_text())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


@pytest.mark.parametrize("script", [True, False])
def test_a_star_is_put_and_taken_with_and_without_a_script(opened, site, script):
    page = opened(site.visit("manager"), java_script_enabled=script)
    stars = page.locator(".star")
    last = page.locator("#shelf h4").last.inner_text()
    assert stars.last.get_attribute("aria-pressed") == "false"
    stars.last.click()
    expect(page.locator("#shelf h4").first).to_have_text(last)
    expect(stars.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".chip.starred")).to_contain_text(last)
    stars.first.click()
    expect(page.locator(".chip.starred")).to_have_count(0)
    assert page.locator(".search").is_visible() == script


def test_everything_is_reached_by_the_keyboard(opened, site):
    page = opened(site.visit("manager"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    reached = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
    wanted = page.locator("a:visible, button:visible, input:visible, summary:visible").all()
    assert {target.evaluate("node => node.outerHTML") for target in wanted} - reached <= {
        page.locator(".skip").evaluate("node => node.outerHTML")
    }


def test_a_page_of_a_run_opens_and_reaches_nothing_of_ours(opened, owner, archived):
    page = opened(owner)
    page.locator(".files a", has_text="HTML").first.click()
    page.wait_for_url("**/runs/**/html")
    assert page.title() == "walled"


def test_a_workbook_is_kept(opened, owner, archived, site):
    page = opened(owner)
    with page.expect_download() as download:
        page.locator(".files a", has_text="XLSX").first.click()
    assert download.value.suggested_filename == f"sales-{site.organization.slug}-page.xlsx"


def test_one_venue_is_all_that_its_manager_sees(opened, site, archived, artefacts):
    page = opened(site.visit("manager", venues=1), viewport={"width": 390, "height": 844})
    page.screenshot(path=artefacts / "portal-one-venue-phone.png", full_page=True)
    own, other = (venue.name for venue in venues_of(site.organization))
    expect(page.locator("#attention")).to_contain_text(own)
    assert other not in page.locator("body").inner_text()


def test_one_chooses_light_or_dark_and_it_is_remembered(opened, site):
    page = opened(site.visit("manager"), color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    switch, light = page.locator(".colors"), page.evaluate(paper)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(f"{site.base}archive")
    assert page.evaluate(paper) == dark
    switch.click()
    assert page.evaluate(paper) == light
    assert "mozg_colors" not in page.evaluate("document.cookie")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) == dark, "it follows the system again"
    assert page.complaints == []
