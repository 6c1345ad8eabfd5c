"""The dashboards keep strangers out, serve reports and nothing else, and run no code for anybody."""

import asyncio
import json
import re
import uuid

import httpx
import pytest
from tornado.httpclient import HTTPRequest
from tornado.web import HTTPError
from tornado.websocket import websocket_connect

from mozg.access.scope import read_scope
from mozg.serve.dashboards import Dashboards, readable
from mozg.serve.kernels import DashboardKernels

NAMESPACES = ("http://www.w3.org/", "http://creativecommons.org/ns#", "http://purl.org/dc/")
REPORT = "voila/render/sales.ipynb"


def kernel_of(page):
    return re.search(r'"kernelId":\s*"([^"]+)"', page)[1]


@pytest.mark.parametrize("path", ["", REPORT, f"{REPORT}?token=wrong", "voila/api/shutdown/x"])
def test_without_the_token_there_is_only_the_sign_in_page(site, path):
    answer = httpx.get(site.base + path)
    assert answer.status_code in {302, 403, 405}
    assert "location" not in answer.headers or answer.headers["location"].startswith("/login")


def test_with_the_token_there_are_the_reports(site):
    page = site.client.get("")
    assert page.status_code == 200
    assert site.organization.name in page.text
    assert re.findall(r"voila/render/(\w+)\.ipynb", page.text) == [report.name for report in readable()]


CLOSED = """
voila/files/sales.ipynb
voila/files/chart.png
voila/files/../pyproject.toml
voila/tree
voila/api/contents
voila/render/nothing.ipynb
voila/render/../reports/sales.toml
voila/query/00000000-0000-0000-0000-000000000000
api/contents
api/kernels
static/../../etc/passwd
terminals/1
"""


@pytest.mark.parametrize("path", CLOSED.split())
def test_nothing_but_reports_is_served(site, path):
    answer = httpx.get(site.base + path, headers=site.client.headers)
    assert answer.status_code in {302, 403, 404}
    if answer.status_code == 302:
        assert site.client.get(answer.headers["location"]).status_code in {403, 404}


@pytest.fixture(scope="module")
def page(site):
    """The page as the server sends it, asked for with another template and theme."""
    answer = site.client.get(REPORT, params={"template": "reveal", "theme": "dark"})
    assert answer.status_code == 200
    yield answer.text
    site.client.post(f"voila/api/shutdown/{kernel_of(answer.text)}")


def test_a_reader_cannot_change_template_or_theme(page):
    assert "JupyterLab Light" in page
    assert "reveal" not in page


def test_the_page_names_nothing_outside(page):
    addresses = re.findall(r"https?://[^\s\"'<>\\]+", page)
    assert [address for address in addresses if not address.startswith(NAMESPACES)] == []


def test_the_page_holds_no_secret(site, page):
    assert site.token not in page
    assert "password" not in page.lower()


def message(kind, **content):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "version": "5.3"}
    parts = {"header": {**header, "date": "2026-01-01T00:00:00Z"}, "parent_header": {}, "metadata": {}}
    return json.dumps({**parts, "content": content, "channel": "shell", "buffers": []})


async def talk(site, kernel, *messages):
    """Send messages to a kernel as a page would and return the types of what comes back within two seconds."""
    address = f"{site.base.replace('http', 'ws')}api/kernels/{kernel}/channels"
    socket = await websocket_connect(HTTPRequest(address, headers=dict(site.client.headers)))
    for one in messages:
        await socket.write_message(one)
    heard = set()
    try:
        while True:
            answer = await asyncio.wait_for(socket.read_message(), 2)
            if isinstance(answer, str):
                heard.add(json.loads(answer)["msg_type"])
    except TimeoutError:
        return heard
    finally:
        socket.close()


def test_a_reader_cannot_run_code(site, page, tmp_path):
    mark = tmp_path / "was-here"
    code = f"open({str(mark)!r}, 'w').close()"
    heard = asyncio.run(
        talk(site, kernel_of(page), message("execute_request", code=code, silent=False), message("kernel_info_request"))
    )
    assert "kernel_info_reply" in heard
    assert "execute_reply" not in heard
    assert not mark.exists()


def test_a_stranger_cannot_reach_a_kernel(site, page):
    assert httpx.get(f"{site.base}api/kernels/{kernel_of(page)}").status_code in {302, 403}


def test_the_log_holds_no_token(site, page):
    assert site.client.get("nothing", params={"token": site.token}).status_code == 404
    assert site.token not in site.child.log.read_text()


def test_a_kernel_is_told_who_asks_and_no_secret(fresh_organization, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:secret@127.0.0.1/mozg")
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    kernels = DashboardKernels(parent=Dashboards(organization=fresh_organization))
    given = kernels._environment({"SERVER_SOFTWARE": "voila/1", "QUERY_STRING": "token=secret"})
    assert "secret" not in {value for name, value in given.items() if name != "MOZG_LAKE_DSN"}
    assert {"DATABASE_URL", "JUPYTER_TOKEN", "QUERY_STRING"}.isdisjoint(given)
    assert given["SERVER_SOFTWARE"] == "voila/1"
    scope = read_scope(given["MOZG_SCOPE"], given["MOZG_SCOPE_KEY"])
    assert (scope.organization, scope.role, scope.venues) == ("fresh", "manager", None)
    assert fresh_organization.reader_role in given["MOZG_LAKE_DSN"]


def test_there_is_room_for_so_many_pages_and_no_more():
    kernels = DashboardKernels(most_kernels=0)
    with pytest.raises(HTTPError, match="pages are open already") as refused:
        asyncio.run(kernels.start_kernel(env={}))
    assert refused.value.status_code == 503
