"""The doors of a simulated r_keeper installation over HTTP.

``/ref`` is the chain's reference server (XML interface, stored procedures), ``/cash/1`` the cash server of the first
restaurant (XML interface), ``/white`` White Server. A real one has a port for each of the first two.
"""

import base64
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree as Tree

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mozg.simulate.rkeeper.base import Missing, ReportBase
from mozg.simulate.rkeeper.commands import Node
from mozg.simulate.rkeeper.white import White, rows_of

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class Rows:
    """How rows of stored procedures look, which no document of the vendor tells, and what is wrong with them.

    ``shape``: a bare list, a list under ``rows``, ``columns`` beside ``rows`` without names, or XML.
    """

    shape: Literal["list", "rows", "table", "xml"] = "list"
    duplicate: bool = False
    shuffle: bool = False
    unknown_field: bool = False
    missing_field: str | None = None

    def spoilt(self, rows: list[Json]) -> list[Json]:
        """Return the rows with what was asked for done to them."""
        if self.duplicate:
            rows = [row for row in rows for _ in range(2)]
        if self.shuffle:
            random.Random(1).shuffle(rows)  # noqa: S311
        if self.unknown_field:
            rows = [row | {"NEWINTHISRELEASE": 1} for row in rows]
        if self.missing_field is not None:
            rows = [{k: v for k, v in row.items() if k != self.missing_field} for row in rows]
        return rows

    def written(self, rows: list[Json]) -> Response:
        """Return the rows in their shape."""
        if self.shape == "xml":
            root = Tree.Element("RK7SQLProcData")
            for row in rows:
                Tree.SubElement(root, "Row", {k: str(v) for k, v in row.items() if v is not None})
            return Response(Tree.tostring(root, encoding="utf-8"), media_type="application/xml")
        columns = list(rows[0]) if rows else []
        shapes: dict[str, Any] = {
            "list": rows,
            "rows": {"rows": rows},
            "table": {"columns": columns, "rows": [list(row.values()) for row in rows]},
        }
        return JSONResponse(shapes[self.shape])


@dataclass(frozen=True)
class Doors:
    """Everything that answers, and the words that open it."""

    login: str
    password: str
    token: str
    reference: Node
    cash: dict[int, Node]
    base: ReportBase
    white: White
    rows: Rows

    def application(self) -> Starlette:
        """Return the application with all doors."""
        xml, white = "/rk7api/v0/xmlinterface.xml", "/white/api/v2/aggregators/Create"
        return Starlette(
            routes=[
                Route(f"/ref{xml}", self._basic(self._interface(lambda _: self.reference)), methods=["POST"]),
                Route(f"/cash/{{number:int}}{xml}", self._basic(self._interface(self._cash)), methods=["POST"]),
                Route("/ref/rk7api/v1/sqlprocdata/{name}", self._basic(self._procedure)),
                Route(white, self._white, methods=["POST"]),
            ]
        )

    def _basic(self, endpoint: Endpoint) -> Endpoint:
        wanted = "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()

        async def guarded(request: Request) -> Response:
            if request.headers.get("authorization") != wanted:
                return PlainTextResponse("Unauthorized", 401, {"WWW-Authenticate": 'Basic realm="r_keeper"'})
            return await endpoint(request)

        return guarded

    def _cash(self, request: Request) -> Node | None:
        return self.cash.get(request.path_params["number"])

    def _interface(self, node_of: Callable[[Request], Node | None]) -> Endpoint:
        async def answer(request: Request) -> Response:
            node = node_of(request)
            if node is None:
                return PlainTextResponse("Not found", 404)
            form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
            body = "" if form else (await request.body()).decode("utf-8", errors="replace")
            return Response(await run_in_threadpool(node.answer, body), media_type="application/xml")

        return answer

    async def _procedure(self, request: Request) -> Response:
        name = "RK7SQLPROC" + request.path_params["name"]
        try:
            rows = await run_in_threadpool(rows_of, self.base, name, dict(request.query_params))
        except (Missing, ValueError) as error:
            return PlainTextResponse(f"Could not find stored procedure '{error}'.", 500)
        return self.rows.written(self.rows.spoilt(rows))

    async def _white(self, request: Request) -> Response:
        if request.headers.get("AggregatorAuthentication") != self.token:
            return JSONResponse({"error": {"wsError": {"code": "AuthFailed", "desc": "Token is not valid"}}}, 401)
        return JSONResponse(await run_in_threadpool(self.white.answer, await request.json()))
