"""XYZ: how evenly a dish sells, week by week.

The coefficient of variation is σ ÷ μ of what a dish sells per day on which it could be sold, over whole weeks; σ is
that of all weeks (divided by their number, as in the textbooks). Weeks with every weekday once have no weekly rhythm
in them, where days would put almost every dish into Z. A week without a single sale counts as zero; days off the menu
and on the stop list count as nothing at all: a dish that was sold out on Friday did not lose its guests.

Source: XYZ as in textbooks of logistics (bounds 10 % and 25 %); the calendar of availability is ours.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

#: Per cent of variation up to which a dish is X, and up to which it is Y.
BOUNDS = (10, 25)
#: Fewer weeks than this tell nothing about evenness.
LEAST_WEEKS = 4
#: Days of a week on which a dish must have been for sale, else the week is left out.
LEAST_DAYS = 3.5


def xyz(
    weeks: pd.DataFrame, bounds: Sequence[int] = BOUNDS, *, key: Sequence[str] = ("dish",), least: int = LEAST_WEEKS
) -> pd.DataFrame:
    """Return the evenness of each dish: one row per ``key`` with ``weeks``, ``mean``, ``variation`` and ``evenness``.

    ``weeks`` has one row per dish and whole week with ``units`` sold, ``days`` on which the venue traded and the dish
    could be sold (a decimal: half a day on the stop list is half a day), and ``open_days`` on which it traded; weeks
    in which the dish was for sale and nobody bought it must have a row, too. ``mean`` is units per week of seven
    days; ``variation`` is σ ÷ μ; ``evenness`` is X, Y or Z, missing where fewer than ``least`` weeks are known.
    """
    found = [_of_dish(name, part, bounds, least) for name, part in weeks.groupby(list(key), sort=False, dropna=False)]
    columns = [*key, "weeks", "mean", "variation", "evenness"]
    return pd.DataFrame(found, columns=columns).astype({"evenness": object})


def variation(values: Sequence[float]) -> float | None:
    """Return σ ÷ μ of some numbers, missing where their mean is not above zero."""
    mean = float(np.mean(values)) if len(values) else 0.0
    return float(np.std(values)) / mean if mean > 0 else None


def letter(varies: float | None, bounds: Sequence[int] = BOUNDS) -> str | None:
    """Return X, Y or Z for a coefficient of variation (a ratio; bounds are per cent and inclusive)."""
    if varies is None:
        return None
    return "X" if varies * 100 <= bounds[0] else "Y" if varies * 100 <= bounds[1] else "Z"


def _of_dish(name: tuple[Hashable, ...], part: pd.DataFrame, bounds: Sequence[int], least: int) -> tuple[object, ...]:
    rates = _rates(part)
    mean = float(np.mean(rates)) * 7 if rates else None
    varies = variation(rates) if len(rates) >= least else None
    return (*name, len(rates), mean, varies, letter(varies, bounds))


def _rates(part: pd.DataFrame) -> list[float]:
    """Units per day for sale, of the weeks in which a dish was for sale half of the days on which its venue traded."""
    sold, days, traded = (part[name].astype(float).fillna(0).to_numpy() for name in ("units", "days", "open_days"))
    kept = (days > 0) & (days >= LEAST_DAYS / 7 * traded)
    return [float(rate) for rate in sold[kept] / days[kept]]
