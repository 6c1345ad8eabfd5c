"""Two organisations with tell-tale data, the JupyterLab of one, and its people's browsers."""

import asyncio
import json
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from mozg.access.organizations import create_organization
from mozg.access.sessions import COOKIE, browser_cookie, open_session
from mozg.access.users import add_user
from mozg.access.venues import add_venue
from mozg.confine import require
from mozg.errors import ServiceError
from mozg.lake.refresh import refresh
from mozg.model import Payment, Receipt, ReceiptItem, Sales
from mozg.serve import services
from mozg.serve.children import Children
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.load import load_sales
from tests.sockets import message

ROOT = Path(__file__).resolve().parents[3]
TELL_TALE = "veranda-of-the-other-house"
SECRET = "the-secret-in-the-settings-file"
_HOLDS_ITS_TONGUE = 60


@pytest.fixture(scope="session", autouse=True)
def _walls():
    try:
        require()
    except ServiceError as error:
        pytest.skip(str(error))


def house(slug, hall, revenue):
    """An organisation of one venue with a hundred checks, read and in its lake."""
    organization = create_organization(slug, slug.title(), currency="EUR")
    venue = add_venue(organization, "Nord", timezone="Europe/Paris")
    day, opened, amount = date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC), Decimal(revenue)
    numbers = [str(number) for number in range(1, 101)]
    sales = Sales(
        [Receipt(n, day, opened, opened, revenue=amount, gross=amount, guests=2, hall=hall) for n in numbers],
        [ReceiptItem(n, "1", day, "soup", Decimal(1), amount, revenue=amount) for n in numbers],
        [Payment(n, "1", day, "Card", "card", amount) for n in numbers],
    )
    with transaction(organization.id) as connection:
        load_sales(connection, organization.id, venue.id, sales, 1)
    refresh(organization)
    return organization, venue


@dataclass
class Person:
    """Somebody with a browser that is signed in; ``send`` is its requests, with the token against forgery."""

    name: str
    user: object
    cookie: str
    client: httpx.Client

    @property
    def folder(self):
        return f"{self.name}-{self.user.id}"

    def send(self, method, path, **given):
        headers = {"X-XSRFToken": self.client.cookies.get("_xsrf", "")} | given.pop("headers", {})
        return self.client.request(method, path, headers=headers, **given)

    def come_in(self):
        return self.client.get("/", follow_redirects=True)

    def start_kernel(self):
        answer = self.send("POST", "/api/kernels", json={"name": "python3"})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def run(self, kernel, *cells):
        """Run cells through the kernel's socket, as the page does; return what each printed."""
        return asyncio.run(self._run(kernel, cells))

    async def _run(self, kernel, cells):
        socket = await self.socket(f"/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}")
        try:
            return [await asyncio.wait_for(_printed(socket, cell), _HOLDS_ITS_TONGUE) for cell in cells]
        finally:
            await closed(socket)

    async def socket(self, path, cookie=None):
        address = str(self.client.base_url).replace("http", "ws", 1).rstrip("/") + path
        value = self.cookie if cookie is None else cookie
        return await websocket_connect(HTTPRequest(address, headers={"Cookie": f"{COOKIE}={value}"}))


async def closed(socket):
    """Close a socket and wait until the server has closed it too."""
    socket.close()
    while await socket.read_message() is not None:
        pass


async def _printed(socket, code):
    request = message(
        "execute_request", code=code, silent=False, store_history=False, user_expressions={}, allow_stdin=False
    )
    await socket.write_message(json.dumps(request))
    printed = []
    while True:
        got = json.loads(await socket.read_message())
        if got["parent_header"].get("msg_id") != request["header"]["msg_id"]:
            continue
        if got["msg_type"] == "stream":
            printed.append(got["content"]["text"])
        elif got["msg_type"] == "error":
            printed.append("\n".join(got["content"]["traceback"]))
        elif got["msg_type"] == "display_data":
            printed.append(json.dumps(got["content"]["data"]))
        elif got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
            return "".join(printed)


@pytest.fixture(scope="session")
def ours(database):
    return house("ours", "garden", "100.00")


@pytest.fixture(scope="session")
def theirs(database):
    return house("theirs", TELL_TALE, "987654.32")


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A project's folder with a settings file, as an installation has one."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "reports"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("archive"))
    (folder / ".env").write_text(f"MOZG_SECRET_KEY={SECRET}\n")
    return folder


@pytest.fixture(scope="session")
def server(ours, theirs, project, tmp_path_factory):
    """The process that serves the JupyterLab of `ours`, and its address."""
    port = services.free_port(0)
    address = f"http://127.0.0.1:{port}"
    environment = {
        **services.environment(),
        "MOZG_PROJECT": str(project),
        "MOZG_SECRET_KEY": settings().secret.decode(),
    }
    with Children(tmp_path_factory.mktemp("log")) as children:
        module = ("mozg.serve.lab", "--organization", "ours", "--port", str(port))
        child = children.start("lab", module, environment)
        assert children.wait(child, lambda: services._answers(f"{address}/api"), 60, lambda: False)
        yield child, address


@pytest.fixture(scope="session")
def person(server):
    """Make somebody of an organisation and sign them in."""

    made = []

    def _person(name, organization, role, venues=None):
        user = add_user(organization.id, f"{name}@{organization.slug}.example", name.title(), role, venues=venues)
        cookie = browser_cookie(open_session(user, kind="browser"))
        client = httpx.Client(base_url=server[1], cookies={COOKIE: cookie}, timeout=60)
        made.append(Person(name, user, cookie, client))
        return made[-1]

    yield _person
    for one in made:
        one.client.close()


@pytest.fixture(scope="session")
def ann(person, ours):
    made = person("ann", ours[0], "analyst")
    made.come_in()
    return made


@pytest.fixture(scope="session")
def ben(person, ours):
    made = person("ben", ours[0], "analyst")
    made.come_in()
    return made
