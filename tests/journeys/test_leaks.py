"""A storm of requests from one organisation at everything that listens; nothing of another's may come back.

What is another's secret says `MARK` or costs `PRICE`; its ids, its short name and its venue's name are given to the
intruders, as if they had guessed them. The same requests with the owner's own token show that the marks can be seen.
"""

import asyncio
import json
import random
import re
import string
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from hmac import digest
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from mozg.access import vault
from mozg.access.organizations import create_organization
from mozg.access.permissions import ROLES
from mozg.access.sessions import COOKIE, access_token, browser_cookie, open_session, refresh_token
from mozg.access.users import add_user
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.serve import services
from mozg.serve.api.app import create_app
from mozg.serve.children import Children
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.store.tables import Alert, Forecast, ReportRun
from tests.sockets import hang_up, message

pytestmark = pytest.mark.slow
MARK, PRICE = "wisteria", "77123.45"
SEEN = re.compile(rf"{MARK}|77[ ,.\u00a0\u202f]?123[.,]45|7712345", re.IGNORECASE)
SEED = 20261123
#: A tenth of them in every run of the tests, all of them in ``make soak``.
REQUESTS = {"api": 6_000, "dashboards": 2_500, "lab": 1_600}
SOCKETS = 60
V1 = "/api/v1"
PATHS = [(method.upper(), path) for path, ways in create_app().openapi()["paths"].items() for method in ways]
#: What would end the storm's own sign-ins, or only makes work: organisations, runs and readings of tills.
LEFT_OUT = {"/auth/logout", "/auth/register", "/auth/password", "/reports/{name}/runs", "/venues/{venue_id}/sync"}


def house(slug, mark, price):
    """An organisation with something of each kind that can be told, all of it saying ``mark``."""
    organization = create_organization(slug, f"House of {mark}", currency="EUR", timezone="Europe/Paris")
    venue = add_venue(organization, "Nord", timezone="Europe/Paris", city=mark, pos_config={"api_key": mark})
    vault.keep(organization.id, vault.TELEGRAM_BOT, f"1:{mark}")
    owner = add_user(organization.id, f"{mark}@{slug}.example", f"Olga {mark}", "owner")
    _sell(organization, venue, mark, Decimal(price))
    run_id = f"sales-{slug}-20261123T070500-0a1b"
    _outcomes(organization, venue, owner, run_id, mark, Decimal(price))
    return SimpleNamespace(organization=organization, venue=venue, owner=owner, run=run_id, mark=mark)


def _sell(organization, venue, mark, price):
    last = datetime.now(UTC).date() - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(30)]
    menu = Catalogue([Category("c", mark)], [Product("p", f"Soup {mark}", "c")], [Employee("e", f"Anna {mark}")])
    checks = [(f"{day}", day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) for day in days]
    sales = Sales(
        [Receipt(n, d, t, t, guests=2, gross=price, revenue=price, waiter="e", hall=mark) for n, d, t in checks],
        [ReceiptItem(n, "1", d, "p", Decimal(1), price, revenue=price, waiter="e") for n, d, _ in checks],
        [Payment(n, "1", d, mark, "card", price) for n, d, _ in checks],
    )
    with transaction(organization.id) as connection:
        load_catalogue(connection, organization.id, menu, 1)
        load_sales(connection, organization.id, venue.id, sales, 1)
    refresh(organization)


def _outcomes(organization, venue, owner, run_id, mark, price):
    own = {"organization_id": organization.id}
    folder = settings().archive / organization.slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run_id}.html").write_text(f"<p>{mark} {price}</p>", "utf-8")
    run = {"run_id": run_id, "report": "sales", "parameters": {"note": mark}, "asked_by": owner.email, "outcome": "ok",
           "files": {"html": f"{run_id}.html"}, "error": mark}  # fmt: skip
    today = datetime.now(UTC).date()
    forecast = {"venue_id": venue.id, "metric": "revenue", "made_on": today, "business_date": today, "yhat": price,
                "lo80": price, "hi80": price, "model": mark, "wape": None}  # fmt: skip
    with transaction(organization.id) as connection:
        connection.execute(insert(ReportRun), own | run)
        connection.execute(insert(Forecast), own | forecast)
        connection.execute(insert(Alert), own | {"venue_id": venue.id, "kind": mark, "details": {"note": mark}})


