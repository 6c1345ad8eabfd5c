"""Two organisations in one database: neither reads, guesses or writes a row of the other, whatever it tries."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import insert, text
from sqlalchemy.exc import ProgrammingError

from mozg.access.secrets import role_password
from mozg.store.database import admin_engine, app_engine, transaction
from mozg.store.tables import Base

#: Tables that services alone may read.
INTERNAL = {"favourites", "sessions", "sealed_secrets"}
TENANT_TABLES = sorted(
    name for name, table in Base.metadata.tables.items() if "organization_id" in table.columns and name not in INTERNAL
)
HIDDEN = {"venues": {"pos_config"}, "users": {"password_hash"}}


@pytest.fixture
def alpha(tenants):
    return tenants[0]


@pytest.fixture
def beta(tenants):
    return tenants[1]


@pytest.fixture
def intruder(alpha):
    """Alpha's reader at a psql prompt, having switched off the read-only default, which is only a courtesy."""
    with alpha.connect() as connection:
        connection.execute("SET default_transaction_read_only = off")
        yield connection


def readable(table):
    names = (column.name for column in Base.metadata.tables[table].columns)
    return ", ".join(name for name in names if name not in HIDDEN.get(table, ()))


def everything(connection):
    """Return every row of every table as one text, and the organisations they are of."""
    owners, seen = set(), []
    for table in TENANT_TABLES:
        rows = connection.execute(f"SELECT organization_id, {readable(table)} FROM {table}").fetchall()
        owners |= {row[0] for row in rows}
        seen += rows
    return owners, str(seen)


def test_the_markers_are_there(alpha, beta):
    """Else nothing below would mean anything."""
    with admin_engine().connect() as connection:
        for table in TENANT_TABLES:
            owners = set(connection.scalars(text(f"SELECT organization_id FROM {table}")))
            assert {alpha.organization.id, beta.organization.id} <= owners, table


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_reader_sees_its_own_rows_and_no_others(alpha, table):
    with alpha.connect() as connection:
        owners = connection.execute(f"SELECT DISTINCT organization_id FROM {table}").fetchall()
    assert owners == [(alpha.organization.id,)]


def test_a_reader_sees_its_own_organisation_and_no_other(alpha):
    with alpha.connect() as connection:
        assert connection.execute("SELECT slug FROM organizations").fetchall() == [(alpha.organization.slug,)]


@pytest.mark.parametrize(("table", "column"), [("venues", "pos_config"), ("users", "password_hash"), ("venues", "*")])
def test_secrets_are_not_readable_even_ones_own(alpha, table, column):
    with alpha.connect() as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(f"SELECT {column} FROM {table}")


