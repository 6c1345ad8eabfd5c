"""Periods inside a statement: as DuckDB's variables, so that one statement answers for any days, or as plain days."""

from dataclasses import dataclass
from datetime import date

import ibis
from ibis.expr.types import DateValue, IntegerValue

from mozg.metrics.periods import Period, Plan


@dataclass(frozen=True)
class Span:
    """A period as values of an expression; its days are moved ``shift`` days later to meet another period's.

    With ``budgets`` it is the plan of these days.
    """

    first: DateValue
    last: DateValue
    shift: IntegerValue | None = None
    budgets: bool = False


@ibis.udf.scalar.builtin(name="getvariable")
def _day(variable: str) -> date:  # type: ignore[empty-body]
    """A day that DuckDB is told beside the statement."""


@ibis.udf.scalar.builtin(name="getvariable")
def _days(variable: str) -> int:  # type: ignore[empty-body]
    """A number of days that DuckDB is told beside the statement."""


VARIABLE = Span(_day("first"), _day("last"))
VARIABLE_BEFORE = Span(_day("before_first"), _day("before_last"), _days("shift"))
VARIABLE_PLAN = Span(_day("first"), _day("last"), budgets=True)


def dates(during: Period | None, compare: Period | None) -> dict[str, date | int]:
    """Return the variables of a statement for these periods."""
    told: dict[str, date | int] = {"first": during.first, "last": during.last} if during else {}
    if during and compare and not isinstance(compare, Plan):
        told |= {"before_first": compare.first, "before_last": compare.last, "shift": _shift(during, compare)}
    return told


def spelled_out(during: Period | None, compare: Period | None) -> tuple[Span | None, Span | None]:
    """Return the periods as plain days, for a database that has no such variables."""
    now = Span(ibis.literal(during.first), ibis.literal(during.last)) if during else None
    if during is None or compare is None:
        return now, None
    if isinstance(compare, Plan):
        return now, Span(ibis.literal(compare.first), ibis.literal(compare.last), budgets=True)
    shift = ibis.literal(_shift(during, compare))
    return now, Span(ibis.literal(compare.first), ibis.literal(compare.last), shift)


def _shift(during: Period, compare: Period) -> int:
    return (during.first - compare.first).days
