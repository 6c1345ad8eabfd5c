"""What somebody tries who may look at dashboards, or who may not even do that."""

import asyncio
import json
import os
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from tornado.httpclient import HTTPClientError

from mozg.access import tokens
from mozg.access.sessions import COOKIE, access_token, close, open_session, refresh_token

REPORT = "voila/render/sales.ipynb"
V1 = "v1.kernel.websocket.jupyter.org"
REFUSED = {400, 403, 404, 405}


@pytest.fixture(scope="module")
def colleague(site):
    return site.visit("owner")


@pytest.fixture(scope="module")
def competitor(site, other_organization):
    return site.visit("owner", other_organization)


@pytest.fixture(scope="module", params=["colleague", "competitor"])
def intruder(request):
    return request.getfixturevalue(request.param)


# --- Code -----------------------------------------------------------------------------------------------------------


def other_types():
    asked = {
        "code": "os.",
        "cursor_pos": 3,
        "hist_access_type": "tail",
        "n": 5,
        "raw": True,
        "output": False,
        "session": 0,
    }
    debug = {"type": "request", "seq": 1, "command": "debugInfo"}
    for kind in ("complete_request", "inspect_request", "history_request", "is_complete_request"):
        yield kind, "shell", asked | {"detail_level": 0}
    for kind in ("debug_request", "interrupt_request", "create_subshell_request", "usage_request"):
        yield kind, "control", debug
    yield "input_reply", "stdin", {"value": "x"}


def executing(mark):
    code = f"open({str(mark)!r}, 'w').close()"
    return {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}


async def exchange(visitor, page, messages, listen, protocols=()):
    socket = await visitor.socket(page.kernel, protocols)
    for one in messages:
        await socket.write_message(one, binary=isinstance(one, bytes))
    return {kind async for words in listen(socket) for kind in re.findall(r'"msg_type": ?"(\w+)"', words)}


def test_no_code_is_run(manager, page, say, listen, tmp_path):
    mark = tmp_path / "was-here"
    messages = [
        say("execute_request", channel, **executing(mark)) for channel in ("shell", "control", "stdin", "iopub")
    ]
    messages += [say("comm_open", comm_id="x", target_name="os", target_module="os", data=executing(mark))]
    messages += [json.dumps(json.loads(say("comm_msg", **executing(mark))) | {"msg_type": "execute_request"})]
    heard = asyncio.run(exchange(manager, page, [*messages, say("kernel_info_request")], listen))
    assert "kernel_info_reply" in heard
    assert {"execute_reply", "execute_input"}.isdisjoint(heard)
    assert not mark.exists()


@pytest.mark.parametrize("twice", [False, True])
def test_no_code_is_run_in_the_other_protocol_either(manager, page, say, listen, tmp_path, twice):
    """With ``twice`` the header names an allowed type first, for readers that disagree which of two counts."""
    mark = tmp_path / "was-here"

    def packed(kind, content):
        header = json.dumps(json.loads(say(kind))["header"])
        disguised = header.replace("{", '{"msg_type": "comm_msg", ', 1) if twice else header
        parts = [disguised.encode(), b"{}", b"{}", json.dumps(content).encode()]
        return [serialize_msg_to_ws_v1(parts, channel) for channel in ("shell", "control")]

    messages = [*packed("execute_request", executing(mark)), *packed("kernel_info_request", {})]
    heard = asyncio.run(exchange(manager, page, messages, listen, (V1,)))
    assert "kernel_info_reply" in heard
    assert {"execute_reply", "execute_input"}.isdisjoint(heard)
    assert not mark.exists()


def test_nothing_but_widgets_answers(manager, page, say, listen):
    messages = [say(kind, channel, **content) for kind, channel, content in other_types()]
    heard = asyncio.run(exchange(manager, page, [*messages, say("kernel_info_request")], listen))
    assert {kind for kind in heard if kind.endswith("_reply")} <= {"kernel_info_reply"}


