"""Dates and times as people and tills write them.

Three numbers such as 03/04/25 do not say which is the day; `order_of` decides it from a whole column. Two-digit
years belong to this century. A moment without an offset is local time of the venue.
"""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta, timezone
from itertools import pairwise
from typing import Literal, NamedTuple

DateOrder = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_MONTHS = (
    ("jan", "янв"), ("feb", "фев"), ("mar", "мар"), ("apr", "апр"), ("may", "мая", "май"), ("jun", "июн"),
    ("jul", "июл"), ("aug", "авг"), ("sep", "сен"), ("oct", "окт"), ("nov", "ноя"), ("dec", "дек"),
)  # fmt: skip
_MONTH_BY_NAME = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names}

_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<offset>Z|[-+]\d{2}:?\d{2})?"
)
_NAMED_MONTH = r"(?P<month_name>[^\W\d_]{3,})\.?"
_DATES = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_part>\d{1,2})(?P=mark)(?P<third>\d{4}|\d{2})",
    rf"(?P<day>\d{{1,2}})[ .\-/]+{_NAMED_MONTH},?[ \-/]+(?P<year>\d{{4}}|\d{{2}})(?: ?г\.?)?",
    rf"{_NAMED_MONTH} +(?P<day>\d{{1,2}}),? +(?P<year>\d{{4}})",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
)
_TIME_PATTERN = re.compile(_TIME)
_PATTERNS = tuple(re.compile(rf"{written}(?:(?:T|,? +){_TIME})?") for written in _DATES)
_NUMERIC = _PATTERNS[1]


class Written(NamedTuple):
    """What a cell says: a date, perhaps a local time, perhaps the offset of that time from UTC."""

    day: date
    time: time | None
    offset: timezone | None = None


def parse_moment(text: str, order: DateOrder | None = None) -> Written:
    """Read a date with or without a time; ``order`` is needed for dates of three short numbers.

    Raises ``ValueError`` when the text is no date, no existing day, or needs an ``order``.
    """
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text.strip()):
            parts = found.groupdict()
            return Written(_day(parts, order, text), _time(parts) if parts["hour"] else None, _offset(parts))
    raise ValueError(f"{text!r} is not a date")


def month_named(name: str) -> int | None:
    """Return the number of a month by its name, in English or Russian, in any case and however shortened."""
    return _MONTH_BY_NAME.get(name[:3].casefold())


def parse_time(text: str) -> time:
    """Read a time of day, on the 24 or the 12 hour clock. Raises ``ValueError`` for anything else."""
    found = _TIME_PATTERN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time")
    return _time(found.groupdict())


def tells_time(text: str) -> bool:
    """Whether a date carries a time of day. Midnight to the second does not count: databases write bare dates so."""
    day_and_time = re.split(r"[T ]+(?=\d{1,2}[:.]\d{2})", text.strip(), maxsplit=1)
    try:
        return len(day_and_time) == 2 and parse_time(day_and_time[1]) != time(0)
    except ValueError:
        return False


def _day(parts: dict[str, str | None], order: DateOrder | None, text: str) -> date:
    if parts.get("first"):
        return _ordered_day(parts, order, text)
    name = parts.get("month_name")
    month = month_named(name) if name else int(parts["month"] or 0)
    if month is None:
        raise ValueError(f"{text!r} is not a date: there is no month {name!r}")
    return date(_year(parts["year"] or ""), month, int(parts["day"] or 0))


def _ordered_day(parts: dict[str, str | None], order: DateOrder | None, text: str) -> date:
    a, b, c = parts["first"] or "", parts["second_part"] or "", parts["third"] or ""
    if order == "dmy":
        return date(_year(c), int(b), int(a))
    if order == "mdy":
        return date(_year(c), int(a), int(b))
    if order == "ymd":
        return date(_year(a), int(b), int(c))
    raise ValueError(f"{text!r} does not say which number is the day")


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _time(parts: dict[str, str | None]) -> time:
    hour, half = int(parts["hour"] or 0), (parts["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} is no hour of a 12 hour clock")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))


def _offset(parts: dict[str, str | None]) -> timezone | None:
    written = parts["offset"]
    if written is None:
        return None
    if written == "Z":
        return timezone.utc  # noqa: UP017  # an offset, not the zone of the record
    shift = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-shift if written[0] == "-" else shift)


class Order(NamedTuple):
    """How a column writes its days, and why we think so. ``order`` is ``None`` when no date needs one."""

    order: DateOrder | None
    reason: str


def order_of(values: Sequence[str]) -> Order:
    """Decide between day-first and month-first from the whole column, in the order of the file.

    A part above 12 decides; else dots decide (nobody writes month.day.year); else the reading under which the
    column runs steadily forwards or backwards, when only one does. Raises ``ValueError`` with a sentence otherwise.
    """
    numeric = [(text, found) for text in dict.fromkeys(values) if (found := _NUMERIC.fullmatch(text.strip()))]
    if not numeric:
        return Order(None, "dates name their year or month")
    day_first = next((text for text, found in numeric if int(found["first"]) > 12), None)
    month_first = next((text for text, found in numeric if int(found["second_part"]) > 12), None)
    if day_first and month_first:
        return _either_order(values, day_first, month_first)
    if day_first:
        return Order("dmy", f"{day_first!r} can only be day first")
    if month_first:
        return Order("mdy", f"{month_first!r} can only be month first")
    if all(found["mark"] == "." for _, found in numeric):
        return Order("dmy", "dates with dots put the day first")
    return _steady_order([text for text, _ in numeric])


def _either_order(values: Sequence[str], day_first: str, month_first: str) -> Order:
    if _reads_all(values, "ymd"):
        return Order("ymd", f"{day_first!r} and {month_first!r} can only both be read year first")
    raise ValueError(f"{day_first!r} puts the day first and {month_first!r} the month: one column cannot do both")


def _reads_all(values: Sequence[str], order: DateOrder) -> bool:
    return all(_is_moment(text, order) for text in dict.fromkeys(values))


def _is_moment(text: str, order: DateOrder) -> bool:
    try:
        parse_moment(text, order)
    except ValueError:
        return False
    return True


def _steady_order(texts: Sequence[str]) -> Order:
    steady: list[DateOrder] = [order for order in ORDERS[:2] if _is_steady(texts, order)]
    if len(steady) == 1:
        return Order(steady[0], "only so do the dates run steadily through the file")
    raise ValueError(
        f"dates such as {texts[0]!r} can be read day first and month first, and nothing in the column decides"
    )


def _is_steady(texts: Sequence[str], order: DateOrder) -> bool:
    days = [parse_moment(text, order).day for text in texts]
    return len(set(days)) >= 3 and (all(a <= b for a, b in pairwise(days)) or all(a >= b for a, b in pairwise(days)))


def looks_like_moments(values: Sequence[str]) -> bool:
    """Whether nearly all ``values`` are dates under some order."""
    return any(sum(_is_moment(text, order) for text in values) >= 0.95 * len(values) > 0 for order in ORDERS)


def looks_like_times(values: Sequence[str]) -> bool:
    """Whether nearly all ``values`` are times of day."""
    return sum(bool(_TIME_PATTERN.fullmatch(text)) for text in values) >= 0.95 * len(values) > 0
