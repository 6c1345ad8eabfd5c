"""Values of a table as people read them, for mails."""

import datetime as dt
from decimal import Decimal

from babel.dates import format_skeleton, format_time

from mozg.charts import Unit, percent
from mozg.reports.tables import Kind, Value

MISSING = "—"


def written(
    value: Value, kind: Kind, locale: str = "en", *, currency: str | None = None, signed: bool = False,
    decimals: int | None = None,
) -> str:  # fmt: skip
    """Write a table's value as the page does, in the manner of `locale`; a missing one is a dash.

    Money is written in `currency`, if it is known; `signed` puts a plus before growth; numbers
    have `decimals`, or as many as their size asks for.
    """
    match value:
        case None:
            return MISSING
        case Decimal() if kind == "percent":
            return percent(float(value), locale, signed=signed)
        case Decimal():
            unit = Unit(currency=currency if kind == "money" else None, locale=locale)
            return unit.full(float(value), signed=signed, decimals=decimals)
        case dt.datetime():
            return f"{_day(value, locale)}, {format_time(value, 'HH:mm', locale=locale)}"
        case dt.date():
            return _day(value, locale)
    return str(value)


def _day(day: dt.date, locale: str) -> str:
    return str(format_skeleton("yMMMd", day, locale=locale))
