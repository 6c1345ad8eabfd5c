"""iikoServer's API (``/resto/api``) over a simulated chain: plain-text errors, XML people, few licence slots."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import Body, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from mozg.simulate.iiko import entities, people
from mozg.simulate.iiko.olap import Olap, columns_of, days_asked, question
from mozg.simulate.iiko.olap_filters import Refused
from mozg.simulate.world import World

NO_SLOT = "License enhancement is required: no connections available for module 28008806"
NO_DATE = "OLAP-запрос отклонён: не найден ни один из обязательных фильтров: {}"

Json = dict[str, Any]


def server_app(world: World) -> FastAPI:
    """Return the application; mount it so that ``/resto/api`` is below the till's base address."""
    app = FastAPI(openapi_url=None)
    app.add_exception_handler(StarletteHTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _malformed)
    _sign_in(app, world)
    signed_in = [Depends(_session(world))]
    _reports(app, world, signed_in)
    _people(app, world, signed_in)
    _directories(app, world, signed_in)
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


def _session(world: World) -> Any:
    def check(request: Request) -> None:
        if not world.licence.holds(_key(request, dict(request.query_params))):
            raise HTTPException(401, "Session is not found or has expired")

    return check


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")


def _sign_in(app: FastAPI, world: World) -> None:
    licence = world.licence

    @app.api_route("/resto/api/auth", methods=["GET", "POST"])
    async def auth(request: Request) -> Response:
        given = await _parameters(request)
        if not world.keys.opens(given.get("login", ""), given.get("pass", "")):
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

    @app.get("/resto/get_server_info.jsp")
    def server_info() -> Response:
        return _xml(people.server_info_xml(world.faults.version))

    @app.get("/resto/api/licence/info")
    def licence_info(moduleId: int) -> PlainTextResponse:  # noqa: N803  # the protocol's spelling
        return PlainTextResponse(str(licence.slots - licence.taken))


def _reports(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present

    @app.get("/resto/api/v2/reports/olap/columns", dependencies=signed_in)
    def columns(reportType: str = "SALES") -> Json:  # noqa: N803
        try:
            found = columns_of(reportType, world.faults.lacks)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        return {
            name: {"name": c.title, "type": c.kind, "aggregationAllowed": c.aggregates, "groupingAllowed": c.groups,
                   "filteringAllowed": c.groups, "tags": []}
            for name, c in found.items()
        }  # fmt: skip

    @app.post("/resto/api/v2/reports/olap", dependencies=signed_in)
    def report(body: Annotated[Json, Body()]) -> Response:
        try:
            asked = question(body, "server", present.chain.last, world.faults.lacks)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        world.log.widest = max(world.log.widest, len(asked.groups))
        if days_asked(asked) is None:
            raise HTTPException(409, NO_DATE.format(", ".join(asked.report.required)))
        return Response(present.view(Olap).answer(asked, "server"), media_type="application/json")

    @app.get("/resto/api/v2/reports/balance/stores", dependencies=signed_in)
    def balance(timestamp: str, department: str) -> list[Json]:
        if department not in set(present.chain.venues["external_id"]):
            raise HTTPException(400, f"Malformed Department id: '{department}'")
        return entities.balances(present.chain, date.fromisoformat(timestamp[:10]), department)


def _people(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present

    @app.get("/resto/api/employees", dependencies=signed_in)
    def employees(includeDeleted: bool = False, revisionFrom: int = -1) -> Response:  # noqa: N803
        if revisionFrom >= entities.REVISION:
            return _xml("<employees/>")
        return _xml(people.employees_xml(present.chain, deleted=includeDeleted))

    @app.get("/resto/api/employees/roles", dependencies=signed_in)
    def roles() -> Response:
        return _xml(people.roles_xml(present.chain))

    @app.get("/resto/api/employees/attendance", dependencies=signed_in)
    @app.get("/resto/api/employees/attendance/department/{department}/", dependencies=signed_in)
    def attendance(
        request: Request, to: date, department: str | None = None, withPaymentDetails: bool = False,  # noqa: N803
        revisionFrom: int = -1,  # noqa: N803
    ) -> Response:  # fmt: skip
        first = date.fromisoformat(request.query_params["from"])
        found = people.attendances(present.chain, first, to, department) if revisionFrom < entities.REVISION else []
        old = world.faults.version < "8"
        return _xml(people.attendances_xml(present.chain, found, paid=withPaymentDetails, old=old))

    @app.get("/resto/api/corporation/departments", dependencies=signed_in)
    def departments() -> Response:
        return _xml(people.departments_xml(present.chain))

    @app.get("/resto/api/corporation/stores", dependencies=signed_in)
    def stores() -> Response:
        return _xml(people.stores_xml(present.chain))


def _directories(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present

    @app.get("/resto/api/v2/entities/products/list", dependencies=signed_in)
    def products(includeDeleted: bool = False, revisionFrom: int = -1) -> list[Json]:  # noqa: N803
        if revisionFrom >= entities.REVISION:
            return []
        return entities.server_products(present.chain, deleted=includeDeleted)

    @app.get("/resto/api/v2/entities/products/group/list", dependencies=signed_in)
    def groups() -> list[Json]:
        return entities.server_groups(present.chain)

    @app.get("/resto/api/v2/entities/list", dependencies=signed_in)
    def dictionaries(rootType: str) -> list[Json]:  # noqa: N803
        return entities.dictionary(present.chain, rootType)

    @app.get("/resto/api/v2/cashshifts/list", dependencies=signed_in)
    def shifts(
        openDateFrom: date, openDateTo: date, status: str, departmentId: str | None = None,  # noqa: N803
        revisionFrom: int = -1,  # noqa: N803
    ) -> list[Json]:  # fmt: skip
        if revisionFrom >= entities.REVISION:
            return []
        found = entities.cash_shifts(present, openDateFrom, openDateTo, departmentId)
        return [one for one in found if status in {"ANY", one["sessionStatus"]}]
