"""Who comes in, and whose kernel, terminal and session is whose."""

import asyncio
import json
from urllib.parse import quote

import httpx
import psutil
import pytest
from tornado.httpclient import HTTPClientError

from mozg.access.sessions import browser_cookie, close, open_session
from mozg.access.users import change_user

from .conftest import closed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kernel(ann):
    return ann.start_kernel()


@pytest.fixture(scope="module")
def terminal(ann):
    return ann.send("POST", "/api/terminals").json()["name"]


@pytest.fixture(scope="module")
def session(ann, kernel):
    given = {"path": f"{ann.folder}/a.ipynb", "name": "a", "type": "notebook", "kernel": {"id": kernel}}
    return ann.send("POST", "/api/sessions", json=given).json()["id"]


def socket_status(person, path, cookie=None):
    """What a socket's request is answered with: 101 where it opens."""

    async def attempt():
        try:
            await closed(await person.socket(path, cookie))
        except HTTPClientError as error:
            return error.code
        return 101

    return asyncio.run(attempt())


@pytest.mark.parametrize("path", ["/desk", "/lab", "/lab/tree/x"])
def test_a_stranger_is_sent_to_the_sign_in_page(server, path):
    answer = httpx.get(f"{server[1]}{path}")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"http://127.0.0.1:8000/sign-in?next={quote(server[1] + path, safe='')}"


def test_a_stranger_reaches_no_kernel_file_or_terminal(server, ann, kernel, terminal):
    for path in ("/api/kernels", "/api/contents", "/api/sessions", "/api/terminals", f"/files/{ann.folder}/x"):
        assert httpx.get(f"{server[1]}{path}").status_code in (302, 403), path
    for path in (f"/api/kernels/{kernel}/channels", f"/terminals/websocket/{terminal}"):
        assert socket_status(ann, path) == 101
        for cookie in ("", "x", ann.cookie[:-4] + "AAAA"):
            assert socket_status(ann, path, cookie) == 403


@pytest.mark.parametrize("role", ["manager", "viewer"])
def test_roles_without_the_lab_stay_out(person, ours, ann, kernel, terminal, role):
    other = person(role, ours[0], role)
    refused(other, ann, kernel, terminal)


def test_an_analyst_of_some_venues_stays_out(person, ours, ann, kernel, terminal):
    organization, venue = ours
    refused(person("vic", organization, "analyst", venues=[venue.id]), ann, kernel, terminal)


def test_the_owner_of_another_organisation_stays_out(person, theirs, ann, kernel, terminal):
    refused(person("zoe", theirs[0], "owner"), ann, kernel, terminal)


def refused(other, ann, kernel, terminal):
    for path in ("/", "/desk", "/lab", "/api/kernels", "/api/contents", f"/api/kernels/{kernel}", "/api/me"):
        answer = other.client.get(path, follow_redirects=True)
        assert answer.status_code == 403, path
    assert other.send("POST", "/api/kernels", json={}).status_code == 403
    assert socket_status(other, f"/api/kernels/{kernel}/channels") == 403
    assert socket_status(other, f"/terminals/websocket/{terminal}") == 403
    assert ann.send("GET", f"/api/kernels/{kernel}").status_code == 200


def test_a_colleague_reaches_none_of_what_is_mine(ann, ben, kernel, terminal, session):
    assert socket_status(ben, f"/api/kernels/{kernel}/channels") == 403
    assert socket_status(ben, f"/terminals/websocket/{terminal}") == 403
    for method, path in {
        "GET": f"/api/kernels/{kernel}", "DELETE": f"/api/kernels/{kernel}",
    }.items():  # fmt: skip
        assert ben.send(method, path).status_code == 403
    for action in ("restart", "interrupt"):
        assert ben.send("POST", f"/api/kernels/{kernel}/{action}").status_code == 403
    assert ben.send("DELETE", f"/api/terminals/{terminal}").status_code == 403
    for method in ("GET", "DELETE", "PATCH"):
        assert ben.send(method, f"/api/sessions/{session}", json={"name": "x"}).status_code in (404, 410), method
    assert kernel in json.dumps(ann.send("GET", "/api/kernels").json())
    for path in ("kernels", "sessions", "terminals"):
        seen = ben.send("GET", f"/api/{path}").json()
        assert kernel not in json.dumps(seen)
        assert terminal not in [one.get("name") for one in seen] or path != "terminals"


