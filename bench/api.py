"""The API: mixed reads over loopback at the highest rate that is held for a minute, beside bare FastAPI routes.

Ours learns who sends the request and what they may see, composes the question, and answers with units and periods.
The peer runs the very same statements, given ready, and answers with bare rows. Both must tell the same numbers.
"""

import itertools
import json
import math
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any

import httpx
import ibis

from bench.measure import Row, by_turns, faster, sooner, within
from bench.peers import bare_api
from bench.stage.callers import PATIENCE, Call, Held, highest, hold_patiently
from bench.stage.installation import FOLDER
from bench.stage.journal import somebody, with_runs
from bench.stage.restaurants import restaurants
from mozg.access.organizations import Organization
from mozg.access.sessions import access_token, open_session
from mozg.metrics import Period
from mozg.metrics.query import Question, compose
from mozg.metrics.spans import spelled_out
from mozg.serve.children import Children
from mozg.serve.services import Plan, api, environment, free_ports
from mozg.store.database import admin_url, connection_string, role_url

LEAST = 0.7
PEER = "bare FastAPI, the same statements"
MONTH, YEAR_AGO = Period(date(2026, 10, 1), date(2026, 10, 31)), Period(date(2025, 10, 2), date(2025, 11, 1))
ROWS = 50
QUESTIONS: Mapping[str, tuple[Question, Period | None]] = {
    "headline": (Question(("revenue", "checks", "guests", "average_check")), YEAR_AGO),
    "days": (Question(("revenue", "checks"), ("business_date",)), None),
    "venues-compared": (Question(("revenue", "discount_rate"), ("venue",)), YEAR_AGO),
    "dishes": (Question(("revenue", "units"), ("dish",)), None),
}
LISTS = {
    "venues": "SELECT id, name, timezone, country, day_start_hour, opened_on, closed_on, pos, "
    "pos_config IS NOT NULL FROM venues WHERE organization_id = {id} ORDER BY name LIMIT 51",
    "runs": "SELECT run_id, report, outcome, parameters, asked_by, snapshot, started_at, ended_at, error, files "
    "FROM report_runs WHERE organization_id = {id} ORDER BY id DESC LIMIT 50",
}


def run(quick: bool) -> list[Row]:
    """Look for the highest rate that each holds with answers in under 150 ms, then hold it for a minute, twice.

    The rules are the same for both: callers from one up, and fewer where answers come too late over the minute.
    """
    owner = with_runs(restaurants(venues=2, days=420) if quick else restaurants(venues=4, days=3 * 365))
    short, long, most, turns = (1, 2, 2, 1) if quick else (5, 60, 8, 2)
    told: dict[str, list[Held]] = {"mozg": [], PEER: []}
    with ExitStack() as open_ones:
        ours, theirs = _serve(open_ones, owner)
        headers = {"Authorization": f"Bearer {access_token(open_session(somebody(owner)))}"}
        _check(ours, theirs, headers)
        contests = {"mozg": (ours, headers, _our_calls()), PEER: (theirs, {}, _their_calls())}
        callers = {name: highest(*contest, most, short) for name, contest in contests.items()}

        def hold_for(name: str) -> float:
            told[name].append(hold_patiently(*contests[name], callers[name], long))
            return told[name][-1].rate

        rates = by_turns({name: lambda name=name: hold_for(name) for name in contests}, turns)
    fewest = {name: min(held.callers for held in told[name]) for name in told}
    words = f"mixed reads, {fewest['mozg']} and {fewest[PEER]} callers at once, each for {long} s"
    late = {name: [held.p95 for held in told[name]] for name in told}
    return [
        faster(words, rates["mozg"], rates[PEER], PEER, "answers/s", LEAST),
        within("mixed reads, 95 of 100 answers", late["mozg"], PATIENCE),
        sooner("95 of 100 answers, beside", late["mozg"], late[PEER], PEER, None),
    ]


def _serve(open_ones: ExitStack, owner: Organization) -> tuple[str, str]:
    """Start both and return their addresses; they end with ``open_ones``."""
    our_port, their_port = free_ports(0, 0)
    children = open_ones.enter_context(Children(FOLDER / "logs"))
    plan = api(our_port, {"MOZG_REQUESTS_PER_MINUTE": "1000000"})
    statements = {
        "record": admin_url().render_as_string(hide_password=False),
        "reader": connection_string(role_url(owner.reader_role)),
        "schema": owner.lake_schema,
        "postgres": {name: text.format(id=owner.id) for name, text in LISTS.items()},
        "lake": {name: _by_hand(name) for name in QUESTIONS},
    }
    peer = Plan(
        name="bare",
        module=("bench.peers.bare_api",),
        environment=environment() | {bare_api.TOLD: json.dumps(statements), bare_api.PORT: str(their_port)},
        answers=lambda _: _answers(f"http://127.0.0.1:{their_port}/venues"),
    )
    for each in (plan, peer):
        child = children.start(each.name, each.module, each.environment)
        children.wait(child, lambda each=each, child=child: each.answers(child), each.seconds, lambda: False)
    return f"http://127.0.0.1:{our_port}/api/v1", f"http://127.0.0.1:{their_port}"


def _by_hand(name: str) -> str:
    asked, ago = QUESTIONS[name]
    return str(ibis.to_sql(compose(asked, *spelled_out(MONTH, ago)).limit(ROWS), dialect="duckdb"))


def _our_calls() -> list[Call]:
    return [*(Call("/query", _body(name)) for name in QUESTIONS), *(Call(f"/{name}") for name in LISTS)]


def _their_calls() -> list[Call]:
    return [Call(f"/{name}") for name in (*QUESTIONS, *LISTS)]


def _body(name: str) -> dict[str, Any]:
    asked, ago = QUESTIONS[name]
    return {
        "metrics": asked.metrics,
        "by": asked.by,
        "from": str(MONTH.first),
        "to": str(MONTH.last),
        "compare": f"{ago.first}..{ago.last}" if ago else "none",
        "limit": ROWS,
    }


def _check(ours: str, theirs: str, headers: Mapping[str, str]) -> None:
    """Do nothing if both tell the same.

    Raises:
        AssertionError: they do not.
    """
    for name in QUESTIONS:
        rows = httpx.post(f"{ours}/query", json=_body(name), headers=headers, timeout=60).json()["rows"]
        bare = httpx.get(f"{theirs}/{name}", timeout=60).json()
        pairs = [pair for one, other in zip(rows, bare, strict=True) for pair in zip(one, other, strict=True)]
        assert all(itertools.starmap(_same, pairs)), f"{name}: {rows[:3]} is not {bare[:3]}"
    for name in LISTS:
        items = httpx.get(f"{ours}/{name}", headers=headers, timeout=60).json()["items"]
        assert len(items) == len(httpx.get(f"{theirs}/{name}", timeout=60).json()) > 0, name


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, int | float):
        return math.isclose(float(one), other, rel_tol=1e-9)
    return bool(one == other)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False