@pytest.fixture(scope="module")
def ours(database):
    return house("leaks-ours", "lavender", "11.10")


@pytest.fixture(scope="module")
def theirs(database):
    return house("leaks-theirs", MARK, PRICE)


@pytest.fixture(scope="module")
def served(ours, theirs, tmp_path_factory):
    """API, dashboards and our JupyterLab, with limits that the storm does not reach: base addresses and the logs."""
    logs = tmp_path_factory.mktemp("leaks")
    api_port, port, lab_port = services.free_ports(0, 0, 0)
    told = services.sign_in_settings(api_port, port, lab_port)
    told |= {"MOZG_REQUESTS_PER_MINUTE": "1000000", "MOZG_SIGN_INS_PER_HOUR": "1000000"}
    plans = {
        "api": services.api(api_port, told),
        "dashboards": services.dashboards(port, told, {}),
        "lab": services.lab(ours.organization, lab_port, told),
    }
    with Children(logs) as children:
        for plan in plans.values():
            child = children.start(plan.name, plan.module, plan.environment)
            assert children.wait(child, lambda plan=plan, child=child: plan.answers(child), 120, lambda: False)
        ports = {"api": api_port, "dashboards": port, "lab": lab_port}
        yield SimpleNamespace(base={name: f"http://127.0.0.1:{one}" for name, one in ports.items()}, logs=logs)


@dataclass(frozen=True)
class Attempt:
    """One request of the storm."""

    method: str
    path: str
    headers: dict
    content: bytes = b""


