"""Ten million lines: every section of every report, beside hand-written DuckDB SQL and plain Postgres.

Thirty venues over three years. A section shall have its numbers within 300 ms, and within 100 ms where roll-ups answer;
its composed questions shall take no more than 1.15 times what SQL written by hand takes on the same Parquet files.
Statements that MOZG itself has written by hand are their own peer there, and Postgres is not asked them: their
sections have no such row or number. How long a report's sections take with thinking and drawing is told without a goal.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

import psycopg

from bench.measure import Row, by_turns, seconds, sooner, within
from bench.peers import by_hand, plain_postgres
from bench.stage.large import large_chain
from bench.stage.process import fresh
from bench.stage.questions import Asked as Plain
from bench.stage.sections import NOTEBOOKS, Section
from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.lake.reader import Lake, kernel_environment, open_lake
from mozg.metrics import Plan, query
from mozg.pages.answers import Asked

MOST, MOST_OF_ROLLUPS = 0.3, 0.1
#: Ours may take 1.15 times what SQL by hand takes: 1 ÷ 1.15.
LEAST = 0.87
RUNS = 9
SCHEMA = "peer_sections"
HAND, POSTGRES = "SQL by hand, same Parquet", "plain PostgreSQL, facts"


def rows(quick: bool) -> list[Row]:
    """Measure the sections, each beside its peers, and what a report's sections take in all."""
    owner = large_chain(2, 400) if quick else large_chain(30, 3 * 365)
    sections = _sections(owner)
    lake = open_lake(owner)
    plain_postgres.copy_lake(owner, SCHEMA, once=not quick)
    with psycopg.connect(plain_postgres.dsn(SCHEMA)) as connection:
        each = [row for part in sections for row in _rows(part, lake, connection, runs=1 if quick else RUNS)]
    return [*each, *_whole(sections)]


def _sections(owner: Organization) -> list[Section]:
    kernel = kernel_environment(owner, Scope(owner.slug, "bench", "owner"), None, minutes=60)
    found: list[Section] = fresh("bench.stage.sections", NOTEBOOKS, kernel)
    return found


def _rows(part: Section, lake: Lake, connection: psycopg.Connection, runs: int) -> Iterator[Row]:
    most = MOST_OF_ROLLUPS if part.reads_rollups else MOST
    limit = within(part.words, part.seconds, most)
    if part.written or any(isinstance(one.before, Plan) for one in part.asked):
        yield limit
    else:
        beside = sooner(part.words, part.seconds, [_postgres(connection, part.asked)], POSTGRES, None)
        yield replace(beside, goal=limit.goal, holds=limit.holds)
    if part.asked:
        told = by_turns({"ours": lambda: _ours(lake, part.asked), HAND: lambda: _by_hand(lake, part.asked)}, runs)
        yield sooner(f"{part.words}, what is composed", told["ours"], told[HAND], HAND, LEAST)


def _ours(lake: Lake, asked: Sequence[Asked]) -> float:
    return sum(seconds(lambda o=one: _ask(lake, o)) for one in asked)


def _ask(lake: Lake, one: Asked) -> None:
    query(lake, one.metrics, one.by, during=one.during, compare=one.before, where=dict(one.only))


def _by_hand(lake: Lake, asked: Sequence[Asked]) -> float:
    texts = [by_hand.statement(one.metrics, one.by, one.during, one.before, one.only) for one in asked]
    return sum(seconds(lambda t=text: lake.frame(t)) for text in texts)


def _postgres(connection: psycopg.Connection, asked: Sequence[Asked]) -> float:
    assert not any(one.only for one in asked), "the bench asks about all venues and dishes"
    plain = [Plain(one.metrics, one.by, one.during, one.before, None, 0.0) for one in asked]  # type: ignore[arg-type]
    return statistics.fsum(plain_postgres.ask(connection, one)[1] for one in plain)


def _whole(sections: Sequence[Section]) -> Iterator[Row]:
    for report in dict.fromkeys(part.report for part in sections):
        rounds = zip(*(part.whole for part in sections if part.report == report), strict=True)
        words = f"{report.replace('_', ' ')}: all sections, with thinking and drawing"
        yield replace(within(words, [sum(took) for took in rounds], 0), goal=None, holds=None)
