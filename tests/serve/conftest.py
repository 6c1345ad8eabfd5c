"""Two organisations, their people, and the dashboards of both in a process of their own."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psutil
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from mozg.access.organizations import Organization, create_organization
from mozg.access.scope import Role
from mozg.access.sessions import COOKIE, SignedIn, browser_cookie, open_session
from mozg.access.users import add_user
from mozg.access.venues import add_venue, venues_of
from mozg.lake.refresh import refresh
from mozg.serve import services
from mozg.serve.children import Child, Children
from mozg.simulate import Chain, serve
from mozg.sync.engine import sync
from tests.sockets import hang_up, message

ARTEFACTS = Path(__file__).resolve().parents[2] / "var" / "test-artefacts"
REPORT = "voila/render/sales.ipynb"


@dataclass(frozen=True)
class Page:
    """A report as the server sent it."""

    text: str

    @property
    def kernel(self) -> str:
        """The id of the kernel behind it."""
        config = re.search(r'id="jupyter-config-data" type="application/json">(.*?)</script>', self.text, re.DOTALL)
        assert config is not None
        return str(json.loads(config[1])["kernelId"])


def said(kind: str, channel: str = "shell", **content: Any) -> str:
    """Return a message to a kernel as it goes over the line."""
    return json.dumps(message(kind, channel, **content))


async def overheard(socket: WebSocketClientConnection, seconds: float = 3) -> AsyncIterator[str]:
    """Yield each answer as readable text until it is quiet for so long, then hang up."""
    try:
        while (heard := await asyncio.wait_for(socket.read_message(), seconds)) is not None:
            if isinstance(heard, bytes):
                yield heard.decode(errors="replace")
            else:
                yield json.dumps(json.loads(heard), ensure_ascii=False)
    except TimeoutError:
        return
    finally:
        hang_up(socket)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session of their own, as their browser sends it."""

    person: SignedIn
    cookie: str
    client: httpx.Client

    def open(self, path: str = REPORT, *, wait: bool = True, **query: str) -> Page:
        """Open a report, and wait until its cells have been run."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        page = Page(answer.text)
        if wait:
            asyncio.run(self._drawn(page.kernel))
        return page

    def leave(self, page: Page) -> int:
        """Close a page as a browser does, and return the answer's status."""
        return self.client.post(f"voila/api/shutdown/{page.kernel}", headers=self.xsrf).status_code

    def reaches(self, page: Page) -> bool:
        """Tell whether this visitor's page has a kernel."""
        return self.client.get(f"api/kernels/{page.kernel}").status_code == 200

    async def socket(self, kernel: str, protocols: tuple[str, ...] = (), **headers: str) -> WebSocketClientConnection:
        """Connect to a kernel as a page does."""
        return await self._connected(f"/api/kernels/{kernel}/channels", b"session_id=s", protocols, headers)

    async def _connected(
        self, path: str, query: bytes = b"", protocols: tuple[str, ...] = (), headers: dict[str, str] | None = None
    ) -> WebSocketClientConnection:
        base = self.client.base_url
        address = base.copy_with(scheme="ws", path=path, query=query)
        given = {"Cookie": f"{COOKIE}={self.cookie}", "Origin": str(base).rstrip("/")} | (headers or {})
        return await websocket_connect(
            HTTPRequest(str(address), headers=given, request_timeout=120), subprotocols=list(protocols)
        )

    async def _drawn(self, kernel: str) -> None:
        socket = await self._connected(f"/voila/execution/{kernel}")
        await socket.write_message('{"action": "execute"}')
        assert await asyncio.wait_for(socket.read_message(), 120)
        hang_up(socket)

    def told(self, page: Page) -> str:
        """Return all that the widgets of a page hold, shown or not."""
        return asyncio.run(self._told(page.kernel))

    async def _told(self, kernel: str) -> str:
        socket = await self.socket(kernel)
        await socket.write_message(said("comm_open", comm_id="c", target_name="jupyter.widget.control", data={}))
        await socket.write_message(said("comm_msg", comm_id="c", data={"method": "request_states"}))
        heard = [words async for words in overheard(socket) if "update_states" in words]
        assert heard
        return "".join(heard)

    @property
    def xsrf(self) -> dict[str, str]:
        """The header that a page of this site can send and others cannot."""
        return {"X-XSRFToken": self.client.cookies["_xsrf"]}


@dataclass(frozen=True)
class Site:
    """Running dashboards, and a way to come in; ``lab`` is the address that they give for JupyterLab.

    ``api`` is the address of the API beside them.
    """

    organization: Organization
    child: Child
    base: str
    lab: str
    visit: Callable[..., Visitor]
    api: str = ""

    def processes(self) -> dict[int, list[str]]:
        """Return what the dashboards have started, kernels above all: the command line of each process."""
        with suppress(psutil.NoSuchProcess):
            return {one.pid: one.cmdline() for one in psutil.Process(self.child.process.pid).children(recursive=True)}
        return self.processes()  # one has ended meanwhile

    def kernels(self) -> list[int]:
        """Return the processes of kernels that were forked: children of a fork server, which are called as it is."""
        found = self.processes()
        return [one for one in found if _is_fork_server(found[one]) and psutil.Process(one).ppid() in found]


