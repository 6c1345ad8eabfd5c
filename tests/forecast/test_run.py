import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mozg.errors import ForecastError
from mozg.forecast import Errors, ProphetModel, SeasonalNaive, backtest, cut_offs, errors, forecast
from mozg.forecast.select import best

DATA = Path(__file__).parents[3] / "shared" / "data"


def long(**series):
    parts = [pd.DataFrame({"unique_id": name, "ds": y.index, "y": y.to_numpy()}) for name, y in series.items()]
    return pd.concat(parts, ignore_index=True)


def test_errors_by_hand():
    tested = pd.DataFrame(
        {
            "cutoff": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-08"]),
            "y": [100.0, 50.0, 50.0],
            "yhat": [110.0, 30.0, 50.0],
            "lo80": [90.0, 20.0, None],
            "hi80": [120.0, 40.0, None],
        }
    )
    assert errors(tested) == Errors(wape=30 / 200, bias=-10 / 200, coverage=1 / 2, cutoffs=2, days=3)
    assert errors(tested.assign(y=0.0)).wape is None


def test_cut_offs_leave_the_horizon_to_compare_and_enough_to_learn_from(weekly):
    history = weekly(100)
    cuts = cut_offs(history, 14, 28, 3)
    assert [(history.index[-1] - cut).days for cut in cuts] == [42, 28, 14]
    assert cut_offs(history, 28, 60, 3) == [history.index[-1] - pd.Timedelta(days=28)]
    assert cut_offs(history, 28, 90, 3) == []


@pytest.mark.parametrize("model", [SeasonalNaive(), ProphetModel("RU")])
def test_a_backtest_never_looks_ahead(model, weekly):
    history = weekly(200, noise=0.2)
    cuts = cut_offs(history, 14, 56, 2)
    altered = history.where(history.index <= cuts[0], history * 5 + 1000)
    honest, after = (backtest(y, model, 14, cuts[:1]) for y in (history, altered))
    assert list(honest["yhat"]) == list(after["yhat"])
    assert list(honest["y"]) != list(after["y"])


def test_an_unexpected_opening_counts_as_a_missed_day_and_a_closure_does_not_count(weekly):
    history = weekly(140)
    cut = history.index[-8]
    opened = history[(history.index.dayofweek != 0) | (history.index > cut)].drop(history.index[-3])
    tested = backtest(opened, SeasonalNaive(), 7, [cut]).set_index("ds")
    assert len(tested) == 6
    monday = tested[tested.index.dayofweek == 0].iloc[0]
    assert (monday["y"], monday["yhat"]) == (100, 0)
    assert np.isnan(monday["lo80"])


def test_the_better_model_serves_and_the_simpler_one_in_doubt():
    models = [SeasonalNaive(), ProphetModel(), ProphetModel(multiplicative=True)]

    def found(*wapes):
        return {m.name: Errors(w, 0, 0.8, 3, 84) for m, w in zip(models, wapes, strict=False)}

    assert best(found(0.10, 0.10, 0.10), models) is models[0]
    assert best(found(0.100, 0.098, 0.2), models) is models[0]
    assert best(found(0.10, 0.09, 0.0895), models) is models[1]
    assert best(found(0.10, 0.12, 0.05), models) is models[2]
    assert best({}, models) is None


def test_a_growing_chain_is_served_by_prophet_and_the_errors_are_told(weekly):
    y = weekly(400, noise=0.03)
    y *= np.linspace(1, 4, len(y))
    told = forecast(long(grows=y), 28, "RU")
    assert set(told.points["model"]) == {"prophet_multiplicative"}
    assert len(told.points) == 28
    assert told.points["ds"].min() == y.index[-1] + pd.Timedelta(days=1)
    served = told.errors[told.errors["chosen"]].iloc[0]
    assert served["wape"] < told.errors.set_index("model").loc["seasonal_naive_4", "wape"]
    assert served["cutoffs"] == 3
    assert list(told.points.columns) == ["unique_id", "ds", "yhat", "lo80", "hi80", "model"]


def test_what_is_too_short_is_skipped_with_a_reason_and_the_others_go_on(weekly):
    told = forecast(long(young=weekly(20), old=weekly(100)), 14, models=[SeasonalNaive()])
    assert set(told.points["unique_id"]) == {"old"}
    assert told.skipped == {"young": "It covers 20 days; 42 are needed to forecast 14 days and to test the forecast."}


def test_nothing_to_forecast_is_an_error(weekly):
    with pytest.raises(ForecastError, match=r"young: It covers 20 days"):
        forecast(long(young=weekly(20)), 14, models=[SeasonalNaive()])
    with pytest.raises(ForecastError, match="between 1 and 366"):
        forecast(long(a=weekly()), 0)
    with pytest.raises(ForecastError, match="'Atlantis'"):
        forecast(long(a=weekly()), 7, "Atlantis")


def test_a_series_of_zeros_is_skipped_because_its_error_cannot_be_measured(weekly):
    told = forecast(long(nothing=weekly() * 0, some=weekly()), 7, models=[SeasonalNaive()])
    assert "no error can be measured" in told.skipped["nothing"]


def test_as_of_hides_the_future_and_skips_the_silent(weekly):
    frame = long(open=weekly(140), gone=weekly(80))
    told = forecast(frame, 7, models=[SeasonalNaive()], as_of=dt.date(2025, 5, 11))
    assert told.points["ds"].min() == pd.Timestamp("2025-05-12")
    assert "Nothing since 2025-03-26" in told.skipped["gone"]
    with pytest.raises(ForecastError, match="No series has a day up to"):
        forecast(frame, 7, as_of=dt.date(2020, 1, 1))


def _french_bakery():
    path = DATA / "french_bakery" / "daily_sales_french_bakery.csv.gz"
    if not path.exists():
        pytest.skip(f"real receipts are not here: {path}")
    revenue = pd.read_csv(path, parse_dates=["ds"]).groupby("ds")["y"].sum()
    return revenue[revenue > 0], "FR"


def _kiel_bakery():
    path = DATA / "kiel_bakery" / "train.csv"
    if not path.exists():
        pytest.skip(f"real revenue is not here: {path}")
    return pd.read_csv(path, parse_dates=["Datum"]).groupby("Datum")["Umsatz"].sum(), "DE"


@pytest.mark.parametrize(("bakery", "at_most"), [(_french_bakery, 0.35), (_kiel_bakery, 0.20)])
def test_on_a_real_bakery_the_chosen_model_is_no_worse_than_seasonal_naive(bakery, at_most):
    revenue, country = bakery()
    told = forecast(long(bakery=revenue), 28, country)
    by_model = told.errors.set_index("model")
    served = by_model[by_model["chosen"]].iloc[0]
    assert served["wape"] <= by_model.loc["seasonal_naive_4", "wape"]
    assert served["wape"] <= at_most
    assert set(by_model.index) == {"seasonal_naive_4", "prophet", "prophet_multiplicative"}
