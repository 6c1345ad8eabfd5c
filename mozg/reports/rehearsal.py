"""What kernels of reports inherit beside the libraries: questions that were composed, and none that was asked."""

from collections.abc import Sequence

import holidays

from mozg.lake.connection import open_duckdb
from mozg.metrics.query import Beside, Question, statement
from mozg.pages import sales
from mozg.pages.answers import names_of
from mozg.pages.context import COVERAGE

_QUESTIONS: tuple[tuple[Sequence[str], tuple[str, ...]], ...] = (
    (COVERAGE, ()),
    (sales.TOTALS, ()),
    (sales.DAYS, ("business_date",)),
    (sales.VENUES, ("venue",)),
    (("checks",), ("weekday", "hour")),
    ((*sales.LOSSES, "revenue"), ("waiter",)),
    (("revenue", "units"), ("dish",)),
)
#: With what reports compare, unless a reader chooses the plan.
_BESIDE: tuple[Beside, ...] = (None, "period")


def rehearse() -> None:
    """Compose what reports ask, and ask nothing: kernels inherit the composed questions.

    The fork server calls this. What a report asks and this does not name is composed in its kernel, as ever. DuckDB is
    opened and closed again, after which nothing of it runs: that checks who signed its extensions, half a second's
    work that would be every kernel's.
    """
    open_duckdb().close()
    holidays.list_supported_countries()  # loads every country's
    for metrics, by in _QUESTIONS:
        for beside in _BESIDE:
            statement(Question(names_of(metrics), by), True, beside, None)
