"""What can go wrong on the way, switched on by a test, and a log of who asked what."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

ASGI = Any

PROXY_PAGE = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Fault:
    """One wrong answer to the next request whose path contains ``path``; ``status`` None cuts a good one in half."""

    path: str
    status: int | None = 500
    body: str = "java.lang.NullPointerException"
    media: str = "text/plain"
    retry_after: str | None = None


@dataclass
class Faults:
    """The switches. ``legacy_sign_in`` false makes ``/api/1/access_token`` answer 403."""

    legacy_sign_in: bool = True
    queue: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, path: str, status: int = 500, *, retry_after: str | None = None, times: int = 1) -> None:
        """Answer the next ``times`` requests to ``path`` with ``status`` and a text."""
        self.queue += [Fault(path, status, retry_after=retry_after)] * times

    def page(self, path: str, status: int = 200) -> None:
        """Answer the next request to ``path`` with a proxy's HTML page."""
        self.queue.append(Fault(path, status, PROXY_PAGE, "text/html"))

    def cut(self, path: str) -> None:
        """Send only the first half of the next answer to ``path``."""
        self.queue.append(Fault(path, None))

    def take(self, path: str) -> Fault | None:
        """Return the fault that awaits a request to ``path``, and forget it."""
        with self._lock:
            found = next((fault for fault in self.queue if fault.path in path), None)
            if found is not None:
                self.queue.remove(found)
            return found


@dataclass
class Log:
    """Requests per path, and the most that were under way at the same time in one session."""

    paths: Counter[str] = field(default_factory=Counter)
    busiest: Counter[str] = field(default_factory=Counter)
    _now: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, path: str, session: str) -> None:
        """Note that a request begins."""
        with self._lock:
            self.paths[path] += 1
            self._now[session] += 1
            self.busiest[session] = max(self.busiest[session], self._now[session])

    def leave(self, session: str) -> None:
        """Note that a request has been answered."""
        with self._lock:
            self._now[session] -= 1


class Gate:
    """ASGI middleware: every request is logged, and some meet a fault instead of the server."""

    def __init__(self, app: ASGI, faults: Faults, log: Log) -> None:
        self.app, self.faults, self.log = app, faults, log

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass an HTTP request on to the application, or answer it with the fault that awaits it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        session = _session(scope)
        self.log.enter(scope["path"], session)
        try:
            fault = self.faults.take(scope["path"])
            if fault is None:
                await self.app(scope, receive, send)
            elif fault.status is None:
                await self.app(scope, receive, _Halved(send))
            else:
                await _answer(fault, send)
        finally:
            self.log.leave(session)


def _session(scope: Any) -> str:
    headers = dict(scope["headers"])
    cookie = SimpleCookie(headers.get(b"cookie", b"").decode()).get("key")
    return cookie.value if cookie else headers.get(b"authorization", b"").decode()


async def _answer(fault: Fault, send: Any) -> None:
    headers = [(b"content-type", fault.media.encode())]
    if fault.retry_after is not None:
        headers.append((b"retry-after", fault.retry_after.encode()))
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": fault.body.encode()})


class _Halved:
    """Sends the first half of an answer's body under a length that fits it, as a broken proxy does."""

    def __init__(self, send: Any) -> None:
        self.send = send
        self.start: dict[str, Any] = {}

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        half = message.get("body", b"")[: len(message.get("body", b"")) // 2]
        kept = [(name, value) for name, value in self.start["headers"] if name != b"content-length"]
        await self.send({**self.start, "headers": [*kept, (b"content-length", str(len(half)).encode())]})
        await self.send({"type": "http.response.body", "body": half})
