"""An organisation's lake opens with its own key and to its own reader, and to that one for reading only."""

import itertools
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import text

from mozg.access.scope import Scope
from mozg.errors import LakeError, ScopeError
from mozg.lake.connection import attach_lake, attach_record, open_duckdb
from mozg.lake.reader import Lake, open_lake
from mozg.settings import settings
from mozg.store.database import admin_engine, connection_string, role_url

MARKER = "tell-tale veranda of {}"


@pytest.fixture(scope="module")
def houses(new_house, check, days):
    """Two organisations whose checks carry a marker, in every month of a quarter."""
    made = []
    for name in ("gamma", "delta"):
        house = new_house(name)
        house.sell(*(check(f"{MARKER.format(name)}-{day.day}", day, hall=MARKER.format(name)) for day in days))
        made.append(house)
    return made


def dsn(house):
    return connection_string(role_url(house.organization.reader_role))


def files(house):
    found = sorted(Path(settings().lake_path, house.organization.lake_schema).rglob("*.parquet"))
    assert found
    return found


def keys(house):
    """Return the keys of an organisation's files, as its own reader reads them."""
    with open_duckdb([attach_record(dsn(house))]) as connection:
        query = f"SELECT path, encryption_key FROM record.{house.organization.lake_schema}.ducklake_data_file"
        return {path.rsplit("/", 1)[-1]: key for path, key in connection.execute(query).fetchall()}


def open_file(connection, path, key=None):
    config = f", encryption_config = {{footer_key_value: from_base64('{key}')}}" if key else ""
    return connection.execute(f"SELECT count(*) FROM read_parquet('{path}'{config})").fetchall()[0][0]


def test_a_reader_attaches_its_own_lake(houses):
    gamma, _ = houses
    with open_duckdb([attach_lake(dsn(gamma), gamma.organization.lake_schema)]) as connection:
        assert connection.execute("SELECT DISTINCT hall FROM lake.receipts").fetchall() == [(MARKER.format("gamma"),)]


def test_a_reader_does_not_attach_the_lake_of_another(houses):
    gamma, delta = houses
    with pytest.raises(LakeError):
        open_duckdb([attach_lake(dsn(gamma), delta.organization.lake_schema)])
    with pytest.raises(LakeError):
        Lake(dsn(gamma), delta.organization.lake_schema, Scope(gamma.organization.slug, "x", "owner"))


def test_the_scope_and_the_reader_must_be_of_one_organisation(houses):
    gamma, delta = houses
    with pytest.raises(ScopeError, match="different organisations"):
        open_lake(gamma.organization, Scope(delta.organization.slug, "x", "owner"))


def test_the_record_behind_a_lake_shows_one_organisation(houses):
    gamma, delta = houses
    lake = gamma.lake()
    assert lake.rows("SELECT slug FROM record.public.organizations") == [(gamma.organization.slug,)]
    assert lake.rows("SELECT DISTINCT organization_id FROM record.public.receipts") == [(gamma.organization.id,)]
    with pytest.raises(LakeError):
        lake.rows(f"SELECT * FROM record.{delta.organization.lake_schema}.ducklake_data_file")
    catalogue = f"SELECT * FROM {delta.organization.lake_schema}.ducklake_schema"
    with pytest.raises(LakeError):
        lake.rows(f"SELECT * FROM postgres_query('record', '{catalogue}')")
    trick = f"SET mozg.organization_id = {delta.organization.id}; SELECT organization_id FROM receipts"
    try:
        seen = lake.rows(f"SELECT * FROM postgres_query('record', '{trick}')")
    except LakeError:
        seen = []
    assert (delta.organization.id,) not in seen


def test_no_file_of_any_lake_shows_what_is_in_it(houses):
    for house, name in zip(houses, ("gamma", "delta"), strict=True):
        for path in files(house):
            raw = path.read_bytes()
            assert MARKER.format(name).encode() not in raw
            assert raw[:4] == raw[-4:] == b"PARE"  # Parquet with an encrypted footer


def test_a_file_opens_with_its_own_key_alone(houses):
    gamma, delta = houses
    mine, theirs = keys(gamma), keys(delta)
    with duckdb.connect() as connection:
        for path in files(gamma):
            assert open_file(connection, path, mine[path.name]) > 0
        for path, key in itertools.product(files(delta), [None, *list(mine.values())[:2]]):
            assert path.name in theirs
            with pytest.raises(duckdb.Error):
                open_file(connection, path, key)


@pytest.mark.parametrize(
    "write",
    ["DELETE FROM lake.receipts", "UPDATE lake.receipts SET revenue = 0", "DROP TABLE lake.receipts",
     "INSERT INTO lake.venues SELECT * FROM lake.venues", "CREATE TABLE lake.mine (x INT)"],
)  # fmt: skip
def test_a_reader_does_not_write_its_own_lake(houses, write):
    gamma, _ = houses
    schema = gamma.organization.lake_schema
    before = gamma.revenue_by_day()
    sign_in = connection_string(
        role_url(gamma.organization.reader_role), options="-c default_transaction_read_only=off"
    )
    attach = attach_lake(sign_in, schema, data_path=f"{settings().lake_path}/{schema}")
    with pytest.raises((duckdb.Error, LakeError)), open_duckdb([attach]) as connection:
        connection.execute(write)
    with pytest.raises(LakeError):
        gamma.lake().rows(write.replace("lake.", ""))
    assert gamma.revenue_by_day() == before


def test_a_role_that_is_no_reader_has_nothing(houses):
    gamma, _ = houses
    with admin_engine().connect() as connection:
        query = text("SELECT has_schema_privilege(:role, :schema, 'USAGE')")
        for role, may in (("mozg_reader", False), (gamma.organization.reader_role, True)):
            assert connection.scalar(query, {"role": role, "schema": gamma.organization.lake_schema}) is may


def test_an_error_tells_no_password(houses):
    gamma, delta = houses
    with pytest.raises(LakeError) as caught:
        open_duckdb([attach_lake(dsn(gamma), delta.organization.lake_schema)])
    assert role_url(gamma.organization.reader_role).password not in str(caught.value)


def test_hidden_columns_do_not_hide_the_others(new_house):
    """Once Postgres knows how large a table is, DuckDB would read it in a way that needs a right on every column."""
    house = new_house()
    house.sell()
    with admin_engine().begin() as connection:
        connection.execute(text("ANALYZE venues"))
    assert house.lake().rows("SELECT name FROM record.public.venues") == [("Зал",)]


def test_no_connection_loads_what_nobody_signed(tmp_path):
    """The file is ours but for its beginning, so that its signature is of another one."""
    with open_duckdb() as connection:
        query = "SELECT install_path FROM duckdb_extensions() WHERE extension_name = 'icu'"
        (path,) = connection.execute(query).fetchone()
    forged = tmp_path / "another.duckdb_extension"
    forged.write_bytes(bytes(512) + Path(path).read_bytes()[512:])
    with open_duckdb() as connection:
        with pytest.raises(duckdb.IOException, match="signature"):
            connection.execute(f"LOAD '{forged}'")
        with pytest.raises(duckdb.InvalidInputException, match="while database is running"):
            connection.execute("SET allow_unsigned_extensions = true")
