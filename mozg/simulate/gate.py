"""ASGI middleware before all simulated tills: it logs requests, holds callers to limits, and lets faults happen."""

import asyncio
import contextlib
from http.cookies import SimpleCookie
from typing import Any

from starlette.requests import ClientDisconnect

from mozg.simulate.faults import Fault, Faults
from mozg.simulate.log import Log

ASGI = Any

#: Seconds that iikoServer takes longer when a session asks several things at once, which the vendor forbids.
_JAM, _SERVER = 0.3, "/resto/"
_PIECES = 20
#: Seconds between looks whether silent tills speak again.
_LOOK = 0.005


class Gate:
    """Every request is logged, and some meet a fault instead of the server."""

    def __init__(self, app: ASGI, faults: Faults, log: Log) -> None:
        self.app, self.faults, self.log = app, faults, log

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass an HTTP request on to the application, or answer it with the fault that awaits it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        session, path = _session(scope), scope["path"]
        under_way = self.log.enter(path, session)
        try:
            while not self.faults.speak():
                await asyncio.sleep(_LOOK)
            if under_way > 1 and _SERVER in path:
                await asyncio.sleep(_JAM)
            with contextlib.suppress(ClientDisconnect):  # who hung up, or was killed, wants no answer
                await self._answered(self._fault(path), scope, receive, send)
        finally:
            self.log.leave(session)

    def _fault(self, path: str) -> Fault | None:
        for part, (most, seconds) in self.faults.limits.items():
            if part in path and self.log.since(part, seconds) > most:
                return Fault(path, 429, "TOO_MANY_REQUESTS")
        return self.faults.take(path)

    async def _answered(self, fault: Fault | None, scope: Any, receive: Any, send: Any) -> None:
        if fault is None:
            await self.app(scope, receive, send)
        elif fault.status is not None:
            await _refuse(fault, send)
        elif fault.delay > _patience(scope):
            await _refuse(Fault("", 408, '{"errorDescription": "Timeout", "error": null}', "application/json"), send)
        else:
            await asyncio.sleep(fault.delay)
            await self.app(scope, receive, Altered(send, fault))


def _patience(scope: Any) -> float:
    """Return how long the caller lets iikoCloud wait for the restaurant, in seconds; others wait for ever."""
    header = dict(scope["headers"]).get(b"timeout")
    return float(header) if header else float("inf")


def _session(scope: Any) -> str:
    headers = dict(scope["headers"])
    cookie = SimpleCookie(headers.get(b"cookie", b"").decode()).get("key")
    return cookie.value if cookie else headers.get(b"authorization", b"").decode()


async def _refuse(fault: Fault, send: Any) -> None:
    headers = [(b"content-type", fault.media.encode())]
    if fault.retry_after is not None:
        headers.append((b"retry-after", fault.retry_after.encode()))
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": fault.body.encode()})


class Altered:
    """Sends an answer with its body changed under a length that fits it, all at once or drop by drop."""

    def __init__(self, send: Any, fault: Fault) -> None:
        self.send, self.fault = send, fault
        self.start: dict[str, Any] = {}
        self.body = b""

    async def __call__(self, message: Any) -> None:
        """Keep the message until the answer is whole, then send it."""
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._send(self.fault.change(self.body) if self.fault.change else self.body)

    async def _send(self, body: bytes) -> None:
        kept = [(name, value) for name, value in self.start["headers"] if name != b"content-length"]
        await self.send({**self.start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
        size = max(len(body) // _PIECES, 1) if self.fault.drip else max(len(body), 1)
        for at in range(0, len(body) or 1, size):
            await asyncio.sleep(self.fault.drip)
            piece = body[at : at + size]
            await self.send({"type": "http.response.body", "body": piece, "more_body": at + size < len(body)})
