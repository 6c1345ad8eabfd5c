"""The API's own page, as somebody uses it who tries the API out before writing a program."""

import json
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from .conftest import V1

pytestmark = pytest.mark.browser


@pytest.fixture
def page(api):
    """Swagger's page, and everything that it asked for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page, asked = browser.new_page(viewport={"width": 1440, "height": 900}), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{api.address}/docs")
        yield page, asked
        browser.close()


def test_every_endpoint_is_there_and_one_can_be_tried_out(api, team, page):
    shown, asked = page
    expect(shown.locator(".opblock").first).to_be_visible(timeout=30_000)
    paths = team["manager"].client.get(f"{V1}/openapi.json").json()["paths"]
    assert shown.locator(".opblock").count() == sum(map(len, paths.values()))
    answer = _tried(shown, team["manager"].token)
    assert answer["person"]["email"] == team["manager"].user.email
    assert "venues.sync" in answer["allowed"]
    assert "users.read" not in answer["allowed"]
    assert all(url.startswith((api.address, "data:")) for url in asked), asked


def _tried(page, token):
    """Sign in with a token, try GET /auth/me out, and return what it answered."""
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".modal-ux input").fill(token)
    page.locator(".modal-ux").get_by_role("button", name="Apply credentials").click()
    page.locator(".modal-ux").get_by_role("button", name="Close", exact=True).last.click()
    block = page.locator(".opblock", has=page.locator(f'[data-path="{V1}/auth/me"]')).first
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    live = block.locator(".live-responses-table .response")
    expect(live.locator(".response-col_status")).to_contain_text("200", timeout=30_000)
    return json.loads(live.locator("pre code").first.inner_text())