#: What an analyst may try at a prompt to become somebody else, to switch the walls off or to look behind them.
#: ``{b.…}`` is the other organisation. Each may fail or succeed; what is seen afterwards is what counts.
TRICKS = [
    "SET mozg.organization_id = '{b.id}'",
    "SELECT set_config('mozg.organization_id', '{b.id}', false)",
    "SET ROLE mozg_reader",
    "SET ROLE mozg_reader; SET mozg.organization_id = '{b.id}'",
    "SET ROLE mozg_app",
    "SET ROLE postgres",
    "SET ROLE {b.reader_role}",
    "SET SESSION AUTHORIZATION {b.reader_role}",
    "SET SESSION AUTHORIZATION postgres",
    "SET LOCAL SESSION AUTHORIZATION mozg_app",
    "RESET SESSION AUTHORIZATION",
    "SET row_security = off",
    "SET search_path = {b.lake_schema}, pg_temp, public",
    "GRANT mozg_app TO {a.reader_role}",
    "GRANT {b.reader_role} TO {a.reader_role}",
    "ALTER ROLE {a.reader_role} BYPASSRLS",
    "ALTER ROLE {a.reader_role} SUPERUSER",
    "ALTER TABLE receipts DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE receipts NO FORCE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON receipts USING (true)",
    "DROP POLICY reader ON receipts",
    "UPDATE organization_roles SET bound_to = {b.id}",
    "INSERT INTO organization_roles VALUES ('{a.reader_role}', {b.id})",
    "CREATE TEMP TABLE organization_roles AS SELECT session_user::text AS role_name, {b.id}::bigint AS bound_to",
    "CREATE FUNCTION pg_temp.reader_organization() RETURNS bigint LANGUAGE sql AS 'SELECT {b.id}::bigint'",
    "CREATE FUNCTION public.reader_organization(x int = 1) RETURNS bigint LANGUAGE sql AS 'SELECT {b.id}::bigint'",
    "CREATE OR REPLACE FUNCTION reader_organization() RETURNS bigint LANGUAGE sql AS 'SELECT {b.id}::bigint'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION file_fdw",
    "DO $$ BEGIN EXECUTE 'SET ROLE mozg_app'; EXCEPTION WHEN OTHERS THEN NULL; END $$",
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_shows_a_row_of_the_other(intruder, alpha, beta, trick):
    for statement in trick.format(a=alpha.organization, b=beta.organization).split("; "):
        try:
            intruder.execute(statement)
        except psycopg.Error:
            continue
    try:
        owners, seen = everything(intruder)
    except (InsufficientPrivilege, psycopg.errors.UndefinedTable):
        return
    assert owners == {alpha.organization.id}
    assert beta.marker not in seen


#: Looking past the tables: catalogues, statistics, other sessions, files, programs, the other's lake.
PEEPHOLES = [
    "SELECT * FROM organization_roles",
    "SELECT * FROM sessions",
    "SELECT * FROM sealed_secrets",
    "SELECT * FROM favourites",
    "SELECT * FROM signing_keys",
    "SELECT * FROM find_accounts('owner@example.com')",
    "SELECT * FROM known_organizations()",
    "SELECT * FROM session_holder(1, 1, 1, 'api', 'key')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "COPY receipts TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/out'",
    "CREATE TEMP TABLE lines (l text); COPY lines FROM '/etc/passwd'",
    "CREATE TEMP TABLE lines (l text); COPY lines FROM PROGRAM 'id'",
    "SELECT * FROM {b.lake_schema}.ducklake_data_file",
    "SELECT * FROM {b.lake_schema}.ducklake_snapshot",
    "CREATE TABLE {b.lake_schema}.mine (x int)",
    "CREATE TABLE {a.lake_schema}.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "CREATE SCHEMA mine",
]  # fmt: skip


@pytest.mark.parametrize("peephole", PEEPHOLES)
def test_what_lies_behind_the_tables_is_closed(intruder, alpha, beta, peephole):
    *before, last = peephole.format(a=alpha.organization, b=beta.organization).split("; ")
    for statement in before:
        intruder.execute(statement)
    with pytest.raises(InsufficientPrivilege):
        intruder.execute(last)


def test_other_sessions_and_statistics_tell_nothing(intruder, beta):
    with admin_engine().begin() as connection:
        connection.execute(text("ANALYZE"))
    with beta.connect() as busy:
        busy.execute(f"SELECT '{beta.marker}'")
        for view in ("pg_stat_activity", "pg_stats", "pg_locks", "pg_cursors", "pg_prepared_statements", "pg_settings"):
            assert beta.marker not in str(intruder.execute(f"SELECT * FROM {view}").fetchall()), view


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_leaky_function_is_not_shown_rows_behind_the_wall(intruder, alpha, beta, table):
    """A condition that costs nothing and tells what it was given runs after the wall, not before it."""
    intruder.execute(
        "CREATE FUNCTION pg_temp.tell(words text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
        "$$ BEGIN RAISE NOTICE '%', words; RETURN true; END $$"
    )
    told = []
    intruder.add_notice_handler(lambda notice: told.append(notice.message_primary))
    row = f"ROW({readable(table)})::text"
    intruder.execute(f"SELECT count(*) FROM {table} WHERE pg_temp.tell({row})")
    assert len(told) == 1
    assert beta.marker not in str(told)


def test_a_function_of_the_readers_own_that_claims_more_rights_has_none(intruder, alpha):
    intruder.execute(
        "CREATE FUNCTION pg_temp.all_of_them() RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER AS "
        "$$ SELECT organization_id FROM public.receipts $$"
    )
    assert intruder.execute("SELECT * FROM pg_temp.all_of_them()").fetchall() == [(alpha.organization.id,)]


@pytest.mark.parametrize(
    "table", ["organizations", "organization_roles", "signing_keys", *sorted(INTERNAL), *TENANT_TABLES]
)
def test_a_reader_writes_nowhere(intruder, table):
    column = "name" if table == "organizations" else Base.metadata.tables[table].columns.keys()[0]
    for statement in (
        f"INSERT INTO {table} DEFAULT VALUES",
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"LOCK TABLE {table} IN EXCLUSIVE MODE",
    ):
        with pytest.raises(InsufficientPrivilege), intruder.transaction():
            intruder.execute(statement)


def test_large_objects_are_ones_own(intruder, beta):
    with beta.connect() as other:
        other.execute("SET default_transaction_read_only = off")
        (number,) = other.execute("SELECT lo_from_bytea(0, 'secret')").fetchone()
        with pytest.raises(InsufficientPrivilege):
            intruder.execute("SELECT lo_get(%s)", [number])
        other.execute("SELECT lo_unlink(%s)", [number])


def test_a_readers_password_opens_no_other_door(alpha, beta):
    mine = role_password(alpha.organization.reader_role)
    for role in (beta.organization.reader_role, "mozg_app", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"), alpha.connect(user=role, password=mine):
            pass


@pytest.mark.parametrize("table", ["organizations", *TENANT_TABLES, *sorted(INTERNAL)])
def test_the_service_sees_nothing_before_it_says_for_whom(tenants, table):
    with app_engine().connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_what_one_transaction_said_is_forgotten_after_it(alpha):
    with app_engine().connect() as connection:
        for organization, venues in ((alpha.organization.id, 1), (None, 0)):
            with connection.begin():
                if organization:
                    connection.execute(text(f"SELECT set_config('mozg.organization_id', '{organization}', true)"))
                assert connection.scalar(text("SELECT count(*) FROM venues")) == venues


@pytest.mark.parametrize("table", [*TENANT_TABLES, *sorted(INTERNAL)])
def test_the_service_does_not_cross_from_one_to_the_other(alpha, beta, table):
    model, other = Base.metadata.tables[table], beta.organization.id
    with admin_engine().connect() as connection:
        theirs = connection.execute(model.select().where(model.c.organization_id == other)).mappings().first()
    row = {column.name: theirs[column.name] for column in model.columns if column.identity is None}
    with transaction(alpha.organization.id) as connection:
        assert connection.execute(text(f"DELETE FROM {table} WHERE organization_id = {other}")).rowcount == 0
        assert connection.execute(text(f"UPDATE {table} SET organization_id = organization_id")).rowcount == 1
    for statement in (insert(model).values(row), model.update().values(organization_id=other)):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction(alpha.organization.id) as connection,
        ):
            connection.execute(statement)


def test_the_service_cannot_become_the_administrator(tenants):
    for statement in ("SET ROLE postgres", "SELECT * FROM organization_roles", "SELECT * FROM pg_authid"):
        with app_engine().connect() as connection, pytest.raises(ProgrammingError):
            connection.execute(text(statement))
