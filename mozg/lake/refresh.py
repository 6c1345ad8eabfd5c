"""Bringing the lake up to the record: only the days that were touched, all tables in one snapshot.

One writer at a time per organisation (an advisory lock in Postgres); readers go on meanwhile. A refresh that is
killed leaves the lake as it was, and the touched days are still noted, so the next one does the work.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
from sqlalchemy import text

from mozg.access.organizations import Organization
from mozg.lake import copying
from mozg.lake.connection import attach_lake, attach_record, open_duckdb
from mozg.lake.rollups import ROLLUPS
from mozg.lake.sweeps import TABLE_HOURS
from mozg.lake.tables import DIMENSIONS, FACTS, LakeTable
from mozg.settings import settings
from mozg.store.database import APP_ROLE, app_engine, connection_string, role_url, transaction
from mozg.store.totals import TOTALS, replace_totals

NEAR = timedelta(days=31)
LONGEST_SPAN = timedelta(days=370)
#: Read page by page in several connections, a table gives away its indexes, and a day costs what all history costs.
BY_INDEX = "SET pg_use_ctid_scan = false"
#: Of what it reads from Postgres DuckDB expects so few rows that it would hold each line against every cost.
SORTED = "SET asof_loop_join_threshold = 0"


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: the lake's snapshot after it, and how many venue-days were written again."""

    snapshot: int
    venue_days: int


def refresh(organization: Organization) -> Refreshed:
    """Copy every touched venue-day of ``organization`` from the record into its lake.

    Raises:
        LakeError: the lake cannot be opened or written.
    """
    with _only_writer(organization.id), writer(organization) as lake:
        noted, touched = _touched(organization.id)
        lake.execute("BEGIN")
        touched |= copying.every_day(lake) if _make_tables(lake) else set()
        touched |= copying.copy_dimensions(lake)
        for first, until, pairs in _spans(touched):
            copying.copy_days(lake, first, until, pairs)
        lake.execute("COMMIT")
        if touched:
            _publish(lake, organization.id, sorted(touched))
            _forget_touched(organization.id, noted)
        (snapshot,) = lake.execute("FROM lake.current_snapshot()").fetchall()[0]
    return Refreshed(snapshot, len(touched))


@contextmanager
def _only_writer(organization_id: int) -> Iterator[None]:
    with app_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(1, :id)"), {"id": organization_id})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(1, :id)"), {"id": organization_id})


@contextmanager
def writer(organization: Organization) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection that may write ``organization``'s lake, with the record attached to read.

    Raises:
        LakeError: the lake cannot be opened.
    """
    url = role_url(APP_ROLE)
    lake = attach_lake(
        connection_string(url),
        organization.lake_schema,
        data_path=f"{settings().lake_path}/{organization.lake_schema}",
    )
    dsn = connection_string(url, options=f"-c mozg.organization_id={organization.id}")
    connection = open_duckdb([lake, attach_record(dsn, schema="public"), BY_INDEX, SORTED, "USE lake"])
    try:
        yield connection
    finally:
        connection.close()


def _touched(organization_id: int) -> tuple[list[int], set[tuple[int, date]]]:
    query = text("SELECT id, venue_id, business_date FROM touched_days")
    with transaction(organization_id) as connection:
        rows = connection.execute(query).all()
    return [id_ for id_, _, _ in rows], {(venue, day) for _, venue, day in rows}


def _publish(lake: duckdb.DuckDBPyConnection, organization_id: int, days: Sequence[tuple[int, date]]) -> None:
    """Give the touched days' totals back to the record; the lake is committed, so this may also run again."""
    copying.note_touched(lake, days)
    with transaction(organization_id) as connection:
        for table, columns in TOTALS.items():
            known = f"SELECT {', '.join(columns)} FROM {table} SEMI JOIN touched USING (venue_id, business_date)"
            hours = " WHERE hour IS NOT NULL" if "hour" in columns else ""
            replace_totals(connection, organization_id, table, days, lake.execute(known + hours).fetchall())


def _forget_touched(organization_id: int, noted: Sequence[int]) -> None:
    # By their ids: a sync that began before us may commit lower ones while we copy.
    with transaction(organization_id) as connection:
        connection.execute(text("DELETE FROM touched_days WHERE id = ANY(:noted)"), {"noted": list(noted)})


def _spans(touched: Collection[tuple[int, date]]) -> Iterator[tuple[date, date, list[tuple[int, date]]]]:
    """Group venue-days that lie close together, with the first and last day of each group.

    A backfill becomes a few large groups; yesterday and a late edit of last spring become two small ones.
    """
    group: list[tuple[int, date]] = []
    for venue, day in sorted(touched, key=lambda pair: pair[1]):
        if group and (day - group[-1][1] > NEAR or day - group[0][1] > LONGEST_SPAN):
            yield group[0][1], group[-1][1], group
            group = []
        group.append((venue, day))
    if group:
        yield group[0][1], group[-1][1], group


def _tables(lake: duckdb.DuckDBPyConnection) -> set[str]:
    # duckdb_tables() would read the columns of every table in Postgres, of every organisation's lake.
    return {name for (name,) in lake.execute("SELECT table_name FROM ducklake_table_info('lake')").fetchall()}


def _make_tables(lake: duckdb.DuckDBPyConnection) -> bool:
    """Make the tables that are not there, and those anew whose columns have changed; tell whether a lake was changed.

    Then everything has to be copied: a newer version of MOZG keeps more of a check than an older one did.
    """
    existing, changed = _tables(lake), False
    for table in (*DIMENSIONS, *FACTS, *(rollup.table for rollup in ROLLUPS), TABLE_HOURS):
        shape = {name: copying.duckdb_type(kind) for name, kind in table.columns.items()}
        if table.name in existing and _shape(lake, table.name) == shape:
            continue
        changed |= bool(existing)
        lake.execute(f"DROP TABLE IF EXISTS lake.{table.name}")
        _make_table(lake, table, shape)
    return changed


def _shape(lake: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in lake.execute(f"DESCRIBE lake.{table}").fetchall()}


def _make_table(lake: duckdb.DuckDBPyConnection, table: LakeTable, shape: Mapping[str, str]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in shape.items())
    lake.execute(f"CREATE TABLE lake.{table.name} ({columns})")
    if table.by_month:
        lake.execute(f"ALTER TABLE lake.{table.name} SET PARTITIONED BY (year(business_date), month(business_date))")
