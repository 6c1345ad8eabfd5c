"""From a check closed at the till to a changed number on a page that is open: in less than a minute, untouched."""

import shutil
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from mozg.access.organizations import create_organization
from mozg.access.sessions import COOKIE
from mozg.access.venues import add_venue
from mozg.simulate import Chain, edits, serve
from mozg.simulate.iiko.calling import sell
from mozg.sync.live import read_open_days

pytestmark = pytest.mark.browser
LIVE, BOOT, MINUTE = "html:not(.waiting, .half)", 60_000, 60.0
#: A page is not drawn anew in its first 20 seconds: they are over when its clock has been put forward.
LATER = "(now => Date.now = () => now() + 20_000)(Date.now)"
CHANGED = """before => document.querySelector('html:not(.waiting, .half) #rendered_cells .mozg-tile')
    ?.innerText.replace(before, '')"""
DISHES = [(26, 40)]


@pytest.fixture
def tills():
    today = now().date()
    with serve(Chain.generate(seed=5, first=today - timedelta(3), last=today, venues=1)) as served:
        yield served


@pytest.fixture
def owner(database):
    """Return a new organisation with nothing yet."""
    return create_organization(f"live{time.monotonic_ns()}", "Кафе «Сейчас»", currency="RUB", locale="en",
                               timezone="Europe/Moscow")  # fmt: skip


def now():
    """Return the time on the restaurant's wall."""
    return datetime.now(ZoneInfo("Europe/Moscow")).replace(tzinfo=None, microsecond=0)


def venue_of(owner, till, **settings):
    """Add the venue behind a till, and read what it has sold today."""
    venue = add_venue(owner, **till | {"pos_config": till["pos_config"] | settings})
    read_open_days(owner, venue)
    return venue


@contextmanager
def open_page(site, organization):
    """Open today's sales in a browser, and wait until the page is live."""
    visitor = site.visit("manager", organization=organization)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": visitor.cookie, "url": site.base, "httpOnly": True}])
        page = context.new_page()
        page.goto(f"{site.base}voila/render/sales.ipynb?date_from=today&date_to=today&compare=none")
        expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
        yield page
        browser.close()


def tile(page):
    """Return what the first tile of a page says: its name and its number."""
    return page.locator("#rendered_cells .mozg-tile").first.inner_text()


def seconds_until_changed(page, before, started):
    """Wait until the first tile says something else, for two minutes at most; return the seconds since ``started``."""
    page.wait_for_function(CHANGED, arg=before, timeout=2 * MINUTE * 1000)
    return time.monotonic() - started


@pytest.mark.soak
def test_a_check_that_is_closed_now_is_on_the_open_page_within_a_minute(site, owner, tills, capsys):
    venue_of(owner, tills.venues("iiko_server")[0], live=True)
    with open_page(site, owner) as page:
        before = tile(page)
        started = time.monotonic()
        tills.replace(edits.sold(tills.chain, 0, now(), DISHES))
        seconds = seconds_until_changed(page, before, started)
        after = tile(page)
    with capsys.disabled():
        print(f"\nfrom the till to the open page: {seconds:.0f} s ({before!r} → {after!r})")
    assert after != before
    assert seconds < MINUTE


def test_a_till_that_calls_changes_the_open_page(site, owner, tills):
    """Nobody asks this till by the clock: that it calls is what has it read, and the lake and the page follow."""
    venue = venue_of(owner, tills.venues("iiko_cloud")[0], webhook_token="the word")
    tell_whom_to_call(tills, f"{site.api}/hooks/iiko/{owner.slug}/{venue.id}", "the word")
    with open_page(site, owner) as page:
        before = tile(page)
        page.evaluate(LATER)
        started = time.monotonic()
        assert sell(tills, 0, now(), DISHES) == [202]
        seconds = seconds_until_changed(page, before, started)
        after = tile(page)
    assert after != before
    assert seconds < MINUTE


def tell_whom_to_call(tills, address, word):
    """Enter a listener at iikoCloud, as the restaurant's administrator does."""
    keys = {"apiKey": tills.keys.api_key, "appId": tills.keys.app_id, "clientSecret": tills.keys.client_secret}
    with httpx.Client(base_url=f"{tills.address}/cloud/api") as cloud:
        cloud.headers["Authorization"] = f"Bearer {cloud.post('/v2/access_token', json=keys).json()['token']}"
        setting = {"organizationId": tills.chain.venues["external_id"][0], "webHooksUri": address, "authToken": word}
        assert cloud.post("/1/webhooks/update_settings", json=setting).is_success
