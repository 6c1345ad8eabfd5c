"""Raising the schema: the database, the two shared roles, and Alembic's migrations.

Alembic is imported where it is used: it takes 0.3 s, and whoever makes a role comes by here.
"""

from typing import TYPE_CHECKING

from psycopg import sql
from sqlalchemy import Connection, text

from mozg.access.secrets import role_password
from mozg.settings import settings
from mozg.store.database import APP_ROLE, READER_ROLE, admin_engine, admin_url, engine_for

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATION_LOCK = 0x6D6F7A67  # "mozg": one migration at a time, whoever starts it


def migrate() -> None:
    """Create what is missing and bring every table to the newest version; safe to call again.

    Raises:
        StoreError: Postgres is not there, or was set up under another secret key.
    """
    from alembic import command

    if settings().database_url is None:
        create_database(str(admin_url().database))
    with admin_engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        create_role(connection, READER_ROLE)
        create_role(connection, APP_ROLE, login=True)
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> "Config":
    """Return Alembic's configuration for ``connection``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(settings().project_path / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(settings().project_path))
    config.attributes["connection"] = connection
    return config


def create_database(name: str) -> None:
    """Create a database on the embedded server if it is not there."""
    engine = engine_for(admin_url().set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": name}) is None:
            run(connection, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    engine.dispose()


def create_role(connection: Connection, name: str, *, login: bool = False) -> None:
    """Create a role, or give the one that exists this installation's password."""
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name})
    verb = sql.SQL("ALTER ROLE {}" if known else "CREATE ROLE {}").format(sql.Identifier(name))
    if login:
        verb += sql.SQL(" LOGIN PASSWORD {}").format(sql.Literal(role_password(name)))
    run(connection, verb)
    # An administrator that is no superuser must belong to a role to make schemas for it.
    run(connection, sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(name)))


def run(connection: Connection, statement: sql.Composed) -> None:
    """Execute a statement whose names and passwords SQLAlchemy cannot bind."""
    cursor = connection.connection.driver_connection
    assert cursor is not None
    cursor.execute(statement)
