"""Who holds the cookie is asked of the database, seldom but often enough."""

import asyncio
import json
from dataclasses import replace
from itertools import count

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from mozg.access.organizations import create_organization
from mozg.access.sessions import COOKIE, browser_cookie, close, open_session
from mozg.access.users import add_user
from mozg.serve import identity
from mozg.serve.identity import CookieIdentity, OnlyPeople, Person


class Page(RequestHandler):
    """Answers with who asks."""

    async def get(self):
        person = await self.settings["identity"].get_user(self)
        self.write(json.dumps(person and self.settings["identity"].identity_model(person)))


@pytest.fixture(scope="module")
def organization(database):
    return create_organization("doors", "Двери", currency="RUB")


@pytest.fixture(scope="module")
def somebody(organization):
    """Open a session for somebody of a role."""
    numbers = count(1)

    def opened(role):
        user = add_user(organization.id, f"{role}-{next(numbers)}@example.com", role, role)
        return open_session(user, kind="browser")

    return opened


def asked(provider, *cookies, between=None):
    """Ask once with each cookie, and return status and text of each answer."""

    async def ask():
        socket, port = bind_unused_port()
        server = HTTPServer(Application([("/", Page)], identity=provider))
        server.add_sockets([socket])
        try:
            return [await one(port, cookie) for cookie in cookies]
        finally:
            server.stop()
            await server.close_all_connections()

    async def one(port, cookie):
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/", headers=headers, raise_error=False)
        if between is not None:
            between()
        return answer.code, answer.body.decode()

    return asyncio.run(ask())


def test_a_page_is_told_the_name_and_nothing_of_the_session(somebody):
    ((code, body),) = asked(CookieIdentity(), browser_cookie(somebody("owner")))
    assert code == 200
    told = json.loads(body)
    assert told["name"] == "owner"
    assert told["username"].startswith("doors/owner-")
    assert "signed_in" not in told


def test_without_a_cookie_there_is_nobody():
    assert asked(CookieIdentity(), "", "x", "a.b.c") == [(200, "null")] * 3


@pytest.mark.parametrize(("fresh", "seen"), [(60, True), (0, False)])
def test_a_closed_session_is_known_for_a_moment_and_no_longer(somebody, monkeypatch, fresh, seen):
    monkeypatch.setattr(identity, "FRESH", fresh)
    person = somebody("manager")
    cookie = browser_cookie(person)
    (_, before), (_, after) = asked(CookieIdentity(), cookie, cookie, between=lambda: close(person))
    assert before != "null"
    assert (after != "null") == seen


def test_the_moment_is_short():
    assert identity.FRESH <= 5


def test_who_may_not_come_in_is_refused(somebody):
    cookie = browser_cookie(somebody("manager"))
    assert asked(CookieIdentity(action="lab.open"), cookie)[0][0] == 403
    assert asked(CookieIdentity(organization="elsewhere"), cookie)[0][0] == 403
    assert asked(CookieIdentity(organization="doors"), cookie)[0][0] == 200


@pytest.mark.parametrize("provider", [CookieIdentity(), CookieIdentity(token="x")])
def test_jupyter_has_no_way_in_of_its_own(provider, monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    assert CookieIdentity().token == ""
    assert provider.get_handlers() == []
    assert provider.auth_enabled
    assert asked(provider, "x") == [(200, "null")]


def test_only_people_are_authorized(somebody):
    person = Person.of(somebody("owner"))
    doors = OnlyPeople()
    assert doors.is_authorized(None, person, "read", "contents")
    assert not doors.is_authorized(None, None, "read", "contents")
    assert not doors.is_authorized(None, "owner", "read", "contents")
    assert replace(person, username="x").signed_in == person.signed_in
