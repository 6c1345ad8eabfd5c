"""COPY of what a till told, by the administrator: into twins of the record's tables, or into tables without keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from psycopg import Cursor

from bench.peers.twins import make_twins
from mozg.model import STREAMS, Catalogue, Sales
from mozg.store.database import admin_engine
from mozg.store.load import CATEGORIES, EMPLOYEES, ITEMS, PAYMENTS, PRODUCTS, RECEIPTS
from mozg.store.load_streams import KEYS
from mozg.store.upsert import Shape

SCHEMA = "copied"


@dataclass(frozen=True)
class Told:
    """Rows of one table, each with its owner and run before what the till said; no key comes twice."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def told(answers: Iterable[tuple[str, Any]]) -> list[Told]:
    """Return what a till answered, each thing with its name, as rows: one entry for each table and answer."""
    seen: dict[str, set[Any]] = {}
    parts = (part for name, answer in answers for part in _parts(name, answer))
    return [_once(shape, rows, seen.setdefault(shape.table, set())) for shape, rows in parts]


def copy_into_twins(parts: Sequence[Told]) -> None:
    """COPY into the tables that `make_ready` made, in one transaction."""
    with admin_engine().begin() as connection:
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor:
            for part in parts:
                _copy(cursor, f"{SCHEMA}.{part.table}", part)


def copy_bare(parts: Sequence[Told]) -> None:
    """COPY into temporary tables without keys, indexes and a log, which are made for it and dropped again."""
    with admin_engine().begin() as connection:
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor:
            for part in parts:
                bare, names = f"bare_{part.table}", ", ".join(part.columns)
                cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {bare} AS SELECT {names} FROM {part.table} LIMIT 0")
                _copy(cursor, bare, part)
            for table in {part.table for part in parts}:
                cursor.execute(f"DROP TABLE bare_{table}")


def make_ready(parts: Sequence[Told]) -> None:
    """Make empty twins of the tables that ``parts`` belong to."""
    make_twins(SCHEMA, sorted({part.table for part in parts}))


def _copy(cursor: Cursor[Any], table: str, part: Told) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(part.columns)}) FROM STDIN") as copy:
        for row in part.rows:
            copy.write_row(row)


def _parts(name: str, answer: Any) -> list[tuple[Shape, Sequence[Any]]]:
    if isinstance(answer, Sales):
        return [(RECEIPTS, answer.receipts), (ITEMS, answer.items), (PAYMENTS, answer.payments)]
    if isinstance(answer, Catalogue):
        return [(CATEGORIES, answer.categories), (PRODUCTS, answer.products), (EMPLOYEES, answer.employees)]
    stream = STREAMS[name]
    return [(Shape(name, stream.record._fields, KEYS.get(name, ("external_id",))), answer)]


def _once(shape: Shape, rows: Sequence[Any], seen: set[Any]) -> Told:
    catalogue = shape in (CATEGORIES, PRODUCTS, EMPLOYEES)
    owner = ("organization_id",) if catalogue else ("organization_id", "venue_id")
    key = itemgetter(*map(shape.columns.index, shape.key))
    fresh = {key(row): (*(1 for _ in owner), 1, *row) for row in rows if key(row) not in seen}
    seen |= fresh.keys()
    return Told(shape.table, (*owner, "changed_in", *shape.columns), list(fresh.values()))
