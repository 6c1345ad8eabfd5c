"""Tables like the record's, one set for each peer: the same columns, keys, indexes and forced row-level security."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from mozg.store.database import APP_ROLE, admin_engine

OWN_ORGANIZATION = "(SELECT nullif(current_setting('mozg.organization_id', true), '')::bigint)"


def make_twins(schema: str, tables: Sequence[str]) -> None:
    """Make the schema anew with an empty twin of each of ``tables``; the service role may write to them."""
    with admin_engine().begin() as connection:
        _run(connection, f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        _run(connection, f"CREATE SCHEMA {schema} AUTHORIZATION {APP_ROLE}")
        for table in tables:
            _make_twin(connection, f"{schema}.{table}", table)


def empty(schema: str, tables: Sequence[str]) -> None:
    """Take all rows out of the tables."""
    names = ", ".join(f"{schema}.{table}" for table in tables)
    with admin_engine().begin() as connection:
        _run(connection, f"TRUNCATE {names}")


def differing(schema: str, table: str, columns: Sequence[str], *, but_for: str = "public") -> int:
    """Return how many rows of ``schema.table`` are not in ``but_for``'s table of that name, or are there otherwise."""
    names = ", ".join(("organization_id", "venue_id", *columns, "deleted"))
    query = text(
        f"SELECT count(*) FROM (SELECT {names} FROM {schema}.{table} EXCEPT SELECT {names} FROM {but_for}.{table}) x"
    )
    with admin_engine().begin() as connection:
        return int(connection.scalar(query) or 0)


def count(schema: str, table: str) -> int:
    """Return how many rows the table holds."""
    with admin_engine().begin() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {schema}.{table}")) or 0)


def _make_twin(connection: Connection, twin: str, table: str) -> None:
    _run(connection, f"CREATE TABLE {twin} (LIKE public.{table} INCLUDING ALL)")
    _run(connection, f"ALTER TABLE {twin} OWNER TO {APP_ROLE}")
    _run(connection, f"ALTER TABLE {twin} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    mine = f"organization_id = {OWN_ORGANIZATION}"
    _run(connection, f"CREATE POLICY service ON {twin} TO {APP_ROLE} USING ({mine}) WITH CHECK ({mine})")


def _run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))
