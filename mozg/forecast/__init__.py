"""Daily forecasts that know how wrong they were: long frames ``unique_id, ds, y`` in, points with a band out.

A first forecaster: seasonal naive and Prophet compete on rolling origins, and the one that erred less serves
each series. Another model is another `Model` in the list that `forecast` is given.
"""

from mozg.forecast.backtest import Errors, backtest, cut_offs, errors
from mozg.forecast.models import Model, SeasonalNaive
from mozg.forecast.prophet_model import ProphetModel
from mozg.forecast.run import Forecasts, forecast, house_models
from mozg.forecast.series import read_series, write_forecast

__all__ = [
    "Errors",
    "Forecasts",
    "Model",
    "ProphetModel",
    "SeasonalNaive",
    "backtest",
    "cut_offs",
    "errors",
    "forecast",
    "house_models",
    "read_series",
    "write_forecast",
]
