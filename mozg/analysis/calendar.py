"""Weekdays and hours of a period, and averages over them."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from mozg.analysis.change import BEFORE
from mozg.metrics import Period

DAY_START = 6


def weekday_counts(period: Period) -> dict[int, int]:
    """Return how many of each weekday (Monday 1 … Sunday 7) ``period`` has."""
    weeks, rest = divmod(len(period), 7)
    counts = dict.fromkeys(range(1, 8), weeks)
    for day in range(rest):
        counts[(period.first + timedelta(days=day)).isoweekday()] += 1
    return counts


def per_weekday(daily: pd.DataFrame, metric: str, during: Period, before: Period | None) -> pd.DataFrame:
    """Return the average per weekday of a metric that adds up, one row per weekday that traded.

    ``daily`` has one row per ``business_date`` with ``metric`` and, compared, ``<metric>_before``. The sum of a
    weekday is divided by the number of such weekdays in its own period. Columns: ``weekday``, ``metric``,
    ``<metric>_before``; missing where nothing is known.
    """
    pairs = [(metric, during)] + ([(metric + BEFORE, before)] if before else [])
    weekday = pd.Series([day.isoweekday() for day in daily["business_date"]], index=daily.index, dtype=int)
    columns = {name: _averages(daily[name], weekday, period) for name, period in pairs}
    return pd.DataFrame(columns).rename_axis("weekday").reset_index()


def per_week(daily: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """Return sums per week of metrics that add up; ``business_date`` is then each week's Monday."""
    monday = [day - timedelta(days=day.weekday()) for day in daily["business_date"]]
    sums = daily[list(metrics)].astype(float).groupby(pd.Series(monday, index=daily.index)).sum(min_count=1)
    return sums.rename_axis("business_date").reset_index()


def per_hour(hourly: pd.DataFrame, metric: str, during: Period) -> pd.DataFrame:
    """Return the average of a metric per ``weekday`` and ``hour``: the sum ÷ the number of such weekdays in ``during``.

    ``hourly`` has one row per weekday (1–7) and local hour (0–23); rows without an hour are left out.
    """
    known = hourly.dropna(subset=["hour", metric])
    counts = known["weekday"].map(weekday_counts(during)).astype(float)
    return known.assign(**{metric: known[metric].astype(float) / counts})[["weekday", "hour", metric]]


def busiest(hourly: pd.DataFrame, metric: str) -> tuple[int, int, float] | None:
    """Return weekday, first hour and mean per hour of the two hours in a row that have the most of ``metric``.

    ``hourly`` is what `per_hour` returns. A business day runs from 6 in the morning, so 23 and 0 stand in a row.
    """
    if hourly.empty:
        return None
    values = {(int(d), (int(h) - DAY_START) % 24): v for d, h, v in hourly.itertuples(index=False)}
    pairs = {place: (value + values.get((place[0], place[1] + 1), 0.0)) / 2 for place, value in values.items()}
    weekday, hour = max(pairs, key=lambda place: pairs[place])
    return weekday, (hour + DAY_START) % 24, pairs[weekday, hour]


def _averages(values: pd.Series, weekday: pd.Series, period: Period) -> pd.Series:
    sums = values.astype(float).groupby(weekday).sum(min_count=1)
    counts = pd.Series(weekday_counts(period), dtype=float).reindex(sums.index)
    return sums / counts.where(counts > 0)
