"""The one way to ask for numbers.

    query(lake, ["revenue", "average_check"], by=["venue"], during=Period(...), compare=Period(...))

Every report, the command line, the API and the bot go through `query`, so a number can have only one value. It
composes one SQL statement from the metrics' definitions and applies the scope's venues to it, whatever was asked.
"""

import difflib
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import ibis
import pandas as pd
import sqlglot
from ibis.expr.types import Table, Value
from sqlglot import exp

from mozg.errors import QueryError
from mozg.lake.reader import Answer, Lake
from mozg.lake.rollups import joined
from mozg.metrics.budgets import budgets, planned
from mozg.metrics.dimensions import DIMENSIONS, with_dimensions
from mozg.metrics.metric import METRICS
from mozg.metrics.periods import Period, Plan
from mozg.metrics.planner import plan
from mozg.metrics.spans import VARIABLE, VARIABLE_BEFORE, VARIABLE_PLAN, Span, dates

BEFORE = "_before"
Beside = Literal["period", "plan", None]
_COMPARED: dict[Beside, Span | None] = {"period": VARIABLE_BEFORE, "plan": VARIABLE_PLAN, None: None}

_COMPARABLE = """
SELECT venue_id FROM daily_sales GROUP BY venue_id
HAVING min(business_date) <= getvariable('before_first')::DATE
    AND bool_or(business_date BETWEEN getvariable('before_first')::DATE AND getvariable('before_last')::DATE)
    AND bool_or(business_date BETWEEN getvariable('first')::DATE AND getvariable('last')::DATE)
"""


@dataclass(frozen=True)
class Question:
    """What is asked. ``where`` keeps rows whose dimension is one of the values; ``rollups=False`` asks the facts."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    venue_ids: tuple[int, ...] | None = None
    rollups: bool = True

    def __post_init__(self) -> None:
        _check("metric", self.metrics, METRICS)
        _check("dimension", (*self.by, *self.filtered), DIMENSIONS)
        if not self.metrics:
            raise QueryError("Name at least one metric. `mozg query --list` shows them all.")

    @property
    def filtered(self) -> list[str]:
        """The dimensions that ``where`` names."""
        return [name for name, _ in self.where]


def query(
    lake: Lake,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    *,
    during: Period | None = None,
    where: Mapping[str, Sequence[Any]] | None = None,
    compare: Period | None = None,
    like_for_like: bool = False,
    rollups: bool = True,
    limit: int | None = None,
) -> pd.DataFrame:
    """Return one row per combination of the dimensions ``by``, with a column per metric, sorted by ``by``.

    With ``compare``, every metric has a second column ``<metric>_before`` for that period; dates of the earlier
    period are moved onto the later one's (first day meets first day), so that days stand beside their like.
    A `Plan` to compare with fills these columns with what was planned, as far as a metric has a plan.
    Money and ratios of money are exact or float as DuckDB gives them: sums are Decimal, ratios float. A value that
    cannot be known is missing. Without ``during``, everything in the lake counts.

    ``like_for_like`` keeps venues that traded in both periods from their first day on (see `comparable_venues`).
    ``limit`` keeps the first rows only.

    Raises:
        QueryError: an unknown metric or dimension, or two that do not go together.
        LakeError: the lake cannot be read.
    """
    alike = (during, compare) if like_for_like else (None, None)
    question = Question(tuple(metrics), tuple(by), _kept(where), _venues(lake, *alike), rollups)
    return lake.frame(*_worded(question, during, compare, limit))


def rows(
    lake: Lake,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    *,
    during: Period | None = None,
    where: Mapping[str, Sequence[Any]] | None = None,
    compare: Period | None = None,
    like_for_like: bool = False,
    limit: int | None = None,
) -> Answer:
    """Return the answer of `query` as rows of plain values: a frame takes longer to make than a small answer.

    Raises:
        QueryError, LakeError: see `query`.
    """
    alike = (during, compare) if like_for_like else (None, None)
    question = Question(tuple(metrics), tuple(by), _kept(where), _venues(lake, *alike))
    return lake.answer(*_worded(question, during, compare, limit))


@functools.lru_cache(maxsize=1000)
def statement(question: Question, dated: bool, beside: Beside, limit: int | None = None) -> str:
    """Return the question as DuckDB's SQL, in which the days of both periods are variables (see `dates`).

    ``beside`` says with what it is compared: another period, the plan, or nothing.

    Composing takes longer than a small answer does, so it is done once, whatever days are asked for later.
    """
    answer = compose(question, VARIABLE if dated else None, _COMPARED[beside])
    return _read_apart(str(ibis.to_sql(answer if limit is None else answer.limit(limit), dialect="duckdb")))


def _read_apart(sql: str) -> str:
    """Let each period read its own days: what Ibis names once, DuckDB would read once, and then from all files."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for shared in tree.find_all(exp.CTE):
        shared.set("materialized", False)
    return tree.sql("duckdb")


