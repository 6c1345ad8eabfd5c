"""Migrations build exactly the models, forwards and backwards, and are safe to run again."""

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text

from mozg.access.organizations import create_organization, find_organization
from mozg.store.database import admin_engine, admin_url
from mozg.store.migrate import alembic_config, create_database, migrate
from mozg.store.tables import Base

NAME = "mozg_test_migrations"


def drop():
    with admin_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))


@pytest.fixture
def empty(database):
    """A connection to an empty database on the same server."""
    drop()
    create_database(NAME)
    engine = create_engine(admin_url().set(database=NAME))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    drop()


def tables(connection):
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def things(connection):
    """Everything of ours that is in the database: functions and policies too."""
    query = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "UNION ALL SELECT policyname || ' on ' || tablename FROM pg_policies "
        "UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    return {name for (name,) in connection.execute(query) if "alembic" not in name}


def test_the_schema_is_the_models(empty):
    config = alembic_config(empty)
    command.upgrade(config, "head")
    assert tables(empty) == set(Base.metadata.tables)
    command.check(config)


def test_down_leaves_nothing_and_up_again_makes_the_same(empty):
    config = alembic_config(empty)
    command.upgrade(config, "head")
    first = things(empty)
    command.downgrade(config, "base")
    assert things(empty) == set()
    command.upgrade(config, "head")
    assert things(empty) == first
    command.check(config)


def test_migrating_again_changes_nothing_and_keeps_what_is_there(database):
    made = create_organization("kept", "Осталась", currency="RUB")
    migrate()
    assert find_organization("kept") == made
