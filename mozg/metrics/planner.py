"""Which table answers: the smallest roll-up that can, else the facts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ibis.expr.types import Table

from mozg.errors import QueryError
from mozg.lake.measures import MEASURES, Measure, aggregated, stored
from mozg.lake.rollups import KEY, ROLLUPS, fact_tables
from mozg.metrics.dimensions import DIMENSIONS


@dataclass(frozen=True)
class Source:
    """A table that can give some measures. ``rollup`` tells whether they are stored there or worked out."""

    name: str
    table: Table
    measures: frozenset[str]
    rollup: bool

    def can_answer(self, measure: str, columns: Collection[str]) -> bool:
        """Tell whether the table holds the measure and every column of the question."""
        return measure in self.measures and all(column in self.table.columns for column in columns)

    def only(self, measures: Iterable[str], dimensions: Iterable[str]) -> Table:
        """Return the table with the columns that a question needs; a short statement compiles faster."""
        if not self.rollup:
            return self.table
        columns = [*KEY, *(DIMENSIONS[name].needs for name in dimensions), *measures]
        return self.table.select(*dict.fromkeys(columns))

    def group(self, table: Table, by: list[str], measures: list[str]) -> Table:
        """Return ``table``, which is this source filtered, grouped ``by`` with the measures."""
        return stored(table, by, measures) if self.rollup else aggregated(table, by, measures, self.name)


def _sources() -> tuple[Source, ...]:
    rollups = [
        Source(rollup.name, rollup.table.expression, frozenset(m.name for m in rollup.measures), rollup=True)
        for rollup in ROLLUPS
    ]
    facts = [
        Source(name, table, frozenset(n for n, m in MEASURES.items() if _given(m, name)), rollup=False)
        for name, table in fact_tables().items()
    ]
    return (*rollups, *facts)


def _given(measure: Measure, fact: str) -> bool:
    return measure.from_fact(fact) is not None


SOURCES = _sources()


def plan(measures: Iterable[str], dimensions: Iterable[str], *, rollups: bool = True) -> dict[Source, list[str]]:
    """Return which source gives which measures, split by ``dimensions``.

    Raises:
        QueryError: no table knows a measure by these dimensions.
    """
    columns = {DIMENSIONS[name].needs for name in dimensions}
    usable = [source for source in SOURCES if rollups or not source.rollup]
    wanted = list(dict.fromkeys(measures))
    whole = [source for source in usable if all(source.can_answer(name, columns) for name in wanted)]
    if whole:
        return {whole[0]: wanted}
    parts: dict[Source, list[str]] = defaultdict(list)
    for name in wanted:
        able = [source for source in usable if source.can_answer(name, columns)]
        if not able:
            by = ", ".join(dimensions)
            raise QueryError(f"{name.replace('_', ' ')} cannot be split or filtered by {by}: no table knows both.")
        parts[able[0]].append(name)
    return dict(parts)
