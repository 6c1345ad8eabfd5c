"""Table load: how many tables are taken at once, how many waiters that needs, and what a seat earns in an hour.

Every number here starts from weekdays and hours as `mozg.metrics.table_load` sums them up from a sweep over the checks.

- Waiters needed = ⌈tables at once ÷ tables per waiter⌉ (MOZG: one waiter for four tables unless set otherwise).
- Turn time = time of all seatings ÷ seatings (Σ/Σ).
- Seat occupancy = Σ guests × time ÷ (seats × time open).
- RevPASH = revenue ÷ (seats × hours open) (Kimes, 1999), a check's money spread evenly over its minutes: booked on the
  hour of opening it is more than 40 % wrong even by two hours (Cornell CHR).

A venue whose seats are not known is in no ratio over seats, neither above nor below the line; one where nobody enters
guests is in no occupancy.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from mozg.analysis.menu.exact import floats
from mozg.analysis.menu.rating import total

TABLES_PER_WAITER = 4
#: What adds up over weekdays and hours; the last four only of venues with seats, and the last two with guests.
_SUMS = ["tables", "seat_revenue", "seat_seconds", "seated_seconds", "seat_seconds_counted"]


def waiters_needed(tables: Any, tables_per_waiter: int = TABLES_PER_WAITER) -> int | None:
    """Return how many waiters so many tables at once need, missing where the tables are not known."""
    return None if pd.isna(tables) else math.ceil(tables / tables_per_waiter)


def with_waiters(frame: pd.DataFrame, tables_per_waiter: int = TABLES_PER_WAITER) -> pd.DataFrame:
    """Return ``frame`` with a column ``waiters``, needed for ``tables``."""
    needed = floats((waiters_needed(tables, tables_per_waiter) for tables in frame["tables"]), frame)
    return frame.assign(waiters=needed.astype("Int64"))


def with_seats(week: pd.DataFrame, rooms: pd.DataFrame) -> pd.DataFrame:
    """Return ``week`` (`mozg.metrics.table_load.table_week`) with what its seats offered.

    ``rooms`` has a row per ``venue`` with ``seats``. Added: ``seat_seconds`` (seats × time open) and ``seat_revenue``,
    missing without seats, and ``seated_seconds`` of guests with ``seat_seconds_counted``, missing also where the venue
    has no guests at all.
    """
    seats = week["venue"].map(rooms.set_index("venue")["seats"].to_dict())
    counted = week.groupby("venue")["guest_seconds"].transform("sum") > 0
    known = [not pd.isna(cell) for cell in seats]
    offered = [
        cell * open_ if is_ else None for cell, open_, is_ in zip(seats, week["open_seconds"], known, strict=True)
    ]
    both = [is_ and bool(of_guests) for is_, of_guests in zip(known, counted, strict=True)]
    columns = {
        "seat_seconds": offered,
        "seat_revenue": _where(known, week["revenue"]),
        "seated_seconds": _where(both, week["guest_seconds"]),
        "seat_seconds_counted": _where(both, offered),
    }
    return week.assign(**{name: pd.Series(cells, week.index, dtype=object) for name, cells in columns.items()})


def by_weekday_hour(week: pd.DataFrame) -> pd.DataFrame:
    """Return an average week of an average venue: one row per ``weekday`` and ``hour``.

    ``week`` is what `with_seats` returns. Columns: ``tables`` (the mean of the most at once, over the days on which
    the venues that are ever open at that time were open), ``most`` (ever, in one venue), ``occupancy`` and ``revpash``.
    """
    return _averaged(week, ["weekday", "hour"])


def by_hour(week: pd.DataFrame) -> pd.DataFrame:
    """Return the same of an average day: one row per ``hour``; a venue's days count on which that hour was closed."""
    return _averaged(week.assign(days=week["venue"].map(_days(week))), ["hour"])


