"""iiko's reports over a simulated chain: group, aggregate and filter as the real servers do, in both dialects."""

import threading
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import duckdb

from mozg.simulate.chain import Chain
from mozg.simulate.iiko.columns import Column, Report
from mozg.simulate.iiko.entry_fields import TRANSACTIONS
from mozg.simulate.iiko.facts import load, load_entries
from mozg.simulate.iiko.olap_filters import Condition, Refused, condition
from mozg.simulate.iiko.sales_fields import SALES

Dialect = Literal["server", "cloud"]
REPORTS = {report.name: report for report in (SALES, TRANSACTIONS)}
_FORMATS = {"DATETIME": "%Y-%m-%dT%H:%M:%S", "DATE": {"server": "%Y-%m-%dT00:00:00", "cloud": "%Y-%m-%d"}}


@dataclass(frozen=True)
class Question:
    """A parsed report request."""

    report: Report
    groups: list[str]
    measures: list[str]
    conditions: list[Condition] = field(default_factory=list)
    summary: bool = False


def question(body: dict[str, Any], dialect: Dialect, today: date, lacks: frozenset[str] = frozenset()) -> Question:
    """Read a request in the server's dialect (``filters`` is an object) or the cloud's (a list of named filters).

    ``lacks`` are columns that this version does not have.

    Raises:
        Refused: an unknown report or column, a column used as it may not be, or a filter that makes no sense.
    """
    name = body.get("reportType")
    report = replace(report_of(name), columns=columns_of(name, lacks))
    groups = [*body.get("groupByRowFields", []), *body.get("groupByColFields", [])]
    for name in groups:
        _allowed(report, name, lambda column: column.groups, "grouping")
    measures = list(body.get("aggregateFields", []))
    for name in measures:
        _allowed(report, name, lambda column: column.aggregates, "aggregation")
    pairs = _filters(report, body.get("filters"), dialect)
    conditions = [condition(report.columns[name], name, rule, today) for name, rule in pairs]
    return Question(report, groups, measures, conditions, str(body.get("buildSummary", False)).lower() == "true")


def report_of(name: Any) -> Report:
    """Return the kind of report of that name.

    Raises:
        Refused: there is none.
    """
    if name not in REPORTS:
        raise Refused(f"Unknown report type: {name}")
    return REPORTS[name]


def columns_of(name: Any, lacks: frozenset[str] = frozenset()) -> dict[str, Column]:
    """Return the columns of the report of that name, without those that this version lacks.

    Raises:
        Refused: there is no such report.
    """
    return {name: column for name, column in report_of(name).columns.items() if name not in lacks}


def _allowed(report: Report, name: Any, test: Any, use: str) -> None:
    if not isinstance(name, str) or name not in report.columns:
        raise Refused(f"Unknown OLAP field: {name}")
    if not test(report.columns[name]):
        raise Refused(f"OLAP field {name} is not allowed for {use}")


def _filters(report: Report, filters: Any, dialect: Dialect) -> list[tuple[str, dict[str, Any]]]:
    if dialect == "server" and isinstance(filters, dict):
        pairs = list(filters.items())
    elif dialect == "cloud" and isinstance(filters, list):
        pairs = [(rule.get("name"), rule) for rule in filters]
    else:
        raise Refused("filters have a wrong type")
    for name, _ in pairs:
        _allowed(report, name, lambda column: column.groups, "filtering")
    return pairs


class Olap:
    """The report engine of one chain. Safe to ask from several threads."""

    def __init__(self, chain: Chain) -> None:
        self.today = chain.last
        self._chain, self._base = chain, duckdb.connect()
        self._lock = threading.Lock()
        self._booked = False
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
            if question.report.name == TRANSACTIONS.name and not self._booked:
                load_entries(self._base, self._chain)
                self._booked = True
            cursor = self._base.cursor()
        return [row for (row,) in cursor.execute(sql, values).fetchall()]

    def close(self) -> None:
        """Free the tables."""
        self._base.close()


def _statement(
    question: Question, groups: list[str], measures: list[str], dialect: Dialect, shown: list[str]
) -> tuple[str, list[Any]]:
    """Return SQL that gives one JSON text per row: sums per order first, then per group, ordered by the groups."""
    report, columns = question.report, question.report.columns
    keys = [f"g{i}" for i in range(len(groups))]
    inner = [f"{columns[name].sql} AS {key}" for name, key in zip(groups, keys, strict=True)]
    sums = [f"{sql} AS {name}" for name, sql in report.sums.items()]
    texts = [f'{_text(columns[n], k, dialect)} AS "{n}"' for n, k in zip(groups, keys, strict=True) if n in shown]
    figures = [f'{columns[name].measure} AS "{name}"' for name in measures]
    by = ", ".join(keys)
    where = " AND ".join(c.sql for c in question.conditions) or "true"
    having = f"GROUP BY {by} ORDER BY {by}" if keys else ""
    outer = ", ".join([*texts, *figures]) or "1 AS one"
    sql = f"""
        SELECT to_json(t)::VARCHAR FROM (
            SELECT {outer} FROM (
                SELECT {", ".join([*inner, *sums])} FROM {report.source} WHERE {where}
                GROUP BY {", ".join([*keys, report.unit])}
            ) {having}
        ) AS t"""  # noqa: S608  # every name comes from the report's columns, every value is a parameter
    return sql, [value for c in question.conditions for value in c.values]


def _text(column: Column, key: str, dialect: Dialect) -> str:
    if column.kind == "DATE":
        return f"strftime({key}, '{_FORMATS['DATE'][dialect]}')"  # type: ignore[index]
    if column.kind == "DATETIME":
        return f"strftime({key}, '{_FORMATS['DATETIME']}')"
    return key


def days_asked(question: Question) -> int | None:
    """Return how many business dates a question spans, or None if it lacks the filter that its report requires."""
    for one in question.conditions:
        if one.column in question.report.required and one.span is not None:
            low, high = one.span
            return (high - low + timedelta(1)).days
    return None
