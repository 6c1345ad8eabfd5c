"""What a forecasting model is, and the simplest one: the mean of the last same weekdays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

LOW, HIGH = 0.1, 0.9
_FEWEST_RESIDUALS = 8


class Model(Protocol):
    """Anything that can continue one daily series.

    `name` is what the forecast's ``model`` column says; `shortest` is the number of calendar days of history
    that the model needs.
    """

    @property
    def name(self) -> str:
        """Name in the ``model`` column."""

    @property
    def shortest(self) -> int:
        """Calendar days of history needed."""

    def fit_predict(self, history: pd.Series, days: pd.DatetimeIndex) -> pd.DataFrame:
        """Forecast `days` from `history` (floats indexed by day, ascending; closed days are absent).

        Returns columns ``yhat, lo80, hi80`` indexed by `days`, none negative, in the unit of the history.
        """


def non_negative(points: pd.DataFrame) -> pd.DataFrame:
    """Raise negative forecasts and bounds to zero: a day's revenue is never planned below it."""
    return points[["yhat", "lo80", "hi80"]].clip(lower=0.0)


@dataclass(frozen=True)
class SeasonalNaive:
    """The mean of the last `weeks` same weekdays; one week is the classic seasonal naive method.

    Source: Hyndman & Athanasopoulos 2021, "Forecasting: Principles and Practice" (3rd ed.), 5.2 and 5.5. The
    band is empirical: quantiles of past values over what the method would have said as many weeks ahead.
    """

    weeks: int = 4
    shortest: int = 28

    @property
    def name(self) -> str:
        """``seasonal_naive`` with the number of weeks."""
        return f"seasonal_naive_{self.weeks}"

    def fit_predict(self, history: pd.Series, days: pd.DatetimeIndex) -> pd.DataFrame:
        """See `Model`. A weekday that never occurred gets the mean of the last week's days."""
        level = pd.Series({weekday: same.iloc[-self.weeks :].mean() for weekday, same in _by_weekday(history)})
        yhat = pd.Series(days.dayofweek, index=days).map(level).fillna(history.iloc[-7:].mean())
        lead = np.ceil((days - history.index[-1]).days / 7).astype(int)
        ratios = self._ratios(history, int(lead.max()))
        low = [ratios[week][0] for week in lead]
        high = [ratios[week][1] for week in lead]
        return non_negative(pd.DataFrame({"yhat": yhat, "lo80": yhat * low, "hi80": yhat * high}))

    def _ratios(self, history: pd.Series, leads: int) -> dict[int, tuple[float, float]]:
        """Quantiles of value over forecast, by weeks ahead; where the past is too short, those of a week less."""
        weekdays = [same for _, same in _by_weekday(history)]
        known: dict[int, tuple[float, float]] = {}
        for lead in range(1, leads + 1):
            past = pd.concat([same / self._said(same, lead) for same in weekdays]).dropna()
            enough = len(past) >= _FEWEST_RESIDUALS or lead == 1
            known[lead] = (float(past.quantile(LOW)), float(past.quantile(HIGH))) if enough else known[lead - 1]
        return known

    def _said(self, same: pd.Series, lead: int) -> pd.Series:
        said = same.rolling(self.weeks, min_periods=1).mean().shift(lead)
        return said.where(said > 0)


def _by_weekday(history: pd.Series) -> Iterator[tuple[int, pd.Series]]:
    weekdays = pd.DatetimeIndex(history.index).dayofweek
    return ((weekday, history[weekdays == weekday]) for weekday in range(7) if (weekdays == weekday).any())
