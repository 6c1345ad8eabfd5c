import logging

import numpy as np
import pandas as pd
import pytest

from mozg.errors import ForecastError
from mozg.forecast import ProphetModel, SeasonalNaive, backtest, cut_offs, errors
from mozg.forecast.calendar import open_days


def ahead(history, horizon=14):
    return pd.date_range(history.index[-1] + pd.Timedelta(days=1), periods=horizon)


@pytest.mark.parametrize("model", [SeasonalNaive(1), SeasonalNaive(4), ProphetModel(), ProphetModel("DE", True)])
def test_recovers_a_weekly_pattern(model, week, weekly):
    history = weekly()
    points = model.fit_predict(history, ahead(history))
    assert points["yhat"].to_numpy() == pytest.approx(np.tile(week, 2), rel=0.03)
    assert (points["lo80"] <= points["hi80"]).all()
    assert list(points.index) == list(ahead(history))


def test_seasonal_naive_is_the_mean_of_the_last_same_weekdays(weekly):
    history = weekly(35)
    history.iloc[-7], history.iloc[-14] = 40.0, 60.0  # the last two Mondays
    days = ahead(history, 1)
    assert SeasonalNaive(1).fit_predict(history, days)["yhat"].iloc[0] == 40
    assert SeasonalNaive(2).fit_predict(history, days)["yhat"].iloc[0] == 50
    assert SeasonalNaive(4).fit_predict(history, days)["yhat"].iloc[0] == (40 + 60 + 100 + 100) / 4


def test_missing_days_are_skipped_not_read_as_zero(week, weekly):
    history = weekly()
    holed = history.drop(history.index[[-7, -20, -33, -41]])
    points = SeasonalNaive(4).fit_predict(holed, ahead(holed))
    assert points["yhat"].to_numpy() == pytest.approx(np.tile(week, 2))


def test_prophet_is_deterministic_quiet_and_leaves_the_generator_alone(caplog, capfd, weekly):
    history = weekly(100, noise=0.2)
    np.random.seed(7)
    expected = np.random.random()
    np.random.seed(7)
    with caplog.at_level(logging.INFO):
        first = ProphetModel("RU").fit_predict(history, ahead(history))
    assert np.random.random() == expected
    np.random.seed(99)
    pd.testing.assert_frame_equal(first, ProphetModel("RU").fit_predict(history, ahead(history)))
    assert capfd.readouterr().err == ""


def test_prophet_knows_the_holidays_of_the_country(weekly):
    history = weekly(800, start="2023-01-02")
    history[(history.index.month == 5) & (history.index.day == 1)] *= 0.2
    days = pd.DatetimeIndex(["2025-05-01", "2025-05-08"])
    points = ProphetModel("DE").fit_predict(history[:"2025-03-31"], days)["yhat"]
    assert points.iloc[0] < 0.5 * points.iloc[1]


def test_an_unknown_country_is_named(weekly):
    with pytest.raises(ForecastError, match="'XX'"):
        ProphetModel("XX").fit_predict(weekly(), ahead(weekly()))


@pytest.mark.parametrize("model", [SeasonalNaive(), ProphetModel()])
def test_revenue_is_never_negative(model):
    history = pd.Series(np.linspace(300, 1, 100), index=pd.date_range("2025-01-01", periods=100))
    points = model.fit_predict(history, ahead(history, 60))
    assert (points.to_numpy() >= 0).all()


def test_the_band_of_seasonal_naive_covers_about_four_fifths(weekly):
    history = weekly(1200, noise=0.15)
    tested = backtest(history, SeasonalNaive(), 28, cut_offs(history, 28, 200, 12))
    assert 0.72 <= errors(tested).coverage <= 0.88


def test_weekdays_that_are_never_open_get_no_row(weekly):
    history = weekly()
    closed = history[history.index.dayofweek != 0]
    days = open_days(closed, 14)
    assert len(days) == 12
    assert 0 not in days.dayofweek


def test_a_weekday_reopened_lately_is_open_and_a_short_history_closes_nothing(weekly):
    history = weekly()
    reopened = history[(history.index.dayofweek != 0) | (history.index > history.index[-1] - pd.Timedelta(days=21))]
    assert 0 in open_days(reopened, 7).dayofweek
    assert len(open_days(history[history.index.dayofweek != 0].iloc[:40], 7)) == 7
