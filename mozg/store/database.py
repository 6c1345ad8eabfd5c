"""Connections to Postgres: the administrator's, the service's, and each organisation's reader.

Three kinds of role, from the first migration on:

- the *administrator* (DATABASE_URL, or the embedded server's superuser) migrates and creates organisations;
- ``mozg_app`` is what services connect as; it sees one organisation per transaction, the one given to
  `transaction`, and nothing at all before that;
- one read-only login role per organisation, bound to it by a table that it cannot write.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import OperationalError, conninfo
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import InvalidatePoolError

from mozg.access.secrets import role_password
from mozg.errors import StoreError
from mozg.settings import settings
from mozg.store.embedded import embedded_url

APP_ROLE = "mozg_app"
READER_ROLE = "mozg_reader"
EMBEDDED_DATABASE = "mozg"


def admin_url() -> URL:
    """Return the administrator's URL of the database that holds the record."""
    configured = settings().database_url
    if configured is None:
        return embedded_url().set(database=EMBEDDED_DATABASE)
    return make_url(configured.get_secret_value()).set(drivername="postgresql+psycopg")


def role_url(role: str) -> URL:
    """Return the URL with which ``role`` signs in to the same database."""
    return admin_url().set(username=role, password=role_password(role))


def connection_string(url: URL, **more: str) -> str:
    """Return ``url`` as a libpq connection string, which DuckDB and psql understand."""
    host = str(url.query.get("host", url.host))
    return conninfo.make_conninfo(
        "", host=host, port=url.port, dbname=url.database, user=url.username, password=url.password, **more
    )


def engine_for(url: URL, **options: Any) -> Engine:
    """Return an engine for ``url`` whose failure to connect is a `StoreError`."""
    # Errors must not tell what was stored: they end up in logs.
    engine = create_engine(url, hide_parameters=True, **options)
    event.listen(engine, "handle_error", _explain)
    return engine


@functools.cache
def admin_engine() -> Engine:
    """Return the administrator's engine: for migrations and for creating organisations only."""
    return engine_for(admin_url(), pool_size=2)


@functools.cache
def app_engine() -> Engine:
    """Return the engine of the service role."""
    engine = engine_for(role_url(APP_ROLE))
    event.listen(engine, "checkout", _still_open)
    return engine


@contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection of the service role on which each statement stands alone, and sees no organisation's rows.

    Raises:
        StoreError: Postgres is not there, or ``mozg migrate`` has not been run.
    """
    with app_engine().connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def transaction(organization_id: int) -> Iterator[Connection]:
    """Open one transaction of the service role that sees and writes one organisation.

    Raises:
        StoreError: Postgres is not there, or ``mozg migrate`` has not been run.
    """
    with app_engine().connect() as connection, connection.begin():
        connection.execute(text("SELECT set_config('mozg.organization_id', :id, true)"), {"id": str(organization_id)})
        yield connection


def _still_open(connection: Any, *_: object) -> None:
    """Refuse a pooled connection that Postgres has closed, so that the pool opens new ones.

    A server that ends says so; to read what it said costs nothing, where to ask it would cost a round-trip each time.
    """
    try:
        for _last_words_then_the_end in range(2):
            connection.pgconn.consume_input()
    except OperationalError:
        raise InvalidatePoolError from None


def _explain(context: ExceptionContext) -> StoreError | None:
    if context.connection is not None or context.engine is None:
        return None
    where = context.engine.url.render_as_string(hide_password=True)
    return StoreError(
        f"Cannot connect to Postgres at {where}. Is it running, was `mozg migrate` run, and is MOZG_SECRET_KEY "
        f"(or var/secret.key) the one it was set up with? ({context.original_exception})"
    )
