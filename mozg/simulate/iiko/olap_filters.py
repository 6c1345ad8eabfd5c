"""Filters of the report: lists of values, ranges, and periods with the servers' own defaults for their ends."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from mozg.simulate.iiko.columns import Column

_LISTED = {"ENUM", "STRING", "ID", "ID_STRING"}
_RANGED = {"INTEGER", "PERCENT", "AMOUNT", "MONEY"}


class Refused(Exception):  # noqa: N818  # the server's word for it
    """The server refuses a request; the text is what it answers."""


@dataclass(frozen=True)
class Condition:
    """One filter as SQL with parameters; ``span`` is its first and last date, where it is a filter on dates."""

    column: str
    sql: str
    values: list[Any] = field(default_factory=list)
    span: tuple[date, date] | None = None


def condition(column: Column, name: str, rule: dict[str, Any], today: date) -> Condition:
    """Return the filter ``rule`` on ``column``, which is called ``name``; relative periods count from ``today``.

    Raises:
        Refused: the filter's type does not fit the column, or something is missing from it.
    """
    kind, sort = column.kind, rule.get("filterType")
    if sort in {"IncludeValues", "ExcludeValues"} and kind in _LISTED:
        return _listed(column, name, rule, exclude=sort == "ExcludeValues")
    if sort == "Range" and kind in _RANGED:
        return _between(column, name, rule, rule.get("from"), rule.get("to"))
    if sort == "DateRange" and kind in {"DATE", "DATETIME"}:
        return _period(column, name, rule, today)
    raise Refused(f"Filter {sort} cannot be applied to field {name} of type {kind}")


def _listed(column: Column, name: str, rule: dict[str, Any], *, exclude: bool) -> Condition:
    values = rule.get("values")
    if not isinstance(values, list):
        raise Refused(f"Filter on {name} has no values")
    given = [value for value in values if value is not None]
    sql = f"coalesce(({column.sql})::VARCHAR IN ({', '.join('?' * len(given)) or 'NULL'}), false)"
    if None in values:
        sql = f"({sql} OR {column.sql} IS NULL)"
    return Condition(name, f"NOT {sql}" if exclude else sql, given)


def _between(column: Column, name: str, rule: dict[str, Any], low: Any, high: Any) -> Condition:
    """``includeLow`` is true and ``includeHigh`` false unless the rule says otherwise."""
    if low is None or high is None:
        raise Refused(f"Filter on {name} needs from and to")
    above = ">=" if rule.get("includeLow", True) else ">"
    below = "<=" if rule.get("includeHigh", False) else "<"
    expression = column.sql
    return Condition(name, f"({expression} {above} ? AND {expression} {below} ?)", [low, high])


def _period(column: Column, name: str, rule: dict[str, Any], today: date) -> Condition:
    kind = rule.get("periodType", "CUSTOM")
    if "from" not in rule:
        raise Refused(f"Filter on {name} needs from")
    if kind == "CUSTOM":
        low, high = _moment(rule["from"]), _moment(rule.get("to"))
    else:
        first, last = _relative(kind, today)
        rule, low = {"includeHigh": True}, datetime.combine(first, datetime.min.time())
        high = datetime.combine(last, datetime.max.time())
    days = (low.date(), high.date())
    ends = days if column.kind == "DATE" else (low, high)
    return replace(_between(column, name, rule, *ends), span=days)


def _moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except (TypeError, ValueError):
        raise Refused(f"Wrong date format: {text}") from None


def _relative(kind: str, today: date) -> tuple[date, date]:
    monday, month = today - timedelta(today.weekday()), today.replace(day=1)
    last_month, year = (month - timedelta(1)).replace(day=1), today.replace(month=1, day=1)
    periods = {
        "TODAY": (today, today),
        "YESTERDAY": (today - timedelta(1), today - timedelta(1)),
        "OPEN_PERIOD": (today - timedelta(64), today),
        "CURRENT_WEEK": (monday, today),
        "LAST_WEEK": (monday - timedelta(7), monday - timedelta(1)),
        "CURRENT_MONTH": (month, today),
        "LAST_MONTH": (last_month, month - timedelta(1)),
        "CURRENT_YEAR": (year, today),
        "LAST_YEAR": (year.replace(year=year.year - 1), year - timedelta(1)),
    }
    if kind not in periods:
        raise Refused(f"Unknown periodType: {kind}")
    return periods[kind]
