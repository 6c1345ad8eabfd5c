"""Reading a lake: one organisation, one snapshot, one scope."""

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa
from sqlalchemy import text

from mozg.access.organizations import Organization
from mozg.access.scope import Scope, public_key, read_scope
from mozg.errors import LakeError, ScopeError
from mozg.lake.instances import instance
from mozg.lake.newest import newest_snapshot
from mozg.settings import settings
from mozg.store.database import connection_string, reading, role_url

SUM_OF_WHOLE = pa.decimal128(38, 0)
FOREIGN = "The scope and the lake's reader role belong to different organisations."
OLDER = "The lake, or this snapshot, lacks what was asked for; `mozg migrate` brings an older lake up to date."
PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int16(): pd.Int64Dtype()}


@dataclass(frozen=True)
class Owner:
    """Whose lake it is, and how its numbers are written."""

    slug: str
    name: str
    currency: str
    locale: str
    timezone: str
    country: str | None


class Answer(NamedTuple):
    """What the lake answered: names of columns, and rows of plain values (money as Decimal, missing as None)."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Lake:
    """One organisation's lake at one snapshot, as one scope may see it.

    The connection signs in as the organisation's reader role, so Postgres itself keeps other organisations out;
    ``scope.venues`` narrows further, and `mozg.metrics.query` applies it to every question.
    """

    def __init__(self, dsn: str, schema: str, scope: Scope, snapshot: int | None = None) -> None:
        self.scope = scope
        self._instance = instance(dsn, schema)
        self.snapshot = self._instance.attach(snapshot)

    @functools.cached_property
    def owner(self) -> Owner:
        """Whose lake this is, as the record has it."""
        columns = "slug, name, currency, locale, timezone, country"
        return Owner(*self.rows(f"SELECT {columns} FROM record.public.organizations")[0])

    def frame(self, sql: str, variables: Mapping[str, date | int] | None = None) -> pd.DataFrame:
        """Return the answer to ``sql``: money as Decimal, whole numbers nullable, dates as ``datetime.date``.

        ``variables`` are what it reads by ``getvariable``.
        """
        with self._cursor() as cursor:
            answer = _whole_numbers(cursor.execute(_told(variables) + sql).to_arrow_table())
        return answer.to_pandas(types_mapper=PANDAS_TYPES.get, date_as_object=True)

    def answer(self, sql: str, variables: Mapping[str, date | int] | None = None) -> Answer:
        """Return the answer to ``sql`` without a frame around it, which takes longer to make than a small answer."""
        with self._cursor() as cursor:
            rows = cursor.execute(_told(variables) + sql).fetchall()
            return Answer(tuple(name for name, *_ in cursor.description), rows)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the answer to ``sql`` as tuples."""
        with self._cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def freshness(self) -> dict[int, datetime]:
        """Return when each venue was last read successfully (UTC)."""
        query = "SELECT venue_id, max(ended_at) FROM record.public.sync_runs WHERE outcome = 'ok' GROUP BY venue_id"
        return dict(self.rows(query))

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor at this snapshot; what goes wrong with it is a `LakeError`, and it is not lent again."""
        try:
            with self._instance.cursor(self.snapshot) as cursor:
                yield cursor
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise LakeError(f"{OLDER} What is missing: {error}") from error
        except duckdb.Error as error:
            raise LakeError(f"The lake could not answer: {error}") from error


def open_lake(organization: Organization, scope: Scope | None = None, snapshot: int | None = None) -> Lake:
    """Open ``organization``'s lake in a service; without a scope, as the service itself, which sees every venue.

    Without a snapshot, at the newest: an answer is never older than the last refresh that ended before the question.

    Raises:
        LakeError: there is no lake yet, no such snapshot, or Postgres is away.
        StoreError: Postgres is away.
        ScopeError: the scope is another organisation's.
    """
    scope = scope or Scope(organization.slug, "service", "owner")
    if scope.organization != organization.slug:
        raise ScopeError(FOREIGN)
    pinned = newest_snapshot(organization) if snapshot is None else snapshot
    return Lake(connection_string(role_url(organization.reader_role)), organization.lake_schema, scope, pinned)


def has_lake(organization: Organization) -> bool:
    """Tell whether anything has been brought into ``organization``'s lake yet."""
    catalogue = f"{organization.lake_schema}.ducklake_snapshot"
    with reading() as connection:
        return bool(connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": catalogue}))


def kernel_environment(organization: Organization, scope: Scope, snapshot: int | None, minutes: int) -> dict[str, str]:
    """Return the environment that lets a notebook kernel read one lake as ``scope`` for ``minutes``, and no more."""
    environment = {
        "MOZG_SCOPE": scope.sign(minutes),
        "MOZG_SCOPE_KEY": public_key(),
        "MOZG_LAKE_DSN": connection_string(role_url(organization.reader_role)),
        "MOZG_LAKE_SCHEMA": organization.lake_schema,
    }
    return environment if snapshot is None else environment | {"MOZG_LAKE_SNAPSHOT": str(snapshot)}


def lake_of_kernel(organization: str) -> Lake:
    """Open the lake that this notebook kernel was started for.

    Raises:
        ScopeError: the kernel was started for nobody, for another organisation, or too long ago.
    """
    given = settings()
    if given.scope_token is None or given.scope_key is None or given.lake_dsn is None or given.lake_schema is None:
        raise ScopeError(
            "This kernel has no scope. Start reports with `mozg run`, the dashboards, or `mozg lab`, which give it one."
        )
    scope = read_scope(given.scope_token.get_secret_value(), given.scope_key)
    if organization not in ("", scope.organization):
        raise ScopeError(f"This kernel may read {scope.organization!r}, not {organization!r}.")
    lake = Lake(given.lake_dsn.get_secret_value(), given.lake_schema, scope, given.lake_snapshot)
    if lake.owner.slug != scope.organization:
        raise ScopeError(FOREIGN)
    return lake


def _told(variables: Mapping[str, date | int] | None) -> str:
    return "".join(f"SET VARIABLE {name} = {_literal(value)}; " for name, value in (variables or {}).items())


def _literal(value: date | int) -> str:
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else str(int(value))


def _whole_numbers(table: pa.Table) -> pa.Table:
    # DuckDB adds whole numbers up in 128 bits, which Arrow can only tell as decimals without decimals.
    for at, column in enumerate(table.schema):
        if column.type == SUM_OF_WHOLE:
            table = table.set_column(at, column.name, table.column(at).cast(pa.int64()))
    return table
