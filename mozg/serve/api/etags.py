"""Answers that a client may keep: a strong ETag on what is read, and If-Match where it is changed (RFC 9110 §13)."""

import threading
from hashlib import sha256
from typing import Any

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel

from mozg.serve.api.paging import Page

#: Held from the check of If-Match to the change. There is one API process, so this is enough.
CHANGING = threading.Lock()
READ: dict[int | str, dict[str, Any]] = {304: {"description": "Not Modified: what If-None-Match names is still right."}}


def tag_of(content: BaseModel) -> str:
    """Return the entity tag of a representation."""
    return _tag(_body(content))


def answer(request: Request, content: BaseModel) -> Response:
    """Return ``content`` with its tag, or 304 if the client has it already. A page says its next one in Link, too."""
    body = _body(content)
    headers = {"ETag": _tag(body), "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if isinstance(content, Page) and content.next:
        headers["Link"] = f'<{content.next}>; rel="next"'
    if _named(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def must_match(request: Request, now: BaseModel) -> None:
    """Do nothing if the request is about the representation ``now``, or names none.

    Raises:
        HTTPException: 412, somebody changed it since the client read it.
    """
    wanted = request.headers.get("if-match")
    if wanted is not None and not _named(wanted, tag_of(now)):
        raise HTTPException(412, "Somebody changed this since you read it. Read it again, then change it.")


def _body(content: BaseModel) -> bytes:
    return content.model_dump_json().encode()


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _named(header: str | None, tag: str) -> bool:
    given = [] if header is None else [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag in given or given == ["*"]
