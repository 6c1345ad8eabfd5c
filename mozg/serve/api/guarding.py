"""What surrounds every request: its line in the log, the last resort for errors, headers, and a limit to its size.

These are plain ASGI, because Starlette's own kind of middleware copies every body.
"""

import logging
import secrets
import time
import traceback
from urllib.parse import quote

from fastapi import HTTPException
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mozg.serve.api.problems import problem
from mozg.settings import settings

LOG = logging.getLogger("mozg.api")
LARGEST_BODY = 1_000_000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Watch:
    """Notes each request without its query, and answers 500 with an incident's number where nothing else did."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:  # noqa: BLE001  # the last resort: nobody above would tell it without its inside
            incident = _incident(error)
            if not status:
                detail = "Something went wrong on our side. Please report it with the number of this incident."
                await problem(500, detail, incident=incident)(scope, receive, note)
        person = scope.get("state", {}).get("person", "-")
        milliseconds = (time.perf_counter() - began) * 1000
        LOG.info("%s %s %s %.0f ms person %s", scope["method"], _path(scope), status, milliseconds, person)


class SafeHeaders:
    """Adds the headers that keep answers from being framed, guessed at, kept or told on; a route's own win."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        secure = {"Strict-Transport-Security": "max-age=31536000"} if settings().address.startswith("https:") else {}
        self.headers = HEADERS | secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


class SmallBodies:
    """Refuses bodies that are larger than anything the API takes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        length = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > LARGEST_BODY:
            await problem(413, _TOO_LARGE)(scope, receive, send)
            return
        got = 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > LARGEST_BODY:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self.app(scope, counted, send)


_TOO_LARGE = f"A request may have at most {LARGEST_BODY:,} bytes."


def _incident(error: Exception) -> str:
    """Note an error under a number, without the values that a database puts into its words."""
    incident = secrets.token_hex(4)
    words = type(error.orig).__name__ if isinstance(error, DBAPIError) else str(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("incident %s: %s: %s\n%s", incident, type(error).__name__, words, frames)
    return incident


def _path(scope: Scope) -> str:
    """Return the path as it was sent, where a line break is still ``%0A``; the query may hold a secret."""
    return str(quote(scope.get("raw_path") or scope["path"], safe="/%:@!$&'()*+,;=~"))[:300]