class Storm:
    """Requests from ``ours`` at what is ``theirs``, the same for the same seed."""

    def __init__(self, ours, theirs, kernel, tokens):
        self.random = random.Random(SEED)
        self.ours, self.theirs, self.kernel, self.tokens = ours, theirs, kernel, tokens

    def pick(self, *choices):
        return self.random.choice(choices)

    def attempts(self, where):
        """Yield attempts without end at ``api``, ``dashboards`` or ``lab``."""
        while True:
            attempt = getattr(self, where)()
            yield replace(attempt, headers=attempt.headers | self.disguise())

    def id_(self, number):
        return self.pick(
            number, number, number, f"0{number}", f"{number}.0", f"+{number}", f"{number}%00", f"{number},1",
            f"{self.ours.venue.id}%20OR%201=1", f"..%2F{number}", f"{number}'--", f"%EF%BC%91{number}", -number,
        )  # fmt: skip

    def names(self):
        theirs = self.theirs
        run = self.pick(theirs.run, theirs.run, f"..%2F{theirs.organization.slug}%2F{theirs.run}", "%2A", "%25")
        return {
            "user_id": self.id_(theirs.owner.id),
            "venue_id": self.id_(theirs.venue.id),
            "run_id": run,
            "name": self.pick("sales", "usage", f"..%2F..%2Farchive%2F{theirs.organization.slug}"),
            "format": self.pick("html", "pdf", "ipynb", "..%2Fhtml"),
        }

    def api(self):
        method, path = self.random.choice(PATHS)
        while path.removeprefix(V1) in LEFT_OUT:
            method, path = self.random.choice(PATHS)
        query = self.filters() if self.random.random() < 0.5 else {}
        body = self.body(path) if method in {"POST", "PATCH"} else None
        headers = {"Authorization": f"Bearer {self.token()}"} if self.random.random() < 0.95 else {}
        content = b"" if body is None else json.dumps(body).encode()
        headers |= {"Content-Type": "application/json", "If-Match": "*"} if content else {}
        return Attempt(method, f"{path.format(**self.names())}?{urlencode(query)}", headers, content)

    def filters(self):
        theirs = self.theirs
        key = self.pick("organization", "organization_id", "venue", "venue_id", "user_id", "report", "after", "limit")
        values = (theirs.organization.slug, theirs.organization.id, theirs.venue.id, theirs.owner.id, theirs.run,
                  "0", "100", "*", "%", "' OR '1'='1")  # fmt: skip
        return {key: self.pick(*values)}

    def body(self, path):
        theirs, ours = self.theirs, self.ours
        match path.removeprefix(V1):
            case "/query":
                where = {self.pick("venue", "dish", "waiter", "hall"): [self.pick("Nord", str(theirs.venue.id), "%")]}
                return {"metrics": ["revenue"], "by": [self.pick("venue", "dish", "waiter", "hall")], "where": where,
                        "compare": self.pick("none", "2026-01-01..2026-12-31"), "period": "last_28_days"}  # fmt: skip
            case "/auth/telegram":
                return {"organization": theirs.organization.slug, "init_data": self.init_data()}
            case "/auth/login":
                return {"email": f"o@{theirs.organization.slug}.example", "password": self.noise(12),
                        "organization": theirs.organization.slug}  # fmt: skip
            case "/auth/refresh":
                return {"refresh_token": self.token()}
            case "/auth/password/reset/confirm" | "/auth/invitations/accept":
                return {"token": self.token(), "password": "four words are enough"}
            case "/organizations/users":
                return {"email": f"{self.noise(9)}@example.com", "name": "N", "role": "viewer",
                        "venues": [theirs.venue.id]}  # fmt: skip
            case _:
                about = {"organization_id": theirs.organization.id, "venues": [theirs.venue.id], "id": theirs.owner.id}
                return self.pick(about, {"name": f"N {self.noise(5)}"}, {"venues": [theirs.venue.id, ours.venue.id]})

    def init_data(self):
        """Mini App data, well signed with our own bot's token or with a guess."""
        user = json.dumps({"id": self.random.randrange(1, 99)})
        fields = {"auth_date": str(int(time.time())), "query_id": self.noise(8), "user": user}
        bot = self.pick(f"1:{self.ours.mark}", "1:", self.noise(20))
        lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
        key = digest(b"WebAppData", bot.encode(), "sha256")
        return urlencode(fields | {"hash": digest(key, lines.encode(), sha256).hex()})

    def token(self):
        """A token of one of ours, more often than not bent towards them."""
        token = self.random.choice(self.tokens)
        if self.random.random() < 0.4:
            return token
        claims = jwt.decode(token, options={"verify_signature": False})
        claims |= self.pick(
            {"org": self.theirs.organization.id},
            {"org": self.theirs.organization.id, "sub": str(self.theirs.owner.id)},
            {"aud": self.pick("mozg-access", "mozg-refresh", "mozg-browser", "mozg-reset", "mozg-invite")},
            {"sid": self.random.randrange(1, 60)},
        )
        kid = jwt.get_unverified_header(token)["kid"]
        head, body, signature = token.split(".")
        bent = jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid})
        return self.pick(
            bent,
            jwt.encode(claims, None, algorithm="none", headers={"kid": kid}),
            jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": kid}),
            ".".join([*bent.split(".")[:2], signature]),
            f"{head}.{body}.",
        )

    def disguise(self):
        theirs = self.theirs
        return self.pick(
            {}, {}, {},
            {"X-Organization": theirs.organization.slug, "X-Organization-Id": str(theirs.organization.id)},
            {"X-Forwarded-User": f"owner@{theirs.organization.slug}.example", "X-Remote-User": str(theirs.owner.id)},
            {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=localhost"},
            {"X-HTTP-Method-Override": "GET", "X-Original-URL": f"{V1}/venues/{theirs.venue.id}"},
            {"Range": "bytes=0-4096"},
            {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"},
        )  # fmt: skip

    def cookie(self):
        return {"Cookie": f"{COOKIE}={self.token()}"}

    def dashboards(self):
        theirs = self.theirs
        up = self.pick("../", "..%2f", "%2e%2e/", "....//", "..%5c") * self.random.randrange(1, 7)
        archive = f"reports/archive/{theirs.organization.slug}/{theirs.run}.html"
        path = self.pick(
            f"/api/kernels/{self.kernel}", f"/api/kernels/{self.guess()}", f"/voila/query/{self.kernel}",
            f"/voila/files/{up}{archive}", f"/voila/static/{up}{archive}", f"/static/{up}{archive}",
            f"/voila/render/{up}{archive}", f"/voila/templates/mozg/static/{up}{archive}", f"/files/{archive}",
            "/api/kernels", "/api/contents", "/api/sessions", "/voila/tree", "/api/terminals", "/metrics", "/",
            f"/voila/render/no.ipynb?organization={theirs.organization.slug}", f"/?o={theirs.organization.id}",
            f"/voila/api/shutdown/{self.kernel}", f"/runs/{theirs.run}/html", "/archive", "/archive?report=sales",
            f"/archive?before={self.random.randrange(10_000)}", "/favourites?report=sales",
        )  # fmt: skip
        return Attempt(self.pick("GET", "GET", "GET", "POST", "DELETE", "PUT"), path, self.cookie())

    def lab(self):
        theirs = self.theirs
        up = self.pick("../", "..%2f", "%2e%2e/") * self.random.randrange(1, 7)
        desk = f"{theirs.owner.email.partition('@')[0]}-{theirs.owner.id}".replace(MARK, "owner")
        path = self.pick(
            f"/api/contents/{up}{theirs.organization.slug}/{desk}", f"/files/{up}secret.key", f"/api/contents/{desk}",
            f"/files/{up}lake/{theirs.organization.lake_schema}", f"/api/kernels/{self.kernel}", "/api/kernels",
            "/api/sessions", "/api/terminals", f"/nbconvert/html/{up}notebooks/sales.ipynb", "/api/contents",
            f"/api/contents/{quote(up)}?hidden=1&content=1", "/lab/api/workspaces", "/api/me", "/lab/api/settings",
            f"/voila/render/sales.ipynb?organization={theirs.organization.slug}",
        )  # fmt: skip
        return Attempt(self.pick("GET", "GET", "GET", "POST", "DELETE"), path, self.cookie())

    def guess(self):
        return f"{self.noise(8)}-{self.noise(4)}-4{self.noise(3)}-a{self.noise(3)}-{self.noise(12)}"

    def noise(self, length):
        return "".join(self.random.choices(string.hexdigits.lower(), k=length))


@pytest.fixture(scope="module")
def tokens(ours):
    """Tokens of every kind of one person per role, and of a manager of one venue."""
    people = [add_user(ours.organization.id, f"{role}@leaks.example", role, role) for role in ROLES]
    people.append(add_user(ours.organization.id, "one@leaks.example", "One", "manager", venues=[ours.venue.id]))
    made = []
    for user in people:
        api, browser = open_session(user), open_session(user, kind="browser")
        made += [access_token(api), access_token(api), refresh_token(open_session(user)), browser_cookie(browser)]
    return made


@pytest.fixture(scope="module")
def open_page(served, theirs):
    """The id of the kernel behind their owner's page, which stays open; the page itself."""
    cookie = browser_cookie(open_session(theirs.owner, kind="browser"))
    page = httpx.get(f"{served.base['dashboards']}/voila/render/sales.ipynb", cookies={COOKIE: cookie}, timeout=120)
    return SimpleNamespace(kernel=re.search(r'"kernelId": ?"([0-9a-f-]+)"', page.text)[1], text=page.text)


def told(answer):
    """Return all of an answer that its receiver can read."""
    return f"{answer.status_code} {dict(answer.headers)} {answer.text}"


def test_their_owner_sees_the_marks(served, theirs, open_page):
    """Else nothing below would mean anything."""
    token = access_token(open_session(theirs.owner))
    assert SEEN.search(open_page.text)
    with httpx.Client(base_url=served.base["api"] + V1, headers={"Authorization": f"Bearer {token}"}) as client:
        asked = {"metrics": ["revenue"], "by": ["dish"]}
        answers = [client.get(path) for path in ("/auth/me", "/organizations/users", "/forecasts", "/runs")]
        answers += [client.post("/query", json=asked), client.get(f"/runs/{theirs.run}/files/html")]
    for answer in answers:
        assert answer.status_code == 200
        assert SEEN.search(told(answer)), answer.url


@pytest.mark.parametrize("where", REQUESTS)
@pytest.mark.parametrize("part", [pytest.param(10, id="a tenth"), pytest.param(1, id="all", marks=pytest.mark.soak)])
def test_nothing_of_theirs_comes_back(served, ours, theirs, tokens, open_page, where, part):
    storm = Storm(ours, theirs, open_page.kernel, tokens)
    attempts = list(islice(storm.attempts(where), REQUESTS[where] // part))
    statuses, leaks, broken = Counter(), [], []

    def send(part):
        nonlocal broken
        with httpx.Client(base_url=served.base[where], timeout=60) as client:
            for one in part:
                answer = client.request(one.method, one.path, headers=one.headers, content=one.content)
                statuses[answer.status_code] += 1
                broken += [one] if answer.status_code >= 500 else []
                if SEEN.search(told(answer)):
                    leaks.append((one, told(answer)[:500]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, [attempts[start::4] for start in range(4)]))
    assert leaks == []
    assert sum(statuses.values()) == len(attempts)
    assert broken == []
    assert statuses[200] > (len(attempts) // 20 if where == "api" else 0), statuses


def test_no_socket_leads_to_their_kernel_and_our_own_says_nothing_of_theirs(served, ours, theirs, tokens, open_page):
    heard = asyncio.run(_sockets(served, Storm(ours, theirs, open_page.kernel, tokens), ours))
    assert heard["refused"] == SOCKETS
    assert heard["answers"] > 20
    assert not SEEN.search(heard["words"])


async def _sockets(served, storm, ours):
    refused = 0
    for _ in range(SOCKETS):
        where = storm.pick("dashboards", "lab")
        address = f"{served.base[where]}/api/kernels/{storm.pick(storm.kernel, storm.guess())}/channels?session_id=s"
        headers = storm.cookie() | {"Origin": served.base[where]}
        try:
            hang_up(await websocket_connect(HTTPRequest(address.replace("http", "ws", 1), headers=headers)))
        except HTTPClientError:
            refused += 1
    words = await _own_kernel(served, storm, ours)
    return {"refused": refused, "answers": len(words), "words": "".join(words)}


async def _own_kernel(served, storm, ours):
    """Ask our own dashboard's kernel for theirs, through every message that it takes and some that it does not."""
    base = served.base["dashboards"]
    cookie = {"Cookie": f"{COOKIE}={browser_cookie(open_session(ours.owner, kind='browser'))}"}
    async with httpx.AsyncClient(timeout=120) as client:
        page = await client.get(f"{base}/voila/render/sales.ipynb", headers=cookie)
    kernel = re.search(r'"kernelId": ?"([0-9a-f-]+)"', page.text)[1]
    address = f"{base.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels?session_id=s"
    socket = await websocket_connect(HTTPRequest(address, headers=cookie | {"Origin": base}))
    try:
        return await _asked_for_theirs(socket, storm, page.text)
    finally:
        hang_up(socket)


async def _asked_for_theirs(socket, storm, page):
    await socket.write_message(_said("comm_open", comm_id="c", target_name="jupyter.widget.control", data={}))
    await socket.write_message(_said("comm_msg", comm_id="c", data={"method": "request_states"}))
    words = [page, *await _heard(socket, 3)]
    widgets = sorted(set(re.findall(r"[0-9a-f]{32}", "".join(words))))
    for widget in widgets:
        for value in ("Nord", [storm.theirs.venue.id], storm.theirs.organization.slug, 1, ["Nord", "%"]):
            state = {"value": value, "index": 1, "options": ["Nord"], "_options_labels": ["Nord"]}
            update = {"method": "update", "state": state, "buffer_paths": []}
            await socket.write_message(_said("comm_msg", comm_id=widget, data=update))
    code = f"from mozg.lake.reader import *; open_lake({storm.theirs.organization.slug!r})"
    for channel in ("shell", "control"):
        await socket.write_message(_said("execute_request", channel, code=code, silent=False))
    return words + await _heard(socket, 10)


def _said(kind, channel="shell", **content):
    return json.dumps(message(kind, channel, **content))


async def _heard(socket, seconds):
    words = []
    while True:
        try:
            got = await asyncio.wait_for(socket.read_message(), seconds)
        except TimeoutError:
            return words
        if got is None:
            return words
        words.append(got.decode(errors="replace") if isinstance(got, bytes) else got)


def test_no_log_holds_a_secret_of_either(served, ours, tokens):
    """Runs after the storm."""
    logs = {path.name: path.read_text(errors="replace") for path in Path(served.logs).glob("*.log")}
    assert {"api.log", "dashboards.log"} <= set(logs)
    assert len(logs["api.log"].splitlines()) > REQUESTS["api"] / 10
    for name, words in logs.items():
        assert not SEEN.search(words), name
        assert not [token for token in tokens if token.rpartition(".")[2] in words], name
        assert ours.mark not in words, name


def test_our_export_holds_nothing_of_theirs(ours, theirs):
    from mozg.reports.service import run_report

    run = run_report(
        ours.organization, "sales", {"date_from": "last_28_days", "date_to": "last_28_days"}, ["html", "xlsx"]
    )
    for path in (run.notebook, *run.files.values()):
        content = path.read_bytes()
        assert MARK.encode() not in content
        assert theirs.organization.reader_role.encode() not in content
    assert ours.mark in run.files["html"].read_text("utf-8")
