"""Every table that knows organisations is walled: forced row-level security with both policies."""

import pytest
from sqlalchemy import text

from mozg.store.database import admin_engine, admin_url
from mozg.store.tables import Base

TENANT_TABLES = sorted(name for name, table in Base.metadata.tables.items() if "organization_id" in table.columns)
#: Tables that services alone may read.
INTERNAL = {"favourites", "sessions", "sealed_secrets"}
WALLED = ["organizations", *TENANT_TABLES]
READER = text("SELECT has_table_privilege('mozg_reader', :table, :right)")


@pytest.fixture(scope="module")
def catalogue(database):
    with admin_engine().connect() as connection:
        yield connection


def test_there_are_tenant_tables():
    assert len(TENANT_TABLES) == len(Base.metadata.tables) - len(
        ["organizations", "organization_roles", "signing_keys"]
    )


@pytest.mark.parametrize("table", WALLED)
def test_row_level_security_is_on_and_forced(catalogue, table):
    query = text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = CAST(:table AS regclass)")
    assert catalogue.execute(query, {"table": table}).one() == (True, True)


@pytest.mark.parametrize("table", WALLED)
def test_there_is_one_policy_for_the_service_and_one_for_readers(catalogue, table):
    query = text(
        "SELECT policyname, roles::text[], cmd, qual, with_check, permissive FROM pg_policies WHERE tablename = :table"
    )
    policies = {row.policyname: row for row in catalogue.execute(query, {"table": table})}
    column = "id" if table == "organizations" else "organization_id"
    owner = policies.pop("administrator", None)
    # It makes organisations and finds accounts for services, and need not be a superuser.
    assert (owner is not None) == (table in {"organizations", "users"})
    assert owner is None or owner.roles == [admin_url().username]
    assert set(policies) == ({"service"} if table in INTERNAL else {"service", "reader"})
    service, reader = policies["service"], policies.get("reader")
    assert (service.roles, service.cmd) == (["mozg_app"], "ALL")
    assert service.qual == service.with_check
    assert service.qual.startswith(f"({column} = ( SELECT (NULLIF(current_setting('mozg.organization_id'")
    if reader is None:
        return
    assert (reader.roles, reader.cmd) == (["mozg_reader"], "SELECT")
    assert reader.qual.startswith(f"({column} = ( SELECT reader_organization()")


@pytest.mark.parametrize("table", sorted(INTERNAL | {"organization_roles", "signing_keys"}))
def test_what_is_for_services_alone_readers_cannot_even_read(catalogue, table):
    assert not catalogue.scalar(READER, {"table": table, "right": "SELECT"})


@pytest.mark.parametrize("table", [*WALLED, "organization_roles", "signing_keys"])
def test_readers_have_no_right_to_write(catalogue, table):
    for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
        assert not catalogue.scalar(READER, {"table": table, "right": right}), right


def test_the_table_that_binds_readers_is_the_administrators_alone(catalogue):
    for role in ("mozg_reader", "mozg_app"):
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            query = text("SELECT has_table_privilege(:role, 'organization_roles', :right)")
            assert not catalogue.scalar(query, {"role": role, "right": right})


def test_our_roles_have_no_powers(catalogue):
    query = text(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'mozg%' "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    assert catalogue.execute(query).all() == []


def test_functions_that_see_more_than_their_caller_are_known_and_pin_their_path(catalogue):
    query = text(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    known = ("find_accounts", "known_organizations", "reader_organization")
    assert catalogue.execute(query).all() == [(name, ["search_path=pg_catalog, public"]) for name in known]


def test_nobody_but_the_administrator_makes_things_in_the_public_schema(catalogue):
    for role in ("mozg_app", "mozg_reader"):
        assert not catalogue.scalar(text("SELECT has_schema_privilege(:role, 'public', 'CREATE')"), {"role": role})
