"""Errors as the API tells them: problem details (RFC 9457), ``application/problem+json``, for every refusal."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from mozg.errors import (
    AccessError,
    DeliveryError,
    ForbiddenError,
    ForecastError,
    LakeError,
    MozgError,
    ParameterError,
    QueryError,
    ReportError,
    SignInError,
    StoreError,
    TillError,
)

LOG = logging.getLogger("mozg.api")
MEDIA = "application/problem+json"
#: What each error means over HTTP; the nearest class above an error counts.
STATUS: Mapping[type[MozgError], int] = {
    SignInError: 401,
    ForbiddenError: 403,
    AccessError: 422,
    QueryError: 422,
    ParameterError: 422,
    ReportError: 422,
    ForecastError: 422,
    TillError: 502,
    DeliveryError: 502,
    StoreError: 503,
    LakeError: 503,
    MozgError: 500,
}
#: Every route may answer these.
ALWAYS = (400, 413, 422, 429, 500, 503)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mozg"'}


class Misfit(BaseModel):
    """One part of a request that does not fit."""

    where: str = Field(examples=["body.email"])
    problem: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong, as RFC 9457 writes it. ``detail`` is one or more sentences for people."""

    type: str = Field(examples=["urn:mozg:problem:forbidden"])
    title: str = Field(examples=["Forbidden"])
    status: int = Field(examples=[403])
    detail: str = Field(examples=["Your role (viewer) does not allow you to see who may sign in."])
    fields: list[Misfit] | None = None
    incident: str | None = Field(None, description="Say this number when you report a server error.")


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, fields: Sequence[Misfit] | None = None,
    incident: str | None = None,
) -> Response:  # fmt: skip
    """Return the answer that tells a problem."""
    title = HTTPStatus(status).phrase
    told = Problem(
        type=f"urn:mozg:problem:{title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        fields=None if fields is None else list(fields),
        incident=incident,
    )
    return Response(told.model_dump_json(exclude_none=True), status, headers, media_type=MEDIA)


def declared(*more: int) -> dict[int | str, dict[str, Any]]:
    """Return for a route's ``responses`` the problems that every route has, and ``more``."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in sorted({*ALWAYS, *more})
    }


def status_of(error: MozgError) -> int:
    """Return the status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def missing(what: str, key: object) -> HTTPException:
    """Return the refusal for something that is not there, or is another organisation's: the two are told alike."""
    return HTTPException(404, f"There is no {what} {key}.")


@contextmanager
def refusing(status: int) -> Iterator[None]:
    """Answer ``status`` where the block raises a plain `AccessError`, with its words."""
    try:
        yield
    except (SignInError, ForbiddenError):
        raise
    except AccessError as error:
        raise HTTPException(status, str(error)) from None


def add_handlers(app: FastAPI) -> None:
    """Make ``app`` tell every error as a problem."""
    app.add_exception_handler(MozgError, _mozg)
    app.add_exception_handler(OperationalError, _gone)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _mozg(request: Request, error: Any) -> Response:
    status = status_of(error)
    if status == 500:
        raise error
    if status == 503:
        return await _gone(request, error)
    return problem(status, str(error), headers=CHALLENGE if status == 401 else None)


async def _gone(_: Request, error: Any) -> Response:
    """Answer where the database or the lake is not there, or went away in the middle."""
    LOG.error("%s: a part does not answer. Is Postgres running?", type(error).__name__)
    detail = "A part of this installation does not answer. Try again in a minute."
    return problem(503, detail, headers={"Retry-After": "60"})


async def _http(request: Request, error: Any) -> Response:
    unhelpful = error.detail == HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {request.url.path}: {error.detail}." if unhelpful else str(error.detail)
    headers = {"Allow": _methods(request)} if error.status_code == 405 else error.headers
    return problem(error.status_code, detail, headers=headers)


def _methods(request: Request) -> str:
    """Return the methods of a path: each of them is a route of its own, and Starlette tells only the first one's."""
    asked = {method: {**request.scope, "method": method} for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    routes = request.app.router.routes
    return ", ".join(
        method for method, scope in asked.items() if any(route.matches(scope)[0] is Match.FULL for route in routes)
    )


async def _invalid(_: Request, error: Any) -> Response:
    fields = [Misfit(where=".".join(map(str, each["loc"])), problem=str(each["msg"])) for each in error.errors()[:50]]
    return problem(422, "; ".join(f"{field.where}: {field.problem}" for field in fields[:3]) + ".", fields=fields)
