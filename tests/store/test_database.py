"""Connections that are kept: lent again while Postgres holds them, replaced once it has closed them."""

import select

from sqlalchemy import text

from mozg.store.database import admin_engine, app_engine, reading

PID = text("SELECT pg_backend_pid()")


def test_a_connection_is_lent_again(database):
    app_engine().dispose()  # so that it is the only one
    with reading() as first:
        pid = first.scalar(PID)
    with reading() as second:
        assert second.scalar(PID) == pid


def test_what_postgres_closed_is_not_lent_again(database):
    with reading() as connection:
        closed, socket = connection.scalar(PID), connection.connection.driver_connection.fileno()
    with admin_engine().begin() as administrator:
        assert administrator.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": closed})
    select.select([socket], [], [], 5)
    with reading() as connection:
        assert connection.scalar(PID) != closed


def test_a_statement_that_stands_alone_leaves_nothing_set(database):
    with reading() as connection:
        connection.execute(text("SELECT set_config('mozg.organization_id', '1', true)"))
        assert connection.scalar(text("SELECT current_setting('mozg.organization_id', true)")) in (None, "")
    with app_engine().connect() as connection:
        assert not connection.connection.driver_connection.autocommit
