"""What changed: the last whole day beside the same weekday a week before, for the venues that somebody may see."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.access.sessions import SignedIn
from mozg.analysis.change import Change, Number, changes, number
from mozg.lake.connection import open_duckdb
from mozg.lake.reader import Lake, open_lake
from mozg.metrics import Period, query
from mozg.metrics.periods import DAY
from mozg.metrics.query import Beside, Question, statement

HEADLINE = ("revenue", "checks", "guests", "average_check")
#: What may have moved a venue's revenue.
MOVERS = ("checks", "guests", "average_check")
#: Days that the lines beside the numbers show.
SHOWN = 28
WEEK = timedelta(weeks=1)
#: No till is older.
_FIRST = date(1970, 1, 1)
#: What is asked below, for `rehearse`.
_QUESTIONS: tuple[tuple[tuple[str, ...], tuple[str, ...], Beside], ...] = (
    (("last_date",), ("venue",), None),
    (HEADLINE, (), "period"),
    (HEADLINE, ("business_date",), None),
    (HEADLINE, ("venue",), "period"),
)


@dataclass(frozen=True)
class VenueLine:
    """A venue's day. ``most`` is what moved most, relatively, of `MOVERS`; None where nothing can be compared."""

    venue: str
    revenue: Change
    most: Change | None


@dataclass(frozen=True)
class WhatChanged:
    """A day of all venues together and of each, beside the same weekday a week before.

    ``totals`` hold with each change the metric's last `SHOWN` days, None for days without it. ``lines`` begin with
    the largest movement of revenue, to or from nothing included. ``last_days`` is each venue's last business date
    with a check, before today.
    """

    day: date
    before: date
    totals: tuple[tuple[Change, tuple[Number | None, ...]], ...]
    lines: tuple[VenueLine, ...]
    last_days: Mapping[str, date]

    @property
    def missing(self) -> tuple[Change, ...]:
        """The headline numbers that nobody knows on this day."""
        return tuple(change for change, _ in self.totals if change.now is None)


def what_changed(person: SignedIn, today: date) -> WhatChanged | None:
    """Return what changed by the newest snapshot of the lake; None where no venue of theirs has a check yet.

    A day is whole before ``today``. What was worked out for somebody serves everybody who sees the same venues.

    Raises:
        LakeError: the lake cannot be read, or there is none yet.
    """
    everyone = replace(person.scope(), user="portal", role="viewer")
    snapshot = open_lake(person.organization, everyone).snapshot
    return _at(person.organization, everyone, snapshot, today)


@functools.lru_cache(maxsize=256)
def _at(organization: Organization, scope: Scope, snapshot: int, today: date) -> WhatChanged | None:
    lake = open_lake(organization, scope, snapshot)
    last_days = _last_days(lake, Period(_FIRST, today - DAY))
    if not last_days:
        return None
    day = max(last_days.values())
    now, before = Period(day, day), Period(day - WEEK, day - WEEK)
    totals = changes(query(lake, HEADLINE, during=now, compare=before), HEADLINE)
    days = _by_day(lake, day)
    return WhatChanged(
        day=day,
        before=before.first,
        totals=tuple((totals[name], tuple(map(number, days[name]))) for name in HEADLINE),
        lines=tuple(_lines(query(lake, HEADLINE, ["venue"], during=now, compare=before))),
        last_days=last_days,
    )


def rehearse() -> None:
    """Compose the questions once, and have DuckDB check who signed its extensions.

    This takes a second or two, which the first reader after a start need not wait for.
    """
    for metrics, by, beside in _QUESTIONS:
        statement(Question(metrics, by), True, beside, None)
    open_duckdb().close()


def _last_days(lake: Lake, past: Period) -> dict[str, date]:
    frame = query(lake, ["last_date"], ["venue"], during=past)
    pairs = zip(frame["venue"], frame["last_date"], strict=True)
    return {str(venue): last for venue, last in pairs if pd.notna(last)}


def _by_day(lake: Lake, last: date) -> pd.DataFrame:
    shown = [last - back * DAY for back in reversed(range(SHOWN))]
    frame = query(lake, HEADLINE, ["business_date"], during=Period(shown[0], last))
    return frame.set_index("business_date").reindex(shown)


def _lines(venues: pd.DataFrame) -> list[VenueLine]:
    lines = [_line(venues.iloc[[at]]) for at in range(len(venues))]
    return sorted(lines, key=lambda line: -abs(float(line.revenue.now or 0) - float(line.revenue.before or 0)))


def _line(row: pd.DataFrame) -> VenueLine:
    found = changes(row, HEADLINE)
    moved = [found[name] for name in MOVERS if found[name].ratio is not None]
    most = max(moved, key=lambda change: abs(change.ratio or 0), default=None)
    return VenueLine(str(row.iloc[0]["venue"]), found["revenue"], most)
