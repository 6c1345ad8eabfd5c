"""Asking: the sales notebook's questions over four venues and three years, beside the same asked of plain Postgres.

The questions are noted while the notebook asks them, each time in a process of its own that has asked nothing
before: composing, asking and fetching count, opening the lake and drawing do not. Postgres gets them in a fresh
process too, and must give the same answers.

Then ten million lines: every section of every report (`bench.peers.sections`).
"""

import math
import pickle
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from bench.measure import Row, beside, by_turns, within
from bench.peers import plain_postgres, sections
from bench.stage.installation import FOLDER, ROOT
from bench.stage.process import fresh
from bench.stage.questions import Asked, Notes
from bench.stage.restaurants import restaurants
from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.lake.reader import kernel_environment

MOST = 1.0
QUESTIONS = FOLDER / "questions.pickle"
PEER = "plain PostgreSQL, facts"


def run(quick: bool) -> list[Row]:
    """Measure every question of the sales notebook five times, each in a fresh process."""
    owner = restaurants(venues=2, days=420) if quick else restaurants(venues=4, days=3 * 365)
    plain_postgres.copy_lake(owner)
    ours: list[Notes] = []
    theirs: list[list[plain_postgres.Answer]] = []

    def lake() -> float:
        ours.append(_of_notebook(owner))
        return _total(ours[-1])

    def postgres() -> float:
        theirs.append(_of_postgres())
        return sum(seconds for _, seconds in theirs[-1])

    QUESTIONS.write_bytes(pickle.dumps(_of_notebook(owner).asked))  # also warms the disk, before the clock starts
    totals = by_turns({"lake": lake, PEER: postgres}, 1 if quick else 5)
    rows = _each(ours, theirs)
    same = all(row.holds for row in rows)
    return [
        *rows,
        beside("all of these questions", *_sums(ours, theirs), PEER, same=same),
        within("whatever the sales notebook asks the lake", totals["lake"], MOST),
        *sections.rows(quick),
    ]


def _each(ours: Sequence[Notes], theirs: Sequence[Sequence[plain_postgres.Answer]]) -> list[Row]:
    return [
        beside(
            asked.words,
            [notes.asked[at].seconds for notes in ours],
            [answers[at][1] for answers in theirs],
            PEER,
            same=_agree(asked, theirs[0][at][0]),
        )
        for at, asked in enumerate(ours[0].asked)
    ]


def _sums(ours: Sequence[Notes], theirs: Sequence[Sequence[plain_postgres.Answer]]) -> tuple[list[float], list[float]]:
    one = [sum(asked.seconds for asked in notes.asked) for notes in ours]
    return one, [sum(seconds for _, seconds in answers) for answers in theirs]


def _total(notes: Notes) -> float:
    return notes.others + sum(asked.seconds for asked in notes.asked)


def _of_notebook(owner: Organization) -> Notes:
    kernel = kernel_environment(owner, Scope(owner.slug, "bench", "owner"), None, minutes=15)
    notes = fresh("bench.stage.questions", ROOT / "notebooks" / "sales.ipynb", kernel)
    assert isinstance(notes, Notes)
    return notes


def _of_postgres() -> list[plain_postgres.Answer]:
    answers: list[plain_postgres.Answer] = fresh(
        "bench.peers.plain_postgres", QUESTIONS, {plain_postgres.DSN: plain_postgres.dsn()}
    )
    return answers


def _agree(asked: Asked, rows: Sequence[tuple[Any, ...]]) -> bool:
    ours = list(asked.answer.itertuples(index=False, name=None))
    if len(ours) != len(rows):
        return False
    return all(_same(a, b) for one, other in zip(ours, rows, strict=True) for a, b in zip(one, other, strict=True))


def _same(one: Any, other: Any) -> bool:
    if pd.isna(one) or other is None:
        return bool(pd.isna(one)) and other is None
    if isinstance(one, float | int | Decimal) and isinstance(other, float | int | Decimal):
        return math.isclose(one, other, rel_tol=1e-9)
    return bool(one == other)
