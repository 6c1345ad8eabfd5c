"""From a check closed at the till to a changed number on a page that is open: in less than a minute, untouched."""

import shutil
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect, sync_playwright

from mozg.access.organizations import create_organization
from mozg.access.sessions import COOKIE
from mozg.access.venues import add_venue
from mozg.simulate import Chain, edits, serve
from mozg.sync.live import read_open_days

pytestmark = [pytest.mark.browser, pytest.mark.soak]
LIVE, BOOT, MINUTE = "html:not(.waiting, .half)", 60_000, 60.0


@pytest.fixture
def tills():
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    with serve(Chain.generate(seed=5, first=today - timedelta(3), last=today, venues=1)) as served:
        yield served


@pytest.fixture
def organization(database, tills):
    live = create_organization("live", "Кафе «Сейчас»", currency="RUB", locale="en", timezone="Europe/Moscow")
    till = tills.venues("iiko_server")[0]
    venue = add_venue(live, **till | {"pos_config": till["pos_config"] | {"live": True}})
    read_open_days(live, venue)
    return live


def test_a_check_that_is_closed_now_is_on_the_open_page_within_a_minute(site, organization, tills, capsys):
    visitor = site.visit("manager", organization=organization)
    address = f"{site.base}voila/render/sales.ipynb?date_from=today&date_to=today&compare=none"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": visitor.cookie, "url": site.base, "httpOnly": True}])
        page = context.new_page()
        page.goto(address)
        tile = page.locator("#rendered_cells .mozg-tile").first
        expect(page.locator(LIVE)).to_be_attached(timeout=BOOT)
        before = tile.inner_text()
        closed = datetime.now(ZoneInfo("Europe/Moscow")).replace(tzinfo=None, microsecond=0)
        started = time.monotonic()
        tills.replace(edits.sold(tills.chain, 0, closed, [(26, 40)]))
        page.wait_for_function(
            "before => document.querySelector('html:not(.waiting, .half) #rendered_cells .mozg-tile')"
            "?.innerText.replace(before, '')",
            arg=before,
            timeout=2 * MINUTE * 1000,
        )
        seconds = time.monotonic() - started
        after = tile.inner_text()
        browser.close()
    with capsys.disabled():
        print(f"\nfrom the till to the open page: {seconds:.0f} s ({before!r} → {after!r})")
    assert after != before
    assert seconds < MINUTE
