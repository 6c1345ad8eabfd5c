"""The dashboards as a manager sees them, in a real browser."""

import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from mozg.access.sessions import COOKIE, close
from mozg.access.users import add_user

pytestmark = pytest.mark.browser
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
BOOT = 60_000
LIVE = "html:not(.waiting, .half)"
#: What Voila's own scripts complain of, whatever the report.
USUAL = ("r.setData is not a function", "shared module")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitor(site):
    return site.visit("manager")


@pytest.fixture(scope="module")
def context(browser, site, visitor):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(
        [{"name": COOKIE, "value": visitor.cookie, "url": site.base, "httpOnly": True, "sameSite": "Lax"}]
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def shown(context, site):
    """The page after choosing the report, every request it made, and everything it complained of."""
    page, requests, complaints = context.new_page(), [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(site.base)
    page.locator("#report-sales h4 a").click(timeout=BOOT, no_wait_after=True)
    expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
    expect(page.locator(".mozg-tile").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    yield page, requests, complaints
    page.close()


def test_the_page_asks_nothing_from_outside(site, shown):
    _, requests, _ = shown
    assert len(requests) > 20
    own = (site.base, site.base.replace("http", "ws"), "data:", "blob:")
    assert [address for address in requests if not address.startswith(own)] == []


def test_the_browser_has_nothing_to_complain_of(shown):
    """Above all, that our policy forbids nothing that the page needs."""
    _, _, complaints = shown
    assert [said for said in complaints if not any(word in said for word in USUAL)] == []


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(shown, artefacts, size):
    page, _, _ = shown
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1000)
    page.screenshot(path=artefacts / f"sales-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_bars_nobody(shown, size, scheme):
    page, _, _ = shown
    width, height = SIZES[size]
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.get_attribute("html", "lang") == "ru"
    assert page.locator("h1").all_inner_texts() == ["Продажи"]
    page.emulate_media(color_scheme="light")


def test_another_period_gives_another_headline(shown, artefacts):
    page, _, _ = shown
    page.set_viewport_size({"width": 1440, "height": 900})
    revenue = page.locator(".mozg-tile").first.locator("strong")
    before = revenue.inner_text()
    page.get_by_label("Период", exact=True).select_option(label="Последние 28 дней")
    expect(revenue).not_to_have_text(before, timeout=30_000)
    expect(page.locator(".mozg-failure")).to_have_count(0)
    page.screenshot(path=artefacts / "sales-last-28-days.png")


KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"


def test_a_page_whose_line_broke_connects_again_and_goes_on(context, line, artefacts):
    page = context.new_page()
    page.goto(f"{line.address}voila/render/sales.ipynb")
    expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
    line.cut()
    said = page.locator(".dashboard-said")
    expect(said).to_contain_text("Связь потеряна")
    page.screenshot(path=artefacts / "connection-lost.png")
    line.mend()
    expect(said).to_be_empty(timeout=30_000)
    revenue = page.locator(".mozg-tile").first.locator("strong")
    before = revenue.inner_text()
    page.get_by_label("Период", exact=True).select_option(label="Последние 28 дней")
    expect(revenue).not_to_have_text(before, timeout=30_000)
    expect(page.locator(".dashboard-asleep")).to_be_hidden()
    page.goto("about:blank")
    page.close()


def test_a_page_whose_kernel_was_ended_says_so(visitor, shown):
    page, _, _ = shown
    asleep = page.locator(".dashboard-asleep")
    expect(asleep).to_be_hidden()
    visitor.client.get("")
    kernel = page.evaluate(KERNEL)
    assert visitor.client.delete(f"api/kernels/{kernel}", headers=visitor.xsrf).status_code == 204
    expect(asleep).to_be_visible()


def test_a_page_that_is_closed_takes_its_kernel_along(visitor, shown):
    page, _, _ = shown
    page.reload()
    expect(page.locator(LIVE).locator(".mozg-tile").first).to_be_visible(timeout=BOOT)
    kernel = f"api/kernels/{page.evaluate(KERNEL)}"
    assert visitor.client.get(kernel).status_code == 200
    page.goto("about:blank")
    deadline = time.monotonic() + 20
    while visitor.client.get(kernel).status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert visitor.client.get(kernel).status_code == 403


PASSWORD = "several words in a row"


def sign_in(page, email, password=PASSWORD):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_one_signs_in_on_the_real_page_and_comes_to_what_one_asked_for(browser, site, artefacts):
    user = add_user(site.organization.id, "olga@example.com", "Olga", "owner", password=PASSWORD)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.base}voila/render/sales.ipynb")
    sign_in(page, user.email, "not this one")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    page.screenshot(path=artefacts / "sign-in.png")
    sign_in(page, user.email)
    expect(page.locator(LIVE).locator(".mozg-tile").first).to_be_visible(timeout=BOOT)
    page.get_by_role("link", name="Все отчёты").click()
    expect(page.get_by_role("link", name="JupyterLab")).to_have_attribute("href", site.lab)
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not [cookie for cookie in context.cookies() if cookie["name"] == COOKIE]
    page.goto(site.base)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_who_signs_out_elsewhere_is_told_on_the_page(site, visitor, shown):
    page, _, _ = shown
    page.goto(f"{site.base}voila/render/sales.ipynb")
    expect(page.locator(LIVE).locator(".mozg-tile").first).to_be_visible(timeout=BOOT)
    close(visitor.person)
    page.wait_for_timeout(3000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".dashboard-asleep")).to_be_visible()
