"""Which table answers: the smallest roll-up that can, else the facts.

A measure that checks and lines both know (revenue, for one) is always taken from the checks where the question
allows, whatever else is asked with it: a check's waiter is not always the waiter of its lines, and a number can
have only one value.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ibis.expr.types import Table

from mozg.errors import QueryError
from mozg.lake.measures import MEASURES, aggregated, stored
from mozg.lake.rollups import KEY, ROLLUPS, Rollup, fact_tables
from mozg.metrics.dimensions import DIMENSIONS


@dataclass(frozen=True, eq=False)
class Source:
    """A table that can give some measures, split by ``keys``.

    ``origins`` says of which fact each measure is, ``rollup`` whether it is stored.
    """

    name: str
    table: Table
    keys: frozenset[str]
    origins: Mapping[str, str]
    rollup: bool

    def can_answer(self, measure: str, columns: Collection[str]) -> bool:
        """Tell whether the table holds the measure and every column of the question."""
        return measure in self.origins and self.keys.issuperset(columns)

    def only(self, measures: Iterable[str], dimensions: Iterable[str]) -> Table:
        """Return the table with the columns that a question needs; a short statement compiles faster."""
        if not self.rollup:
            return self.table
        columns = [*KEY, *(DIMENSIONS[name].needs for name in dimensions), *measures]
        return self.table.select(*dict.fromkeys(columns))

    def group(self, table: Table, by: list[str], measures: list[str]) -> Table:
        """Return ``table``, which is this source filtered, grouped ``by`` with the measures."""
        return stored(table, by, measures) if self.rollup else aggregated(table, by, measures, self.name)


def _stored(rollup: Rollup) -> Source:
    origins = {measure.name: rollup.source_of(measure) or "" for measure in rollup.measures}
    return Source(rollup.name, rollup.table.expression, frozenset((*KEY, *rollup.extra)), origins, rollup=True)


def _worked_out(name: str, table: Table) -> Source:
    origins = {measure.name: name for measure in MEASURES.values() if measure.from_fact(name) is not None}
    return Source(name, table, frozenset(table.columns), origins, rollup=False)


FACTS = tuple(_worked_out(name, table) for name, table in fact_tables().items())
STORED = tuple(_stored(rollup) for rollup in ROLLUPS)


def plan(measures: Iterable[str], dimensions: Iterable[str], *, rollups: bool = True) -> dict[Source, list[str]]:
    """Return which source gives which measures, split by ``dimensions``.

    Raises:
        QueryError: no table knows a measure by these dimensions.
    """
    columns = {DIMENSIONS[name].needs for name in dimensions}
    facts = {name: _fact(name, columns, dimensions) for name in measures}

    def serves(source: Source, measure: str) -> bool:
        return source.can_answer(measure, columns) and source.origins[measure] == facts[measure].name

    usable = STORED if rollups else ()
    for source in usable:
        if all(serves(source, measure) for measure in facts):
            return {source: list(facts)}
    parts: dict[Source, list[str]] = defaultdict(list)
    for measure, fact in facts.items():
        parts[next((source for source in usable if serves(source, measure)), fact)].append(measure)
    return dict(parts)


def _fact(measure: str, columns: Collection[str], dimensions: Iterable[str]) -> Source:
    for fact in FACTS:
        if fact.can_answer(measure, columns):
            return fact
    by = ", ".join(dimensions)
    raise QueryError(f"{measure.replace('_', ' ')} cannot be split or filtered by {by}: no table knows both.")
