"""iikoServer's API (``/resto/api``) over a simulated chain: plain-text errors, XML people, one licence slot."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import Body, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from mozg.simulate import entities
from mozg.simulate.chain import Chain
from mozg.simulate.keys import Keys, Licence
from mozg.simulate.olap import Olap, days_asked, question
from mozg.simulate.olap_fields import COLUMNS
from mozg.simulate.olap_filters import Refused

NO_SLOT = "License enhancement is required: no connections available for module 28008806"
NO_DATE = "OLAP-запрос отклонён: не найден ни один из обязательных фильтров: OpenDate.Typed"

Json = dict[str, Any]


def server_app(chain: Chain, olap: Olap, keys: Keys, licence: Licence) -> FastAPI:
    """Return the application; mount it so that ``/resto/api`` is below the till's base address."""
    app = FastAPI(openapi_url=None)
    app.add_exception_handler(StarletteHTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _malformed)
    _sign_in(app, keys, licence)
    signed_in = [Depends(_session(licence))]
    _reports(app, olap, signed_in)
    _directories(app, chain, signed_in)
    return app


async def _refuse(_: Request, error: Any) -> Response:
    if error.status_code == 404:
        return HTMLResponse("<html><body><h1>HTTP Status 404</h1></body></html>", 404)
    return PlainTextResponse(str(error.detail), error.status_code)


async def _malformed(_: Request, error: Any) -> Response:
    return PlainTextResponse(f"Wrong request: {error.errors()[0]['msg']}", 400)


async def _parameters(request: Request) -> dict[str, str]:
    form = parse_qs((await request.body()).decode())
    return {**{name: values[0] for name, values in form.items()}, **request.query_params}


def _key(request: Request, given: dict[str, str]) -> str | None:
    return given.get("key") or request.cookies.get("key")


def _session(licence: Licence) -> Any:
    def check(request: Request) -> None:
        if not licence.holds(_key(request, dict(request.query_params))):
            raise HTTPException(401, "Session is not found or has expired")

    return check


def _sign_in(app: FastAPI, keys: Keys, licence: Licence) -> None:
    @app.api_route("/resto/api/auth", methods=["GET", "POST"])
    async def auth(request: Request) -> Response:
        given = await _parameters(request)
        if not keys.opens(given.get("login", ""), given.get("pass", "")):
            raise HTTPException(401, "Неверный пароль")
        session = licence.take()
        if session is None:
            raise HTTPException(403, NO_SLOT)
        answer = PlainTextResponse(session)
        answer.set_cookie("key", session, path="/", httponly=True)
        return answer

    @app.api_route("/resto/api/logout", methods=["GET", "POST"])
    async def logout(request: Request) -> Response:
        session = _key(request, await _parameters(request))
        if not licence.holds(session):
            raise HTTPException(401, "Session is not found or has expired")
        licence.free(str(session))
        return PlainTextResponse(session)


def _reports(app: FastAPI, olap: Olap, signed_in: list[Any]) -> None:
    @app.get("/resto/api/v2/reports/olap/columns", dependencies=signed_in)
    def columns(reportType: str = "SALES") -> Json:  # noqa: N803  # the protocol's spelling
        if reportType != "SALES":
            raise HTTPException(400, f"Unknown report type: {reportType}")
        return {
            name: {"name": c.title, "type": c.kind, "aggregationAllowed": c.aggregates, "groupingAllowed": c.groups,
                   "filteringAllowed": c.groups, "tags": []}
            for name, c in COLUMNS.items()
        }  # fmt: skip

    @app.post("/resto/api/v2/reports/olap", dependencies=signed_in)
    def report(body: Annotated[Json, Body()]) -> Response:
        try:
            asked = question(body, "server", olap.today)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        if days_asked(asked) is None:
            raise HTTPException(409, NO_DATE)
        return Response(olap.answer(asked, "server"), media_type="application/json")


def _directories(app: FastAPI, chain: Chain, signed_in: list[Any]) -> None:
    @app.get("/resto/api/employees", dependencies=signed_in)
    def employees(includeDeleted: bool = False) -> Response:  # noqa: N803
        return Response(entities.employees_xml(chain, deleted=includeDeleted), media_type="application/xml")

    @app.get("/resto/api/employees/roles", dependencies=signed_in)
    def roles() -> Response:
        return Response(entities.roles_xml(chain), media_type="application/xml")

    @app.get("/resto/api/corporation/departments", dependencies=signed_in)
    def departments() -> Response:
        return Response(entities.departments_xml(chain), media_type="application/xml")

    @app.get("/resto/api/v2/entities/products/list", dependencies=signed_in)
    def products() -> list[Json]:
        return entities.server_products(chain)

    @app.get("/resto/api/v2/entities/products/group/list", dependencies=signed_in)
    def groups() -> list[Json]:
        return entities.server_groups(chain)

    @app.get("/resto/api/v2/entities/list", dependencies=signed_in)
    def dictionaries(rootType: str) -> list[Json]:  # noqa: N803
        return entities.units(chain) if rootType == "MeasureUnit" else []

    @app.get("/resto/api/v2/cashshifts/list", dependencies=signed_in)
    def shifts(openDateFrom: date, openDateTo: date, status: str) -> list[Json]:  # noqa: N803
        return entities.cash_shifts(chain, openDateFrom, openDateTo)