def _is_fork_server(command: list[str]) -> bool:
    return "mozg.kernels.zygote" in command


@pytest.fixture(scope="session")
def fresh_organization(database: None) -> Organization:
    """Two venues whose tills were read up to yesterday, so that “last week” has something to show."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=3, first=last - timedelta(days=69), last=last, venues=2)
    organization = create_organization("fresh", "Кафе «Сегодня»", currency="RUB", locale="ru", country="RU")
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first, until=chain.last)
    refresh(organization)
    return organization


@pytest.fixture(scope="session")
def other_organization(database: None) -> Organization:
    """Somebody else's restaurant."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=5, first=last - timedelta(days=20), last=last, venues=1)
    organization = create_organization("other", "Бар «Напротив»", currency="EUR", country="DE")
    with serve(chain) as served:
        (venue,) = served.venues()
        venues = [add_venue(organization, **venue | {"name": "Secret venue"})]
        sync(organization, venues, since=chain.first, until=chain.last)
    refresh(organization)
    return organization


_numbers = count(1)


@contextmanager
def running(owner: Organization, folder: Path, *more: str) -> Iterator[Site]:
    """Dashboards that are told ``more`` on their command line, with the sign-in page that they need."""
    port, api_port, lab_port = services.free_ports(0, 0, 0)
    lab = f"http://127.0.0.1:{lab_port}/"
    told = services.sign_in_settings(api_port, port)
    api, plan = services.api(api_port, told), services.dashboards(port, told, {owner.slug: lab})
    plan = replace(plan, module=(*plan.module, "--no-paints", *more))  # a paint takes the processor for seconds
    with Children(folder) as children, ExitStack() as clients:
        for one in (api, plan):
            child = children.start(one.name, one.module, one.environment)
            assert children.wait(child, lambda one=one, child=child: one.answers(child), one.seconds, lambda: False)

        def visit(role: Role = "manager", organization: Organization = owner, venues: int | None = None) -> Visitor:
            own = None if venues is None else [venue.id for venue in venues_of(organization)][:venues]
            user = add_user(organization.id, f"{role}{next(_numbers)}@example.com", f"One {role}", role, venues=own)
            person = open_session(user, kind="browser")
            cookie = browser_cookie(person)
            client = clients.enter_context(httpx.Client(base_url=plan.address, cookies={COOKIE: cookie}, timeout=120))
            return Visitor(person, cookie, client)

        yield Site(owner, child, plan.address, lab, visit, f"http://{services.HOST}:{api_port}/api/v1")


@pytest.fixture(scope="session")
def site(fresh_organization: Organization, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The dashboards as they are usually served."""
    with running(fresh_organization, tmp_path_factory.mktemp("log")) as site:
        yield site


@pytest.fixture(scope="session")
def serving() -> Callable[..., Any]:
    """``with serving(organization, folder, …) as site``: dashboards of one's own, with more on the command line."""
    return running


@dataclass
class Line:
    """A line between a browser and the dashboards at ``port``, which can be cut and mended."""

    port: int
    whole: bool = True
    ends: set[asyncio.StreamWriter] = field(default_factory=set)
    address: str = ""

    async def serve(self, ready: Callable[[], None]) -> None:
        """Carry what comes, until it is cut and ``over`` is set."""
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._join, "127.0.0.1", 0) as server:
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            ready()
            await self.over.wait()

    def do(self, act: Callable[[], Any]) -> None:
        """Have something done in the line's own thread."""
        self.loop.call_soon_threadsafe(act)

    def cut(self) -> None:
        """Break what is connected, and let nobody connect."""
        self.whole = False
        for end in self.ends:
            end.transport.abort()

    def mend(self) -> None:
        """Let everybody connect again."""
        self.whole = True

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        there, thence = await asyncio.open_connection("127.0.0.1", self.port)
        self.ends |= {writer, thence}
        with suppress(OSError):
            await asyncio.gather(_carry(reader, thence), _carry(there, writer))
        self.ends -= {writer, thence}


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@pytest.fixture
def line(site: Site) -> Iterator[Any]:
    """A line to the dashboards: its ``address``, and how to ``cut`` and ``mend`` it."""
    line, ready = Line(httpx.URL(site.base).port or 0), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.serve(ready.set)))
    thread.start()
    assert ready.wait(10)
    yield SimpleNamespace(address=line.address, cut=lambda: line.do(line.cut), mend=lambda: line.do(line.mend))
    line.do(line.cut)
    line.do(line.over.set)
    thread.join()


@pytest.fixture(scope="session")
def manager(site: Site) -> Visitor:
    """A manager of every venue."""
    return site.visit("manager")


@pytest.fixture(scope="module")
def page(manager: Visitor) -> Iterator[Page]:
    """The manager's sales page of another period than the usual one."""
    page = manager.open(date_from="last_28_days", compare="none")
    yield page
    assert manager.leave(page) == 204


@pytest.fixture
def say() -> Callable[..., str]:
    """Make a message to a kernel."""
    return said


@pytest.fixture
def listen() -> Callable[..., AsyncIterator[str]]:
    """Hear what a socket answers."""
    return overheard


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots are kept for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS
