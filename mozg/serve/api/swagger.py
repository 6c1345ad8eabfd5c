"""The API's pages for developers: the OpenAPI document, and Swagger UI whose files come from this machine."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse

from mozg.serve.api.problems import Problem, missing
from mozg.settings import settings

PREFIX = "/api/v1"
TITLE, VERSION = "MOZG Analytics", "1"
ABOUT = """Numbers of a restaurant chain, and who may see them.

Sign in with `POST /api/v1/auth/login`, then send `Authorization: Bearer` with the access token. Lists come by the
page: follow `next` (also in the header `Link`) until it is null. What is read has an `ETag`: send it as
`If-None-Match` to be told 304, and as `If-Match` with a PATCH to be refused if somebody else was faster. Every refusal
is a problem (RFC 9457).
"""
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_KEPT = {"Cache-Control": "public, max-age=3600"}
_OURS = ("docs.js", "pages.css")
_SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css")

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs() -> HTMLResponse:
    """Show Swagger UI."""
    return HTMLResponse(_page("docs.html").read_text(), headers={"Content-Security-Policy": _CSP})


@router.get("/assets/{name}")
def asset(name: str) -> FileResponse:
    """Send one of the few files that our pages are made of."""
    if name in _OURS:
        return FileResponse(_page(name), headers=_KEPT)
    if name in _SWAGGER:
        return FileResponse(str(files("fastapi_offline") / "static" / name), headers=_KEPT)
    raise missing("file", name)


def describe(app: FastAPI) -> None:
    """Make ``app`` give our OpenAPI document: problems instead of FastAPI's own errors."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=TITLE, version=VERSION, description=ABOUT, routes=app.routes)
            schemas = made["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            ours = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= ours.pop("$defs") | {"Problem": ours}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _page(name: str) -> Path:
    return settings().project_path / "reports" / "templates" / "pages" / name