def test_a_colleague_takes_no_kernel_of_mine_by_its_id(ann, ben, kernel):
    assert ben.send("POST", "/api/kernels", json={"name": "python3", "kernel_id": kernel}).status_code == 404
    given = {"path": f"{ben.folder}/b.ipynb", "name": "b", "type": "notebook", "kernel": {"id": kernel}}
    assert ben.send("POST", "/api/sessions", json=given).status_code in (404, 500)
    mine = given | {"kernel": {"name": "python3"}}
    session = ben.send("POST", "/api/sessions", json=mine).json()["id"]
    changed = ben.send("PATCH", f"/api/sessions/{session}", json={"kernel": {"id": kernel}})
    assert changed.status_code == 404
    assert kernel not in json.dumps(ben.send("GET", "/api/sessions").json())
    for wished in ("../../x", "x" * 80):
        assert ben.send("POST", "/api/kernels", json={"name": "python3", "kernel_id": wished}).status_code == 400


def test_requests_without_the_token_against_forgery_are_refused(ann):
    for path in ("/api/kernels", "/api/terminals", f"/api/contents/{ann.folder}"):
        assert ann.client.post(path, json={}).status_code == 403
    for origin in ("http://evil.example", "http://127.0.0.1:1"):
        answer = ann.send("POST", "/api/terminals", headers={"Origin": origin})
        assert answer.status_code in (403, 404), origin


def test_a_terminal_is_a_confined_shell_whatever_the_request_wishes(ann):
    wishes = {"shell_command": ["/bin/sh", "-c", "cat /etc/shadow; sleep 9"], "cwd": "/etc", "extra_env": {"A": "b"}}
    name = ann.send("POST", "/api/terminals", json=wishes).json()["name"]
    said = asyncio.run(typed(ann, name, "pwd; cat /etc/shadow; psql -Atc 'SELECT DISTINCT hall FROM receipts'; env\r"))
    assert ann.folder in said
    assert "Permission denied" in said
    assert "garden" in said
    assert "root:" not in said
    assert "MOZG_SECRET_KEY" not in said


async def typed(person, name, text):
    socket = await person.socket(f"/terminals/websocket/{name}")
    await socket.write_message(json.dumps(["stdin", text + "echo e''nd\r"]))
    said = ""
    while "\rend\r" not in said:
        said += "".join(map(str, json.loads(await asyncio.wait_for(socket.read_message(), 20))[1:]))
    await closed(socket)
    return said


@pytest.mark.parametrize("path", ["/api/shutdown", "/lab/api/build", "/lab/api/extensions", "/lab/api/plugins"])
def test_what_would_run_in_the_server_itself_is_not_there(ann, path):
    assert ann.send("POST", path, json={}).status_code in (404, 405)
    assert ann.send("GET", "/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/api/nbconvert", "/nbconvert/html/x", "/api/config/x", "/lab/api/news", "/lsp/status"]
)
def test_doors_that_nobody_needs_are_closed(ann, path):
    answer = ann.send("GET", path)
    assert answer.status_code == 404 or f'"notFoundUrl": "{path}"' in answer.text  # JupyterLab's page for such


def leaves(person, path, leave):
    """Whether a socket is closed from the other side, and why, after its holder left."""

    async def left():
        socket = await person.socket(path)
        await asyncio.to_thread(leave)
        while await asyncio.wait_for(socket.read_message(), 30) is not None:
            pass
        socket.close()
        return socket.close_code

    return asyncio.run(left())


def test_who_signs_out_loses_the_sockets_but_not_the_kernel(person, ours):
    eve = person("eve", ours[0], "analyst")
    eve.come_in()
    kernel, terminal = eve.start_kernel(), eve.send("POST", "/api/terminals").json()["name"]
    for path in (f"/api/kernels/{kernel}/channels", f"/terminals/websocket/{terminal}"):
        signed_in = open_session(eve.user, kind="browser")
        eve.cookie = browser_cookie(signed_in)
        assert leaves(eve, path, lambda signed_in=signed_in: close(signed_in)) == 1008
        assert socket_status(eve, path) == 403
    assert [one["id"] for one in eve.send("GET", "/api/kernels").json()] == [kernel]


def test_who_may_not_be_here_any_more_loses_kernels_and_terminals_too(person, ours, server):
    gus = person("gus", ours[0], "analyst")
    gus.come_in()
    before = set(psutil.Process(server[0].process.pid).children())
    kernel, _ = gus.start_kernel(), gus.send("POST", "/api/terminals")
    (left_behind,) = gus.run(kernel, "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)")
    started = set(psutil.Process(server[0].process.pid).children()) - before
    assert len(started) == 2
    started.add(psutil.Process(int(left_behind)))
    assert leaves(gus, f"/api/kernels/{kernel}/channels", lambda: change_user(gus.user, active=False)) == 1008
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []
    assert gus.client.get("/api/contents").status_code == 403
