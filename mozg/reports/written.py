"""Values of a table as people read them, for mails."""

import datetime as dt
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from mozg.reports.tables import Kind, Value

MISSING = "—"
_PATTERNS: dict[Kind, str] = {"money": "#,##0.00", "number": "#,##0.##", "integer": "#,##0"}


def written(value: Value, kind: Kind, locale: str = "en") -> str:
    """Write a table's value in the manner of `locale` (a locale as babel names it); a missing one is a dash."""
    match value:
        case None:
            return MISSING
        case Decimal() if kind == "percent":
            pattern = Locale.parse(locale).percent_formats[None].pattern.replace("0", "0.0")
            return str(format_percent(value, format=pattern, locale=locale))
        case Decimal():
            return str(format_decimal(value, format=_PATTERNS[kind], locale=locale))
        case dt.datetime():
            return str(format_datetime(value, "yyyy-MM-dd HH:mm", locale=locale))
        case dt.date():
            return str(format_date(value, "yyyy-MM-dd", locale=locale))
    return str(value)