def comparable_venues(lake: Lake, during: Period, compare: Period) -> tuple[int, ...]:
    """Return the ids of venues that are like for like: open before ``compare`` began, and trading in both periods."""
    allowed = lake.scope.venues
    found = lake.answer(_COMPARABLE, dates(during, compare)).rows
    return tuple(venue for (venue,) in found if allowed is None or venue in allowed)


def compose(question: Question, during: Span | None, compare: Span | None = None) -> Table:
    """Return the question as one Ibis expression over the lake's tables."""
    by = list(question.by)
    answer = _answer(question, during)
    if compare is not None:
        if during is None:
            raise QueryError("A comparison needs a period to compare: give --from and --to.")
        before = _answer(question, compare)
        before = before.rename({name + BEFORE: name for name in question.metrics})
        answer = _beside(answer, before, by)
    return answer.order_by(by) if by else answer


def _kept(where: Mapping[str, Sequence[Any]] | None) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return tuple((name, tuple(values)) for name, values in (where or {}).items())


def _venues(lake: Lake, during: Period | None, compare: Period | None) -> tuple[int, ...] | None:
    if during is None or compare is None or isinstance(compare, Plan):
        return lake.scope.venues
    return comparable_venues(lake, during, compare)


def _worded(
    question: Question, during: Period | None, compare: Period | None, limit: int | None
) -> tuple[str, dict[str, date | int]]:
    beside: Beside = "plan" if isinstance(compare, Plan) else "period" if compare else None
    return statement(question, during is not None, beside, limit), dates(during, compare)


def _answer(question: Question, during: Span | None) -> Table:
    needs = [measure for name in question.metrics for measure in METRICS[name].needs]
    by, split_by = list(question.by), [*question.by, *question.filtered]
    if during is not None and during.budgets:
        return _valued(question, planned(_rows(budgets(split_by), question, during), by, list(dict.fromkeys(needs))))
    parts = [
        source.group(_rows(source.only(measures, split_by), question, during), by, measures)
        for source, measures in plan(needs, split_by, rollups=question.rollups).items()
    ]
    return _valued(question, joined(parts, by) if by else _side_by_side(parts))


def _valued(question: Question, wide: Table) -> Table:
    return wide.select(*question.by, **{name: _value(name, wide) for name in question.metrics})


def _rows(table: Table, question: Question, during: Span | None) -> Table:
    if during is not None:
        table = table.filter(table.business_date.between(during.first, during.last))
    if question.venue_ids is not None:
        table = table.filter(table.venue_id.isin(question.venue_ids))
    table = with_dimensions(table, [*question.by, *question.filtered], during.shift if during else None)
    for name, values in question.where:
        table = table.filter(_is_one_of(table[name], values))
    return table


def _is_one_of(column: Value, values: Sequence[Any]) -> Value:
    known = [value for value in values if value is not None]
    return column.isin(known) | column.isnull() if None in values else column.isin(known)


def _value(name: str, wide: Table) -> Value:
    metric = METRICS[name]
    return metric.formula(*(wide[measure] for measure in metric.needs))


def _side_by_side(parts: list[Table]) -> Table:
    result, *others = parts
    for other in others:
        result = result.cross_join(other)
    return result


def _beside(answer: Table, before: Table, by: list[str]) -> Table:
    return joined([answer, before], by) if by else answer.cross_join(before)


def _check(kind: str, names: Iterable[str], known: Mapping[str, Any]) -> None:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise QueryError(f"There is no {kind} {name!r}.{hint} `mozg query --list` shows them all.")
