"""The one way to ask for numbers.

    query(lake, ["revenue", "average_check"], by=["venue"], during=Period(...), compare=Period(...))

Every report, the command line, the API and the bot go through `query`, so a number can have only one value. It
composes one SQL statement from the metrics' definitions and applies the scope's venues to it, whatever was asked.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import ibis
import pandas as pd
from ibis.expr.types import Table, Value

from mozg.errors import QueryError
from mozg.lake.reader import Lake
from mozg.lake.rollups import joined
from mozg.metrics.dimensions import DIMENSIONS, with_dimensions
from mozg.metrics.metric import METRICS
from mozg.metrics.periods import Period
from mozg.metrics.planner import plan

BEFORE = "_before"


@dataclass(frozen=True)
class Question:
    """What is asked. ``where`` keeps rows whose dimension is one of the values; ``rollups=False`` asks the facts."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    venue_ids: tuple[int, ...] | None = None
    rollups: bool = True

    def __post_init__(self) -> None:
        _check("metric", self.metrics, METRICS)
        _check("dimension", (*self.by, *self.where), DIMENSIONS)
        if not self.metrics:
            raise QueryError("Name at least one metric. `mozg query --list` shows them all.")


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
    Money and ratios of money are exact or float as DuckDB gives them: sums are Decimal, ratios float. A value that
    cannot be known is missing. Without ``during``, everything in the lake counts.

    ``like_for_like`` keeps venues that traded in both periods from their first day on (see `comparable_venues`).
    ``limit`` keeps the first rows only.

    Raises:
        QueryError: an unknown metric or dimension, or two that do not go together.
        LakeError: the lake cannot be read.
    """
    venue_ids = lake.scope.venues
    if like_for_like and during and compare:
        venue_ids = comparable_venues(lake, during, compare)
    question = Question(tuple(metrics), tuple(by), where or {}, venue_ids, rollups)
    answer = compose(question, during, compare)
    answer = answer if limit is None else answer.limit(limit)
    return lake.frame(str(ibis.to_sql(answer, dialect="duckdb")))


def comparable_venues(lake: Lake, during: Period, compare: Period) -> tuple[int, ...]:
    """Return the ids of venues that are like for like: open before ``compare`` began, and trading in both periods."""
    allowed = lake.scope.venues
    rows = lake.rows(
        "SELECT venue_id FROM daily_sales GROUP BY venue_id HAVING min(business_date) <= $1 "
        "AND bool_or(business_date BETWEEN $1 AND $2) AND bool_or(business_date BETWEEN $3 AND $4)",
        [compare.first, compare.last, during.first, during.last],
    )
    return tuple(venue for (venue,) in rows if allowed is None or venue in allowed)


def compose(question: Question, during: Period | None, compare: Period | None = None) -> Table:
    """Return the question as one Ibis expression over the lake's tables."""
    by = list(question.by)
    answer = _answer(question, during, timedelta())
    if compare is not None:
        if during is None:
            raise QueryError("A comparison needs a period to compare: give --from and --to.")
        before = _answer(question, compare, during.first - compare.first)
        before = before.rename({name + BEFORE: name for name in question.metrics})
        answer = _beside(answer, before, by)
    return answer.order_by(by) if by else answer


def _answer(question: Question, during: Period | None, shift: timedelta) -> Table:
    needs = [measure for name in question.metrics for measure in METRICS[name].needs]
    by, split_by = list(question.by), [*question.by, *question.where]
    parts = [
        source.group(_rows(source.only(measures, split_by), question, during, shift), by, measures)
        for source, measures in plan(needs, split_by, rollups=question.rollups).items()
    ]
    wide = joined(parts, by) if by else _side_by_side(parts)
    return wide.select(*by, **{name: _value(name, wide) for name in question.metrics})


def _rows(table: Table, question: Question, during: Period | None, shift: timedelta) -> Table:
    if during is not None:
        table = table.filter(table.business_date.between(during.first, during.last))
    if question.venue_ids is not None:
        table = table.filter(table.venue_id.isin(question.venue_ids))
    table = with_dimensions(table, [*question.by, *question.where], shift)
    for name, values in question.where.items():
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
