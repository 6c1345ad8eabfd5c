"""Which days to read: the last ones again, then what lies further back, newest first."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from mozg.sync.cursors import Cursor

DAY = timedelta(days=1)
Window = tuple[date, date]


def windows(first: date, last: date, longest: int) -> Iterator[Window]:
    """Cut the days from ``first`` to ``last`` into windows of at most ``longest`` days, oldest first."""
    while first <= last:
        end = min(first + (longest - 1) * DAY, last)
        yield first, end
        first = end + DAY


def recent(cursor: Cursor, wanted: date, last: date, again: int, longest: int) -> list[Window]:
    """Return the windows that bring a stream up to ``last``, oldest first.

    The last ``again`` days that were read are read again. A stream that was never read begins with as many days as
    one window holds, so that people see last month soon; `history` has the rest.
    """
    if cursor.read_until is None:
        begin = last - (longest - 1) * DAY
    else:
        begin = min(cursor.read_until, last) - (again - 1) * DAY
    earliest = min(wanted, cursor.read_from or wanted)
    return list(windows(max(begin, earliest), last, longest))


def history(cursor: Cursor, wanted: date, longest: int) -> list[Window]:
    """Return the windows from what was read back to ``wanted``, newest first."""
    known = cursor.read_from or cursor.read_until
    if known is None:
        return []
    found, end = [], known - DAY
    while end >= wanted:
        begin = max(wanted, end - (longest - 1) * DAY)
        found.append((begin, end))
        end = begin - DAY
    return found


def spans(days: Iterable[date], longest: int) -> list[Window]:
    """Group ``days`` into windows of neighbouring days, each of at most ``longest``."""
    found: list[Window] = []
    for day in sorted(set(days)):
        if found and day == found[-1][1] + DAY and (day - found[-1][0]).days < longest:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
