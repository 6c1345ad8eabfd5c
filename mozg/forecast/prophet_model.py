"""Prophet: trend, weekly and yearly seasons and a country's holidays."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from holidays import list_supported_countries

from mozg.errors import ForecastError
from mozg.forecast.models import HIGH, LOW, non_negative

_SEED = 20_26
_SAMPLES = 300
_YEAR = timedelta(days=365)
_YEARLY_ORDER = 6


@dataclass(frozen=True)
class ProphetModel:
    """Taylor & Letham 2018, "Forecasting at Scale", The American Statistician 72(1).

    `country` (ISO 3166, "RU") brings its public holidays; `multiplicative` lets seasons and holidays scale
    with the trend. The yearly season (six Fourier pairs) is fitted from one year of history on: with one to
    two years it is uncertain, yet without it summer and Christmas would be taken for trend; on daily
    revenue of bakeries and restaurants it erred less than none. The same history gives the same forecast to
    the digit.
    """

    country: str | None = None
    multiplicative: bool = False
    shortest: int = 56

    @property
    def name(self) -> str:
        """``prophet`` or ``prophet_multiplicative``."""
        return "prophet_multiplicative" if self.multiplicative else "prophet"

    def fit_predict(self, history: pd.Series, days: pd.DatetimeIndex) -> pd.DataFrame:
        """See `Model`. Raises ForecastError for a country without a known holiday calendar."""
        with _seeded():
            model = self._model(history).fit(pd.DataFrame({"ds": history.index, "y": history.to_numpy()}))
            told = model.predict(pd.DataFrame({"ds": days})).set_index("ds")
        return non_negative(told.rename(columns={"yhat_lower": "lo80", "yhat_upper": "hi80"}))

    def _model(self, history: pd.Series) -> Any:
        model = _prophet()(
            weekly_seasonality=True,
            yearly_seasonality=False,
            daily_seasonality=False,
            interval_width=HIGH - LOW,
            uncertainty_samples=_SAMPLES,
            seasonality_mode="multiplicative" if self.multiplicative else "additive",
        )
        if history.index[-1] - history.index[0] >= _YEAR:
            model.add_seasonality("yearly", period=365.25, fourier_order=_YEARLY_ORDER)
        if self.country:
            model.add_country_holidays(known_country(self.country))
        return model


def known_country(country: str) -> str:
    """Give `country` back if its public holidays are known, else raise ForecastError."""
    if country in list_supported_countries():
        return country
    raise ForecastError(
        f"No calendar of public holidays is known for the country {country!r}. "
        "Give a two-letter code such as RU, DE or KZ, or none to forecast without holidays."
    )


def _prophet() -> Any:
    # Importing it takes seconds, and seasonal naive alone needs none of it.
    from prophet import Prophet

    _quieten("prophet", "cmdstanpy")
    return Prophet


def _quieten(*talkers: str) -> None:
    """Keep progress messages out of notebooks; warnings still pass.

    cmdstanpy turns its messages on at the first fit, unless its logger has a handler by then.
    """
    for talker in talkers:
        logger = logging.getLogger(talker)
        logger.setLevel(logging.WARNING)
        if not logger.handlers:
            logger.addHandler(logging.StreamHandler())


@contextmanager
def _seeded() -> Iterator[None]:
    """Prophet draws its band from numpy's global generator: seed it, and give it back as it was."""
    before = np.random.get_state()
    np.random.seed(_SEED)
    try:
        yield
    finally:
        np.random.set_state(before)