def test_widgets_hold_nothing_that_is_not_shown(site, other_organization, manager, page):
    told = manager.told(page)
    assert "Secret venue" not in told
    assert not re.search(r"eyJ|postgres(ql)?:|MOZG_|DATABASE_URL", told)
    assert site.organization.reader_role not in told
    assert other_organization.reader_role not in told


# --- Somebody else's kernel -----------------------------------------------------------------------------------------


def test_anothers_kernel_is_out_of_reach(manager, page, intruder):
    intruder.client.get("")  # brings the cookie against forged requests
    kernel = f"api/kernels/{page.kernel}"
    answers = [
        intruder.client.get(kernel),
        intruder.client.delete(kernel, headers=intruder.xsrf),
        intruder.client.post(f"voila/api/shutdown/{page.kernel}", headers=intruder.xsrf),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert manager.reaches(page)


def refusal(opening):
    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(opening)
    return refused.value.code


def test_anothers_socket_is_out_of_reach(page, intruder):
    assert refusal(intruder.socket(page.kernel)) == 403
    assert refusal(intruder.socket(page.kernel, (V1,))) == 403


def test_another_session_of_the_same_person_is_another(manager, page):
    again = open_session(manager.person.user, kind="browser")
    cookie = f"{COOKIE}={tokens.issue('browser', again.user.organization_id, again.user.id, sid=again.session_id)}"
    assert refusal(manager.socket(page.kernel, Cookie=cookie)) == 403


@pytest.mark.parametrize(
    "headers", [{"Cookie": ""}, {"Cookie": f"{COOKIE}=x"}, {"Authorization": "token x", "Cookie": ""}]
)
def test_a_socket_needs_the_cookie(manager, page, headers):
    assert refusal(manager.socket(page.kernel, **headers)) == 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:8888", "null"])
def test_another_site_cannot_use_the_readers_cookie(manager, page, origin):
    """JupyterLab too is another site: what runs in its pages is an analyst's."""
    assert refusal(manager.socket(page.kernel, Origin=origin)) == 403
    answer = manager.client.post(f"voila/api/shutdown/{page.kernel}", headers=manager.xsrf | {"Origin": origin})
    assert answer.status_code in REFUSED
    assert "access-control-allow-origin" not in answer.headers
    assert manager.reaches(page)


def test_a_forged_request_ends_nothing(manager, page):
    kernel = f"api/kernels/{page.kernel}"
    assert manager.client.delete(kernel).status_code == 403
    assert manager.client.post(f"voila/api/shutdown/{page.kernel}").status_code == 403
    assert manager.client.post(f"voila/api/shutdown/{page.kernel}", data={"_xsrf": "2|a|b|1"}).status_code == 403
    assert manager.reaches(page)


def test_kernels_cannot_be_guessed(manager, page):
    guesses = [str(uuid.uuid4()), page.kernel.upper(), page.kernel[:-1] + "0", page.kernel + "0", "..", "%2e%2e", "*"]
    for guess in set(guesses) - {page.kernel}:
        assert manager.client.get(f"api/kernels/{guess}").status_code in REFUSED


def test_the_socket_of_a_closed_session_is_hung_up(site, listen):
    visitor = site.visit("manager")
    page = visitor.open()

    async def hang():
        socket = await visitor.socket(page.kernel)
        close(visitor.person)
        started = time.monotonic()
        _ = [words async for words in listen(socket, 30)]
        return time.monotonic() - started

    assert asyncio.run(hang()) < 25  # five seconds are meant; tests run several at once
    assert refusal(visitor.socket(page.kernel)) == 403


# --- Files and services ---------------------------------------------------------------------------------------------

CLOSED = """
voila/files/sales.ipynb voila/files/chart.png voila/files/../pyproject.toml voila/tree voila/tree/explore
voila/api/contents voila/api/contents/sales.ipynb voila/render/nothing.ipynb
voila/render/../reports/sales.toml voila/render/sales.toml voila/render/explore/start.ipynb
voila/render/%2e%2e/pyproject.toml voila/execution/{id} voila/query/{id} api api/contents
api/contents/sales.ipynb api/kernels api/kernels/{id} api/kernels/{id}/restart api/kernels/{id}/interrupt
api/kernelspecs api/sessions api/terminals api/config/x api/me api/status api/spec.yaml
api/security/csp-report login logout metrics nbextensions files/sales.ipynb view/sales.ipynb lab tree
notebooks/sales.ipynb terminals/1 terminals/websocket/1 static/base/images/logo.png
"""


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reports_is_served(manager, page, method):
    for path in CLOSED.split():
        answer = manager.client.request(method, path.format(id=uuid.uuid4()), headers=manager.xsrf)
        unseen = answer.status_code in REFUSED or (method == "OPTIONS" and not answer.content)
        assert unseen, f"{method} {path}: {answer.status_code} {answer.text[:200]}"


def test_other_sockets_are_not_served(manager, page):
    for path in (f"/voila/query/{page.kernel}", "/terminals/websocket/1"):
        answer = raw(manager, path, Connection="Upgrade", Upgrade="websocket", **{"Sec-WebSocket-Version": "13"})
        assert answer.startswith("404"), path


UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f", "..;/", "/")
ROOTS = ("static/", "voila/static/", "voila/templates/lab/static/", "voila/templates/", "voila/labextensions/",
         "voila/api/themes/", "voila/render/", "voila/files/", "")  # fmt: skip


def raw(visitor, path, **headers):
    """Ask for a path as it is written, and return the answer's status and text."""
    url = visitor.client.base_url
    connection = HTTPConnection(url.host, url.port, timeout=30)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    for name, value in ({"Cookie": f"{COOKIE}={visitor.cookie}"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    with answer:
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
    connection.close()
    return f"{answer.status} {text}"


@pytest.mark.parametrize("root", ROOTS)
def test_no_path_leads_out(manager, root):
    for up in UP:
        for target in ("etc/passwd", "pyproject.toml", "mozg/settings.py"):
            for path in (f"/{root}{up * 12}{target}", f"/{root}{up}{target}", f"/{root}{target}"):
                answer = raw(manager, path)
                assert answer[0] in "34", path
                assert not re.search(r"root:x?:0|\[project\]|class Settings", answer), path


def test_no_absolute_path_leads_out(manager, tmp_path):
    (tmp_path / "mark").write_text("found me")
    for root in ROOTS:
        assert "found me" not in raw(manager, f"/{root}{tmp_path}/mark")
        assert "found me" not in raw(manager, f"/{root}/{os.fspath(tmp_path)}/mark?v=1")


# --- Coming in ------------------------------------------------------------------------------------------------------


def tampered(visitor):
    """Yield cookies that look like the visitor's and are not."""
    real = visitor.cookie
    header, body, signature = real.split(".")
    claims = jwt.decode(real, options={"verify_signature": False})
    kid = jwt.get_unverified_header(real)
    stranger = Ed25519PrivateKey.generate()
    yield "nothing", ""
    yield "words", "owner"
    yield "no algorithm", jwt.encode(claims, None, algorithm="none", headers=kid | {"alg": "none"})
    yield "no signature", f"{header}.{body}."
    yield "another signature", f"{header}.{body}.{signature[::-1]}"
    yield "another key", jwt.encode(claims, stranger, algorithm="EdDSA", headers={"kid": kid["kid"]})
    yield "an unknown key", jwt.encode(claims, stranger, algorithm="EdDSA", headers={"kid": str(uuid.uuid4())})
    yield "an empty key", jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": kid["kid"]})
    changed = jwt.encode(claims | {"sub": "1", "org": 2}, stranger, algorithm="EdDSA", headers={"kid": kid["kid"]})
    yield "another body", f"{header}.{changed.split('.')[1]}.{signature}"


def test_a_cookie_that_was_tampered_with_opens_nothing(site, manager):
    for what, cookie in tampered(manager):
        answer = httpx.get(site.base, cookies={COOKIE: cookie})
        assert answer.status_code == 302, what
        assert httpx.URL(answer.headers["location"]).path == "/sign-in"


def issued_long_ago(person):
    key = tokens._key(tokens._signing())
    then = datetime.now(UTC) - timedelta(hours=13)
    about = {"sub": str(person.user.id), "org": person.user.organization_id, "sid": person.session_id}
    claims = about | {"aud": "mozg-browser", "iat": then, "exp": then + timedelta(hours=12)}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": tokens._signing()})


def test_what_was_issued_for_something_else_opens_nothing(site, manager, colleague, other_organization):
    person, other = manager.person, colleague.person.user
    api = open_session(person.user)
    purposes = {purpose: tokens.issue(purpose, person.user.organization_id, person.user.id, sid=person.session_id)
                for purpose in ("access", "refresh", "invite", "reset")}  # fmt: skip
    others = {
        "expired": issued_long_ago(person),
        "an API session": tokens.issue("browser", api.user.organization_id, api.user.id, sid=api.session_id),
        "access of the API": access_token(api),
        "refresh of the API": refresh_token(api),
        "no session": tokens.issue("browser", person.user.organization_id, person.user.id),
        "another organisation": tokens.issue("browser", other_organization.id, person.user.id, sid=person.session_id),
        "somebody else's session": tokens.issue("browser", other.organization_id, other.id, sid=person.session_id),
        "a scope": person.scope().sign(),
    }
    for what, cookie in (purposes | others).items():
        assert httpx.get(site.base, cookies={COOKIE: cookie}).status_code == 302, what


@pytest.mark.parametrize("way", ["query", "token", "bearer", "basic", "forwarded"])
def test_jupyters_own_ways_in_are_closed(site, manager, way):
    ways = {
        "query": {"params": {"token": manager.cookie}},
        "token": {"headers": {"Authorization": f"token {manager.cookie}"}},
        "bearer": {"headers": {"Authorization": f"Bearer {manager.cookie}"}},
        "basic": {"headers": {"Authorization": "Basic b3duZXI6b3duZXI="}},
        "forwarded": {"headers": {"X-Forwarded-User": manager.person.user.email, "X-User": "owner"}},
    }
    assert httpx.get(site.base + REPORT, **ways[way]).status_code == 302
    assert httpx.post(f"{site.base}login", data={"password": manager.cookie}).status_code in REFUSED


def test_nobody_is_sent_elsewhere_to_sign_in(site):
    home = httpx.URL(httpx.get(site.base).headers["location"])
    for path in (
        "//elsewhere.example/",
        "/%0d%0aSet-Cookie:a=b",
        "/?next=https://elsewhere.example",
        "/\\elsewhere.example",
    ):
        for host in ("127.0.0.1", "elsewhere.example"):
            connection = HTTPConnection(home.host, httpx.URL(site.base).port, timeout=30)
            connection.putrequest("GET", path, skip_host=True)
            connection.putheader("Host", host)
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status == 302
            there = httpx.URL(answer.headers["location"])
            assert (there.host, there.port, there.path) == (home.host, home.port, "/sign-in")
            assert "a=b" not in str(answer.headers.get("set-cookie"))
            answer.close()
            connection.close()


def test_nobody_chooses_whose_numbers_they_see(site, competitor):
    for asked in ({"organization": "fresh"}, {"scope": "fresh"}, {"parameters": '{"organization": "fresh"}'}):
        assert competitor.client.get(REPORT, params=asked).status_code == 400
    page = competitor.open()
    told = competitor.told(page)
    assert "Secret venue" in told
    assert site.organization.name not in told + page.text
    assert competitor.leave(page) == 204


@pytest.mark.parametrize(
    "path", ["voila/render/forecast_revenue.ipynb", "voila/render/forecast_revenue.ipynb?role=owner"]
)
def test_a_viewer_cannot_open_what_is_not_for_viewers(site, path):
    viewer = site.visit("viewer")
    assert viewer.client.get(path).status_code == 403
    assert (
        viewer.client.get(f"{path.partition('?')[0]}/../sales.ipynb/../forecast_revenue.ipynb").status_code in REFUSED
    )
