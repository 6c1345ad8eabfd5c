"""Ten million lines: every section of every report, beside hand-written DuckDB SQL and plain Postgres.

Thirty venues over three years. A section shall have its numbers within 300 ms, and within 100 ms where roll-ups answer;
what it asks shall take no more than 1.15 times what SQL written by hand takes on the same Parquet files. Statements
that MOZG has written out have a plainer twin (`bench.peers.written`); those without one are their own peer and stay out
of that row, and Postgres is not asked any of them. How long a report's sections take with thinking and drawing is told
without a goal.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg

from bench.measure import Row, by_turns, seconds, sooner, within
from bench.peers import by_hand, plain_postgres
from bench.peers.written import Twins
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


#: Ours and a peer's.
Pair = tuple[Callable[[], Any], Callable[[], Any]]


def rows(quick: bool) -> list[Row]:
    """Measure the sections, each beside its peers, and what a report's sections take in all."""
    owner = large_chain(2, 400) if quick else large_chain(30, 3 * 365)
    sections = _sections(owner)
    lake = open_lake(owner)
    twins = Twins(lake)
    plain_postgres.copy_lake(owner, SCHEMA, once=not quick)
    with psycopg.connect(plain_postgres.dsn(SCHEMA)) as connection:
        each = [row for part in sections for row in _rows(part, lake, twins, connection, 1 if quick else RUNS)]
    return [*each, *_whole(sections)]


def _sections(owner: Organization) -> list[Section]:
    kernel = kernel_environment(owner, Scope(owner.slug, "bench", "owner"), None, minutes=60)
    found: list[Section] = fresh("bench.stage.sections", NOTEBOOKS, kernel)
    return found


def _rows(part: Section, lake: Lake, twins: Twins, connection: psycopg.Connection, runs: int) -> Iterator[Row]:
    most = MOST_OF_ROLLUPS if part.reads_rollups else MOST
    limit = within(part.words, part.seconds, most)
    if part.written or any(isinstance(one.before, Plan) for one in part.asked):
        yield limit
    else:
        beside = sooner(part.words, part.seconds, [_postgres(connection, part.asked)], POSTGRES, None)
        yield replace(beside, goal=limit.goal, holds=limit.holds)
    pairs = [*_composed(part, lake), *_written(part, lake, twins)]
    if pairs:
        ours, theirs = zip(*pairs, strict=True)
        told = by_turns({"ours": lambda: _all(ours), HAND: lambda: _all(theirs)}, runs)
        yield sooner(f"{part.words}, what it asks", told["ours"], told[HAND], HAND, LEAST)


def _composed(part: Section, lake: Lake) -> Iterator[Pair]:
    for one in part.asked:
        text = by_hand.statement(one.metrics, one.by, one.during, one.before, one.only)
        yield partial(_ask, lake, one), partial(lake.frame, text)


def _written(part: Section, lake: Lake, twins: Twins) -> Iterator[Pair]:
    for one in part.written:
        twin = twins.of(one.text, one.during)
        if twin is not None:
            yield partial(lake.frame, one.text, dict(one.variables)), partial(lake.frame, twin)


def _all(questions: Sequence[Callable[[], Any]]) -> float:
    return sum(seconds(question) for question in questions)


def _ask(lake: Lake, one: Asked) -> None:
    query(lake, one.metrics, one.by, during=one.during, compare=one.before, where=dict(one.only))


def _postgres(connection: psycopg.Connection, asked: Sequence[Asked]) -> float:
    assert not any(one.only for one in asked), "the bench asks about all venues and dishes"
    plain = [Plain(one.metrics, one.by, one.during, one.before, None, 0.0) for one in asked]  # type: ignore[arg-type]
    return statistics.fsum(plain_postgres.ask(connection, one)[1] for one in plain)


def _whole(sections: Sequence[Section]) -> Iterator[Row]:
    for report in dict.fromkeys(part.report for part in sections):
        rounds = zip(*(part.whole for part in sections if part.report == report), strict=True)
        words = f"{report.replace('_', ' ')}: all sections, with thinking and drawing"
        yield replace(within(words, [sum(took) for took in rounds], 0), goal=None, holds=None)