def by_venue_weekday(week: pd.DataFrame) -> pd.DataFrame:
    """Return the busiest hour of each weekday: ``venue``, ``weekday``, ``hour`` and mean ``tables`` at once in it."""
    mean = week.assign(tables=[int(sum_) / int(days) for sum_, days in zip(week["tables"], week["days"], strict=True)])
    ranked = mean.sort_values("tables", ascending=False, kind="stable").drop_duplicates(["venue", "weekday"])
    return ranked.sort_values(["venue", "weekday"], ignore_index=True)[["venue", "weekday", "hour", "tables"]]


def by_venue(week: pd.DataFrame, rooms: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return one row per venue of ``rooms``: its load and what its seats earn.

    ``days`` has a row per ``venue`` and business date with ``tables``, the most at once. Columns added to ``rooms``:
    ``days`` open, ``most`` (tables at once, ever), ``peak`` (the mean of the days' most), ``seatings``, ``turn_time``
    (minutes), ``turns`` (seatings per table and day), ``revenue``, ``occupancy`` and ``revpash``. What lacks tables or
    seats is missing.
    """
    sums = week.groupby("venue")[["seatings", "seating_seconds", "revenue", *_SUMS]].agg(total)
    peaks = days.groupby("venue")["tables"].agg(["max", "mean"]).rename(columns={"max": "most", "mean": "peak"})
    found = rooms.set_index("venue").join(sums.drop(columns="tables")).join(peaks)
    found = found.assign(days=found.index.map(_days(week)).astype("Int64"))
    tables = [_times(*cells) for cells in zip(found["tables_known"], found["days"], strict=True)]
    return found.assign(
        turn_time=_ratios(found["seating_seconds"], found["seatings"], 1 / 60),
        turns=_ratios(found["seatings"], tables),
        **_of_seats(found),
    ).reset_index()


def whole(week: pd.DataFrame) -> dict[str, float | None]:
    """Return ``turn_time`` (minutes), ``occupancy`` and ``revpash`` of all venues together."""
    sums = pd.DataFrame([{name: total(week[name]) for name in ["seatings", "seating_seconds", *_SUMS]}], dtype=object)
    columns = {"turn_time": _ratios(sums["seating_seconds"], sums["seatings"], 1 / 60), **_of_seats(sums)}
    return {name: None if pd.isna(cells[0]) else float(cells[0]) for name, cells in columns.items()}


def _averaged(week: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    grouped = week.groupby(by)
    sums = grouped[_SUMS].agg(total)
    days = week.drop_duplicates([*by, "venue"]).groupby(by)["days"].sum()
    most = grouped["most"].max()
    return sums.assign(tables=_ratios(sums["tables"], days), most=most, **_of_seats(sums)).reset_index()[
        [*by, "tables", "most", "occupancy", "revpash"]
    ]


def _of_seats(sums: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "occupancy": _ratios(sums["seated_seconds"], sums["seat_seconds_counted"]),
        "revpash": _ratios(sums["seat_revenue"], sums["seat_seconds"], 3600),
    }


def _days(week: pd.DataFrame) -> dict[str, int]:
    """On how many days each venue's dining room was open."""
    alike = week.drop_duplicates(["venue", "weekday"])
    return {str(venue): int(days) for venue, days in alike.groupby("venue")["days"].sum().items()}


def _where(known: Sequence[bool], cells: Any) -> list[Any]:
    return [cell if is_ else None for is_, cell in zip(known, cells, strict=True)]


def _times(one: Any, other: Any) -> float | None:
    return None if pd.isna(one) or pd.isna(other) else float(one) * float(other)


def _ratios(parts: Any, wholes: Any, times: float = 1) -> pd.Series:
    cells = [
        None if pd.isna(part) or pd.isna(of) or not of else float(part) * times / float(of)
        for part, of in zip(parts, wholes, strict=True)
    ]
    return pd.Series(cells, parts.index, dtype=float)
