"""iikoCloud's API over a simulated chain: sign-in old and new, the classic methods, back office, reports, webhooks."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from mozg.simulate.iiko import cloud_entities as entities
from mozg.simulate.iiko.commands import Commands
from mozg.simulate.iiko.entities import balances
from mozg.simulate.iiko.olap import Olap, columns_of, days_asked, question
from mozg.simulate.iiko.olap_filters import Refused
from mozg.simulate.world import World

LONGEST = 31

Json = dict[str, Any]
Asked = Annotated[Json, Body()]


def cloud_app(world: World) -> FastAPI:
    """Return the application; its root is the till's base address."""
    app = FastAPI(openapi_url=None)
    app.add_exception_handler(StarletteHTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(KeyError, _lacking)
    _sign_in(app, world)
    signed_in = [Depends(_bearer(world))]
    _classic(app, world, signed_in)
    _commands(app, world, signed_in)
    _webhooks(app, world, signed_in)
    _back_office(app, world, signed_in)
    _stock(app, world, signed_in)
    _reports(app, world, signed_in)
    return app


def _refusal(status: int, text: str, code: str | None = None) -> JSONResponse:
    return JSONResponse({"correlationId": str(uuid.uuid4()), "errorDescription": text, "error": code}, status)


async def _refuse(_: Request, error: Any) -> Response:
    return _refusal(error.status_code, str(error.detail))


async def _malformed(_: Request, error: Any) -> Response:
    return _refusal(400, f"Validation failed: {error.errors()[0]['msg']}", "VALIDATION")


async def _lacking(_: Request, error: Any) -> Response:
    return _refusal(400, f"Required property {error} not found in JSON", "VALIDATION")


def _bearer(world: World) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not world.tokens.valid(token):
            raise HTTPException(401, "Token is not valid or has expired")

    return check


def _answer(**body: Any) -> Json:
    return {"correlationId": str(uuid.uuid4()), **body}


def _sign_in(app: FastAPI, world: World) -> None:
    keys = world.keys

    @app.post("/api/v2/access_token")
    def access_token(body: Asked) -> Json:
        if (body.get("apiKey"), body.get("appId"), body.get("clientSecret")) != (
            keys.api_key, keys.app_id, keys.client_secret,
        ):  # fmt: skip
            raise HTTPException(401, "API key, application or client secret is wrong")
        return _answer(token=world.tokens.issue())

    @app.post("/api/1/access_token")
    def legacy_access_token(body: Asked) -> Json:
        if not world.faults.legacy_sign_in:
            raise HTTPException(403, "This key supports authorization v2 only")
        if body.get("apiLogin") != keys.api_login:
            raise HTTPException(401, "Login is not authorized")
        return _answer(token=world.tokens.issue())


def _seen(world: World) -> list[str]:
    every = list(world.chain.venues["external_id"])
    return [one for one in every if world.faults.visible is None or one in world.faults.visible]


def _known(world: World, organizations: Any) -> list[str]:
    strangers = set(organizations or []) - set(_seen(world))
    if strangers or not organizations:
        raise HTTPException(400, f"Organization {', '.join(map(str, strangers))} doesn't belong to your api login")
    return list(organizations)


def _classic(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present

    def post(path: str, method: Callable[[Json], Json]) -> None:
        app.post(f"/api/1/{path}", dependencies=signed_in)(_with_body(method))

    def organizations(body: Json) -> Json:
        wanted = [one for one in _seen(world) if not body.get("organizationIds") or one in body["organizationIds"]]
        extended = body.get("returnAdditionalInfo")
        found = entities.organizations(present.chain, wanted, world.faults.version, extended=extended)
        return _answer(organizations=found)

    def terminal_groups(body: Json) -> Json:
        groups = entities.terminal_groups(present.chain, _known(world, body.get("organizationIds")))
        hidden = world.faults.hidden_terminals and not body.get("includeDisabled")
        return _answer(terminalGroups=[] if hidden else groups, terminalGroupsInSleep=[])

    def nomenclature(body: Json) -> Json:
        _known(world, [body.get("organizationId")])
        return _answer(**entities.nomenclature(present.chain, body.get("startRevision") or 0))

    def stop_lists(body: Json) -> Json:
        found = entities.stop_lists(present, _known(world, body.get("organizationIds")))
        return _answer(terminalGroupStopLists=found)

    def payment_types(body: Json) -> Json:
        _known(world, body.get("organizationIds"))
        return _answer(paymentTypes=entities.payment_types(present.chain))

    def sections(body: Json) -> Json:
        found = entities.sections(present.chain, body["terminalGroupIds"])
        return _answer(restaurantSections=found, revision=entities.REVISION)

    post("organizations", organizations)
    post("terminal_groups", terminal_groups)
    post("nomenclature", nomenclature)
    post("stop_lists", stop_lists)
    post("payment_types", payment_types)
    post("reserve/available_restaurant_sections", sections)


def _with_body(method: Callable[[Json], Json]) -> Callable[[Json], Json]:
    def asked(body: Asked) -> Json:
        return method(body)

    return asked


def _commands(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    commands = Commands()

    @app.post("/api/1/employees/shift/clockin", dependencies=signed_in)
    def clock_in(body: Asked) -> Json:
        _known(world, [body["organizationId"]])
        known = body["employeeId"] in set(world.chain.employees["external_id"])
        answer = _answer(error=None)
        commands.accept(answer["correlationId"], None if known else "Employee not found")
        return answer

    @app.post("/api/1/commands/status", dependencies=signed_in)
    def status(body: Asked) -> Json:
        _known(world, [body["organizationId"]])
        state = commands.state(body["correlationId"])
        if state is None:
            raise HTTPException(410, "Command status has expired")
        return dict(state)


def _webhooks(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    @app.post("/api/1/webhooks/update_settings", dependencies=signed_in)
    def update(body: Asked) -> Json:
        (organization,) = _known(world, [body["organizationId"]])
        world.webhooks[organization] = {name: body.get(name) for name in ("webHooksUri", "authToken", "webHooksFilter")}
        return _answer()

    @app.post("/api/1/webhooks/settings", dependencies=signed_in)
    def settings(body: Asked) -> Json:
        (organization,) = _known(world, [body["organizationId"]])
        return _answer(apiLoginName="analytics", **world.webhooks.get(organization, {"webHooksUri": None}))


def _back_office(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present
    lists: dict[str, Callable[[Json], list[Json]]] = {
        "nomenclature/v2/product/list": lambda body: entities.products(present.chain),
        "nomenclature/v2/group/list": lambda body: entities.groups(present.chain),
        "employees/v1/employee/list": lambda body: entities.employees(present.chain, body.get("fields")),
        "employees/v1/positions/list": lambda body: entities.positions(present.chain),
        "inventory/v1/stores/list": lambda body: entities.stores(present.chain),
        "employees/v1/attendance/list": lambda body: entities.attendance(present.chain, _of_one(world, body)),
    }
    for path, rows in lists.items():
        app.post(f"/api/{path}", dependencies=signed_in)(_paged(rows))


def _of_one(world: World, body: Json) -> Json:
    _known(world, [body["organizationId"]])
    return body


def _paged(rows: Callable[[Json], list[Json]]) -> Callable[[Json], Json]:
    def page(body: Asked) -> Json:
        limit, offset = body.get("limit", 50), body.get("offset", 0)
        if not 1 <= limit <= 1000:
            raise HTTPException(400, "limit must be between 1 and 1000")
        found = entities.matching(rows(body), body.get("filters") or [])
        shown = [entities.only(row, body.get("fields")) for row in found[offset : offset + limit]]
        return {"items": shown, "totalCount": len(found), "limit": limit, "offset": offset}

    return page


def _stock(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    def found(body: Json) -> list[Json]:
        organization, day = _of_one(world, body)["organizationId"], datetime.fromisoformat(body["balanceAt"]).date()
        return [
            {"organizationId": organization, "storeId": row["store"], "productId": row["product"],
             "quantity": row["amount"], "costSum": row["sum"], "details": None}
            for row in balances(world.chain, day, organization)
        ]  # fmt: skip

    def balance(body: Asked) -> Json:
        return _paged(found)(body) | {"balanceAt": body["balanceAt"], "currencyCode": "RUB"}

    app.post("/api/inventory/v1/stock_balance/list", dependencies=signed_in)(balance)


def _reports(app: FastAPI, world: World, signed_in: list[Any]) -> None:
    present = world.present

    @app.post("/api/reporting/v1/olap/columns/get", dependencies=signed_in)
    def columns(body: Asked) -> list[Json]:
        try:
            found = columns_of(body.get("reportType"), world.faults.lacks)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        return [
            {"name": name, "displayName": c.title, "type": c.kind, "canAggregate": c.aggregates,
             "canGroup": c.groups, "canFilter": c.groups, "tags": []}
            for name, c in found.items()
        ]  # fmt: skip

    @app.post("/api/reporting/v1/olap/get", dependencies=signed_in)
    def report(body: Asked) -> Response:
        try:
            asked = question(body, "cloud", present.chain.last, world.faults.lacks)
        except Refused as refused:
            raise HTTPException(400, str(refused)) from refused
        world.log.widest = max(world.log.widest, len(asked.groups))
        span = days_asked(asked)
        if span is None:
            raise HTTPException(400, f"A filter on {asked.report.required[0]} is required")
        if span > LONGEST:
            raise HTTPException(400, f"The period is {span} days, at most {LONGEST} are allowed")
        return Response(present.view(Olap).answer(asked, "cloud"), media_type="application/json")
