"""The application: routes under ``/api/v1``, pages beside them, and what surrounds them."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware

from mozg.serve.api import (
    accounts,
    auth,
    checking,
    forecasts,
    guarding,
    health,
    hooks,
    metrics,
    organizations,
    pages,
    problems,
    query,
    reports,
    runs,
    swagger,
    syncing,
    telegram,
    users,
    venues,
)
from mozg.settings import settings

#: The routes of the API, in the order of its documentation.
ROUTERS = (
    accounts.router,
    auth.router,
    telegram.router,
    users.router,
    organizations.router,
    venues.router,
    checking.router,
    syncing.router,
    metrics.router,
    query.router,
    reports.router,
    runs.router,
    forecasts.router,
    health.router,
    hooks.router,
)
PAGES = (pages.router, swagger.router)


def create_app() -> FastAPI:
    """Return the application, with every route."""
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{swagger.PREFIX}/openapi.json",
        generate_unique_id_function=_operation,
    )
    for router in ROUTERS:
        app.include_router(router, prefix=swagger.PREFIX)
    for router in PAGES:
        app.include_router(router)
    swagger.describe(app)
    problems.add_handlers(app)
    _surround(app)
    return app


def _operation(route: APIRoute) -> str:
    """Return an operation's name in the OpenAPI document, which clients make their functions of: ``users_invite``."""
    return "_".join([*map(str, route.tags), route.name])


def _surround(app: FastAPI) -> None:
    """Add what surrounds the routes, from the inside outwards."""
    app.add_middleware(guarding.SmallBodies)
    if origins := settings().cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins.split(),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match"],
            expose_headers=["ETag", "Link", "Location", "Retry-After"],
        )
    app.add_middleware(guarding.Watch)
    app.add_middleware(guarding.SafeHeaders)
