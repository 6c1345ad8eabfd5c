"""The lake's questions asked of plain Postgres.

The facts are tables of the same shape as the lake's, indexed by day and venue, analysed, without row-level security;
there are no roll-ups. The statements come from the same definitions, in Postgres' dialect.
"""

import os
import pickle
import time
from pathlib import Path

import ibis
import psycopg
import sqlglot
from sqlglot import exp

from bench.stage.installation import FOLDER
from bench.stage.questions import Asked
from mozg.access.organizations import Organization
from mozg.lake.connection import attach_lake, open_duckdb, quoted
from mozg.lake.tables import DIMENSIONS, FACTS
from mozg.metrics.query import Question, compose
from mozg.metrics.spans import spelled_out
from mozg.store.database import admin_url, connection_string, role_url

SCHEMA = "peer_query"
DSN = "BENCH_POSTGRES"
Answer = tuple[list[tuple], float]


def copy_lake(owner: Organization, schema: str = SCHEMA, *, once: bool = False) -> None:
    """Make the tables anew from the lake of ``owner``; ``once``, only if no earlier run filled ``schema``."""
    filled = FOLDER / f"{schema}.copied"
    if once and filled.exists():
        return
    dsn = connection_string(admin_url())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.execute(f"CREATE SCHEMA {schema}")
        reader = connection_string(role_url(owner.reader_role))
        lake = open_duckdb([attach_lake(reader, owner.lake_schema), f"ATTACH {quoted(dsn)} AS plain (TYPE postgres)"])
        for table in (*DIMENSIONS, *FACTS):
            lake.execute(f"CREATE TABLE plain.{schema}.{table.name} AS FROM lake.{table.name}")
        lake.close()
        for table in FACTS:
            connection.execute(f"CREATE INDEX ON {schema}.{table.name} (business_date, venue_id)")
        connection.execute("VACUUM ANALYZE")
    filled.touch()


def dsn(schema: str = SCHEMA) -> str:
    """Return how Postgres is reached, with the schema first on its path."""
    return connection_string(admin_url(), options=f"-c search_path={schema}")


def statement(asked: Asked) -> str:
    """Return the question as one statement over the facts, in Postgres' dialect."""
    question = Question(asked.metrics, asked.by, rollups=False)
    text = str(ibis.to_sql(compose(question, *spelled_out(asked.during, asked.compare)), dialect="postgres"))
    # Postgres has no full join on IS NOT DISTINCT FROM.
    tree = sqlglot.parse_one(text, read="postgres")
    return tree.transform(_equal).sql("postgres")


def ask(connection: psycopg.Connection, asked: Asked) -> Answer:
    """Return the answer's rows, and the seconds for composing, asking and fetching."""
    started = time.perf_counter()
    rows = connection.execute(statement(asked)).fetchall()
    return rows, time.perf_counter() - started


def _equal(node: exp.Expression) -> exp.Expression:
    return exp.EQ(this=node.this, expression=node.expression) if isinstance(node, exp.NullSafeEQ) else node


def run(questions: Path) -> list[Answer]:
    """Return the answers to the pickled questions, of the Postgres that the environment names."""
    with psycopg.connect(os.environ[DSN]) as connection:
        return [ask(connection, asked) for asked in pickle.loads(questions.read_bytes())]
