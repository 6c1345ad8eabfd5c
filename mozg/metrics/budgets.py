"""The plan as a source of measures: what the facts give for what was, it gives for what shall be.

A metric has a plan if all that it needs is planned: revenue, checks and guests are entered, and with them the average
check, the average per guest and the guests per check are planned too. All checks of a plan count their guests.
"""

from collections.abc import Sequence

import ibis
from ibis import _
from ibis.expr.types import Table, Value

from mozg.errors import QueryError
from mozg.lake.measures import MEASURES
from mozg.lake.rollups import KEY
from mozg.lake.tables import BUDGETS
from mozg.metrics.dimensions import DIMENSIONS

#: Measure → what is entered for it.
PLANNED = {
    "revenue": "revenue",
    "revenue_with_guests": "revenue",
    "checks": "checks",
    "checks_with_guests": "checks",
    "guests": "guests",
}


def budgets(dimensions: Sequence[str]) -> Table:
    """Return the table of the plan, which can be split by ``dimensions``.

    Raises:
        QueryError: it cannot: a plan is by venue and day.
    """
    unknown = [name for name in dimensions if DIMENSIONS[name].needs not in KEY]
    if unknown:
        raise QueryError(f"The plan is by venue and day: it cannot be split or filtered by {', '.join(unknown)}.")
    return BUDGETS.expression


def planned(table: Table, by: Sequence[str], measures: Sequence[str]) -> Table:
    """Return rows of the plan grouped ``by`` columns, with the measures that are planned and the others missing."""
    values = {name: _planned(name) for name in measures}
    return table.aggregate(by=list(by), **values) if by else table.aggregate(**values)


def _planned(measure: str) -> Value:
    entered = _.metric == PLANNED[measure] if measure in PLANNED else ibis.literal(False)
    amount = _.amount.sum(where=entered)
    return amount.round().cast("int64") if MEASURES[measure].counts or MEASURES[measure].whole else amount
