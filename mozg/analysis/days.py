"""Days beside their like: records, worst days, and what a weekday usually brings."""

from datetime import timedelta
from typing import Any

import pandas as pd

from mozg.analysis.change import Number, number
from mozg.metrics import Period

#: How many of the same weekdays before a day tell what such a day usually brings (Lightspeed takes four).
USUAL_WEEKS = 4


def beside_usual(daily: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return each day with ``usual``, the average of the same weekday in the four weeks before, ``off`` = the day less
    it, and ``ratio`` = the day ÷ it − 1; missing where none of the four is known.

    ``daily`` has one row per ``business_date`` and the metric, for one venue or the sum of all.
    """  # fmt: skip
    known = {row["business_date"]: number(row[metric]) for row in daily.to_dict("records")}
    usual = [_usual(known, day) for day in daily["business_date"]]
    pairs = list(zip(usual, daily[metric], strict=True))
    off = [_gap(number(value), mean) for mean, value in pairs]
    ratio = [None if gap is None or not mean else gap / mean for gap, mean in zip(off, usual, strict=True)]
    added = pd.DataFrame({"usual": usual, "off": off, "ratio": ratio}, dtype=float, index=daily.index)
    return daily.assign(usual=added["usual"], off=added["off"], ratio=added["ratio"])


def _gap(now: Number | None, mean: float | None) -> float | None:
    return None if mean is None or now is None else float(now) - mean


def _usual(known: dict[Any, Any], day: Any) -> float | None:
    before = [known.get(day - timedelta(weeks=number)) for number in range(1, USUAL_WEEKS + 1)]
    values = [float(value) for value in before if value is not None]
    return sum(values) / len(values) if values else None


def needed_for_usual(period: Period) -> Period:
    """Return the period with the weeks before it that `beside_usual` reads."""
    return Period(period.first - timedelta(weeks=USUAL_WEEKS), period.last)


def records(daily: pd.DataFrame, metric: str, by: str) -> pd.DataFrame:
    """Return the day with the most of ``metric`` for each value of ``by``, the largest first."""
    known = daily.dropna(subset=[by, metric])
    best = known.loc[known[metric].astype(float).groupby(known[by]).idxmax()]
    return best.sort_values(metric, ascending=False, kind="stable", ignore_index=True)


def broken(daily: pd.DataFrame, metric: str, by: str, during: Period) -> pd.DataFrame:
    """Return the records that fell in a period: the best day of each ``by`` that lies in it and was not its first."""
    best = records(daily, metric, by)
    first = daily.groupby(by)["business_date"].min()
    inside = best["business_date"].between(during.first, during.last)
    return best[inside & (best[by].map(first) < during.first)]
