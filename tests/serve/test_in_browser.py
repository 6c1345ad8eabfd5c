"""The sales dashboard as a manager sees it, in a real browser."""

import shutil
import time

import pytest
from playwright.sync_api import expect, sync_playwright

pytestmark = pytest.mark.browser
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
BOOT = 60_000


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shown(browser, site):
    """The page after signing in with the address that was printed, and every request it made."""
    page, requests = browser.new_page(viewport={"width": 1440, "height": 900}), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.address)
    page.get_by_role("link", name="Sales").click(timeout=BOOT, no_wait_after=True)
    expect(page.locator(".mozg-tile").first).to_be_visible(timeout=BOOT)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=BOOT)
    yield page, requests
    page.close()


def test_the_page_asks_nothing_from_outside(site, shown):
    _, requests = shown
    assert len(requests) > 20
    own = (site.base, site.base.replace("http", "ws"), "data:", "blob:")
    assert [address for address in requests if not address.startswith(own)] == []


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(shown, artefacts, size):
    page, _ = shown
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1000)
    page.screenshot(path=artefacts / f"sales-{size}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_period_gives_another_headline(shown, artefacts):
    page, _ = shown
    page.set_viewport_size({"width": 1440, "height": 900})
    revenue = page.locator(".mozg-tile").first.locator("strong")
    before = revenue.inner_text()
    page.get_by_label("Period", exact=True).select_option(label="Last 28 days")
    expect(revenue).not_to_have_text(before, timeout=30_000)
    expect(page.locator(".mozg-failure")).to_have_count(0)
    page.screenshot(path=artefacts / "sales-last-28-days.png")


KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"


def test_a_page_whose_kernel_was_ended_says_so(site, shown):
    page, _ = shown
    asleep = page.locator(".dashboard-asleep")
    expect(asleep).to_be_hidden()
    assert site.client.post(f"voila/api/shutdown/{page.evaluate(KERNEL)}").status_code == 204
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(asleep).to_be_visible()


def test_a_page_that_is_closed_takes_its_kernel_along(site, shown):
    page, _ = shown
    page.reload()
    expect(page.locator(".mozg-tile").first).to_be_visible(timeout=BOOT)
    kernel = f"api/kernels/{page.evaluate(KERNEL)}"
    assert site.client.get(kernel).status_code == 200
    page.goto("about:blank")
    deadline = time.monotonic() + 20
    while site.client.get(kernel).status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert site.client.get(kernel).status_code == 404
