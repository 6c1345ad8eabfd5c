"""How wrong a model would have been: rolling origins over the past of one series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from mozg.forecast.calendar import open_days
from mozg.forecast.models import Model


@dataclass(frozen=True)
class Errors:
    """Errors of one model on one series, over all cut-offs.

    `wape` is Σ|e| / Σ|y| and `bias` Σe / Σy with e = forecast − actual (a positive bias promised too much);
    both are None when the actuals sum to nothing. `coverage` is the share of actuals inside the 80 % band,
    None without any. `cutoffs` and `days` count what they rest on.
    """

    wape: float | None
    bias: float | None
    coverage: float | None
    cutoffs: int
    days: int


def cut_offs(history: pd.Series, horizon: int, shortest: int, count: int = 3) -> list[pd.Timestamp]:
    """The last days of up to `count` training histories, oldest first.

    The newest leaves `horizon` days to compare with; each earlier one lies a horizon (at least a week)
    further back. A cut-off needs `shortest` calendar days of history before it. May be empty.
    """
    step = timedelta(days=max(horizon, 7))
    last, first = history.index[-1] - timedelta(days=horizon), history.index[0]
    found = [last - i * step for i in range(count)]
    return [cut for cut in reversed(found) if (cut - first).days + 1 >= shortest]


def backtest(history: pd.Series, model: Model, horizon: int, cuts: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Forecast `horizon` days after each of `cuts` from what was known then, beside what came.

    Returns columns ``cutoff, ds, y, yhat, lo80, hi80``, one row per day that was open. A day that nobody
    could expect to be open (a closed weekday) counts with a forecast of zero and no band; a day that was
    expected to be open but was not has no actual and does not count.
    """
    parts = [_one(history, model, horizon, cut) for cut in cuts]
    return pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)


def errors(tested: pd.DataFrame) -> Errors:
    """Sum up the rows that `backtest` returns; ratios are sums over sums, never means of ratios."""
    miss = tested["yhat"] - tested["y"]
    banded = tested.dropna(subset=["lo80", "hi80"])
    inside = banded["y"].between(banded["lo80"], banded["hi80"])
    return Errors(
        wape=_ratio(miss.abs().sum(), tested["y"].abs().sum()),
        bias=_ratio(miss.sum(), tested["y"].sum()),
        coverage=_ratio(float(inside.sum()), float(len(banded))),
        cutoffs=tested["cutoff"].nunique(),
        days=len(tested),
    )


def _one(history: pd.Series, model: Model, horizon: int, cut: pd.Timestamp) -> pd.DataFrame:
    known = history[history.index <= cut]
    came = history[(history.index > cut) & (history.index <= cut + timedelta(days=horizon))].rename("y")
    told = model.fit_predict(known, open_days(known, horizon, cut))
    rows = came.to_frame().join(told, how="left").fillna({"yhat": 0.0})
    return rows.rename_axis("ds").reset_index().assign(cutoff=cut)


def _ratio(above: float, below: float) -> float | None:
    return float(above) / float(below) if below > 0 else None
