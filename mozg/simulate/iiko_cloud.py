"""iikoCloud's API over a simulated chain: sign-in old and new, organisations, menu, people, the SALES report."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from mozg.simulate import cloud_entities as entities
from mozg.simulate.chain import Chain
from mozg.simulate.faults import Faults
from mozg.simulate.keys import Keys, Tokens
from mozg.simulate.olap import Olap, days_asked, question
from mozg.simulate.olap_fields import COLUMNS
from mozg.simulate.olap_filters import Refused

LONGEST = 31

Json = dict[str, Any]
Asked = Annotated[Json, Body()]


def cloud_app(chain: Chain, olap: Olap, keys: Keys, tokens: Tokens, faults: Faults) -> FastAPI:
    """Return the application; its root is the till's base address."""
    app = FastAPI(openapi_url=None)
    app.add_exception_handler(StarletteHTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _malformed)
    _sign_in(app, keys, tokens, faults)
    signed_in = [Depends(_bearer(tokens))]
    _classic(app, chain, signed_in)
    _back_office(app, chain, signed_in)
    _reports(app, olap, signed_in)
    return app


def _refusal(status: int, text: str, code: str | None = None) -> JSONResponse:
    return JSONResponse({"correlationId": str(uuid.uuid4()), "errorDescription": text, "error": code}, status)


async def _refuse(_: Request, error: Any) -> Response:
    return _refusal(error.status_code, str(error.detail))


async def _malformed(_: Request, error: Any) -> Response:
    return _refusal(400, f"Validation failed: {error.errors()[0]['msg']}", "VALIDATION")


def _bearer(tokens: Tokens) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not tokens.valid(token):
            raise HTTPException(401, "Token is not valid or has expired")

    return check


def _answer(**body: Any) -> Json:
    return {"correlationId": str(uuid.uuid4()), **body}


def _sign_in(app: FastAPI, keys: Keys, tokens: Tokens, faults: Faults) -> None:
    @app.post("/api/v2/access_token")
    def access_token(body: Asked) -> Json:
        if (body.get("apiKey"), body.get("appId"), body.get("clientSecret")) != (
            keys.api_key, keys.app_id, keys.client_secret,
        ):  # fmt: skip
            raise HTTPException(401, "API key, application or client secret is wrong")
        return _answer(token=tokens.issue())

    @app.post("/api/1/access_token")
    def legacy_access_token(body: Asked) -> Json:
        if not faults.legacy_sign_in:
            raise HTTPException(403, "This key supports authorization v2 only")
        if body.get("apiLogin") != keys.api_login:
            raise HTTPException(401, "Login is not authorized")
        return _answer(token=tokens.issue())


def _classic(app: FastAPI, chain: Chain, signed_in: list[Any]) -> None:
    @app.post("/api/1/organizations", dependencies=signed_in)
    def organizations(body: Asked) -> Json:
        wanted = body.get("organizationIds")
        return _answer(organizations=entities.organizations(chain, wanted, extended=body.get("returnAdditionalInfo")))

    @app.post("/api/1/terminal_groups", dependencies=signed_in)
    def terminal_groups(body: Asked) -> Json:
        groups = entities.terminal_groups(chain, _known(chain, body.get("organizationIds")))
        return _answer(terminalGroups=groups, terminalGroupsInSleep=[])

    @app.post("/api/1/nomenclature", dependencies=signed_in)
    def nomenclature(body: Asked) -> Json:
        _known(chain, [body.get("organizationId")])
        return _answer(**entities.nomenclature(chain, body.get("startRevision") or 0))


def _known(chain: Chain, organizations: Any) -> list[str]:
    strangers = set(organizations or []) - set(chain.venues["external_id"])
    if strangers or not organizations:
        raise HTTPException(400, f"Organization {', '.join(map(str, strangers))} doesn't belong to your api login")
    return list(organizations)


def _back_office(app: FastAPI, chain: Chain, signed_in: list[Any]) -> None:
    lists = {
        "/api/nomenclature/v2/product/list": lambda body: entities.products(chain),
        "/api/nomenclature/v2/group/list": lambda body: entities.groups(chain),
        "/api/employees/v1/employee/list": lambda body: entities.employees(chain, body.get("fields")),
        "/api/employees/v1/positions/list": lambda body: entities.positions(chain),
    }
    for path, rows in lists.items():
        app.post(path, dependencies=signed_in)(_paged(rows))


def _paged(rows: Callable[[Json], list[Json]]) -> Callable[[Json], Json]:
    def page(body: Asked) -> Json:
        limit, offset = body.get("limit", 50), body.get("offset", 0)
        if not 1 <= limit <= 1000:
            raise HTTPException(400, "limit must be between 1 and 1000")
        found = entities.matching(rows(body), body.get("filters") or [])
        shown = [entities.only(row, body.get("fields")) for row in found[offset : offset + limit]]
        return {"items": shown, "totalCount": len(found), "limit": limit, "offset": offset}

    return page


def _reports(app: FastAPI, olap: Olap, signed_in: list[Any]) -> None:
    @app.post("/api/reporting/v1/olap/columns/get", dependencies=signed_in)
    def columns() -> list[Json]:
        return [
            {"name": name, "displayName": c.title, "type": c.kind, "canAggregate": c.aggregates,
             "canGroup": c.groups, "canFilter": c.groups, "tags": []}
            for name, c in COLUMNS.items()
        ]  # fmt: skip

    @app.post("/api/reporting/v1/olap/get", dependencies=signed_in)
    def report(body: Asked) -> Response:
        try:
            asked = question(body, "cloud", olap.today)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        span = days_asked(asked)
        if span is None:
            raise HTTPException(400, "A filter on OpenDate.Typed is required")
        if span > LONGEST:
            raise HTTPException(400, f"The period is {span} days, at most {LONGEST} are allowed")
        return Response(olap.answer(asked, "cloud"), media_type="application/json")
