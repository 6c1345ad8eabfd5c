"""iiko's SALES report over a simulated chain: group, aggregate and filter as the real servers do, in both dialects."""

import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import duckdb

from mozg.simulate.chain import Chain
from mozg.simulate.facts import load
from mozg.simulate.olap_fields import COLUMNS, FROM, PER_ORDER, Column
from mozg.simulate.olap_filters import Condition, Refused, condition

Dialect = Literal["server", "cloud"]
_FORMATS = {"DATETIME": "%Y-%m-%dT%H:%M:%S", "DATE": {"server": "%Y-%m-%dT00:00:00", "cloud": "%Y-%m-%d"}}


@dataclass(frozen=True)
class Question:
    """A parsed report request."""

    groups: list[str]
    measures: list[str]
    conditions: list[Condition] = field(default_factory=list)
    summary: bool = False


def question(body: dict[str, Any], dialect: Dialect, today: date) -> Question:
    """Read a request in the server's dialect (``filters`` is an object) or the cloud's (a list of named filters).

    Raises:
        Refused: an unknown report or column, a column used as it may not be, or a filter that makes no sense.
    """
    if body.get("reportType") != "SALES":
        raise Refused(f"Unknown report type: {body.get('reportType')}")
    groups = [*body.get("groupByRowFields", []), *body.get("groupByColFields", [])]
    for name in groups:
        _allowed(name, lambda column: column.groups, "grouping")
    measures = list(body.get("aggregateFields", []))
    for name in measures:
        _allowed(name, lambda column: column.aggregates, "aggregation")
    conditions = [condition(name, rule, today) for name, rule in _filters(body.get("filters"), dialect)]
    return Question(groups, measures, conditions, str(body.get("buildSummary", False)).lower() == "true")


def _allowed(name: Any, test: Any, use: str) -> None:
    if not isinstance(name, str) or name not in COLUMNS:
        raise Refused(f"Unknown OLAP field: {name}")
    if not test(COLUMNS[name]):
        raise Refused(f"OLAP field {name} is not allowed for {use}")


def _filters(filters: Any, dialect: Dialect) -> list[tuple[str, dict[str, Any]]]:
    if dialect == "server" and isinstance(filters, dict):
        pairs = list(filters.items())
    elif dialect == "cloud" and isinstance(filters, list):
        pairs = [(rule.get("name"), rule) for rule in filters]
    else:
        raise Refused("filters have a wrong type")
    for name, _ in pairs:
        _allowed(name, lambda column: column.groups, "filtering")
    return pairs


class Olap:
    """The report engine of one chain. Safe to ask from several threads."""

    def __init__(self, chain: Chain) -> None:
        self.today = chain.last
        self._base = duckdb.connect()
        self._lock = threading.Lock()
        load(self._base, chain)

    def answer(self, question: Question, dialect: Dialect) -> str:
        """Return the JSON text of the answer: flat rows under ``data``, totals under ``summary`` if asked for."""
        data = ",".join(self._rows(question, question.groups, question.measures, dialect))
        summary = ",".join(self._summary(question, dialect)) if question.summary else ""
        return f'{{"data":[{data}],"summary":[{summary}]}}'

    def _summary(self, question: Question, dialect: Dialect) -> list[str]:
        """Return pairs of (group values, figures): the grand total, then totals with the leading groups dropped."""
        pairs = []
        for size in range(len(question.groups)):
            groups = question.groups[len(question.groups) - size :]
            keys = self._rows(question, groups, [], dialect) if groups else ["{}"]
            figures = self._rows(question, groups, question.measures, dialect, shown=[])
            pairs += [f"[{key},{figure}]" for key, figure in zip(keys, figures, strict=True)]
        return pairs

    def _rows(
        self,
        question: Question,
        groups: list[str],
        measures: list[str],
        dialect: Dialect,
        shown: list[str] | None = None,
    ) -> list[str]:
        sql, values = _statement(question, groups, measures, dialect, groups if shown is None else shown)
        with self._lock:
            cursor = self._base.cursor()
        return [row for (row,) in cursor.execute(sql, values).fetchall()]

    def close(self) -> None:
        """Free the tables."""
        self._base.close()


def _statement(
    question: Question, groups: list[str], measures: list[str], dialect: Dialect, shown: list[str]
) -> tuple[str, list[Any]]:
    """Return SQL that gives one JSON text per row: sums per order first, then per group, ordered by the groups."""
    keys = [f"g{i}" for i in range(len(groups))]
    inner = [f"{COLUMNS[name].sql} AS {key}" for name, key in zip(groups, keys, strict=True)]
    sums = [f"{sql} AS {name}" for name, sql in PER_ORDER.items()]
    texts = [f'{_text(COLUMNS[n], k, dialect)} AS "{n}"' for n, k in zip(groups, keys, strict=True) if n in shown]
    figures = [f'{COLUMNS[name].measure} AS "{name}"' for name in measures]
    by = ", ".join(keys)
    where = " AND ".join(c.sql for c in question.conditions) or "true"
    having = f"GROUP BY {by} ORDER BY {by}" if keys else ""
    outer = ", ".join([*texts, *figures]) or "1 AS one"
    sql = f"""
        SELECT to_json(t)::VARCHAR FROM (
            SELECT {outer} FROM (
                SELECT {", ".join([*inner, *sums])} FROM {FROM} WHERE {where}
                GROUP BY {", ".join([*keys, "f.order_id"])}
            ) {having}
        ) AS t"""  # noqa: S608  # every name comes from COLUMNS, every value is a parameter
    return sql, [value for c in question.conditions for value in c.values]


def _text(column: Column, key: str, dialect: Dialect) -> str:
    if column.kind == "DATE":
        return f"strftime({key}, '{_FORMATS['DATE'][dialect]}')"  # type: ignore[index]
    if column.kind == "DATETIME":
        return f"strftime({key}, '{_FORMATS['DATETIME']}')"
    return key


def days_asked(question: Question) -> int | None:
    """Return how many business dates a question spans, or None if it has no filter on ``OpenDate.Typed``."""
    for one in question.conditions:
        if one.column == "OpenDate.Typed" and one.span is not None:
            low, high = one.span
            return (high - low + timedelta(1)).days
    return None
