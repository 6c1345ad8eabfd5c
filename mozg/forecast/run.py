"""From long frame to forecast: backtest each series, let the better model serve it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from mozg.errors import ForecastError
from mozg.forecast.backtest import Errors
from mozg.forecast.calendar import LONGEST_SILENCE, open_days
from mozg.forecast.models import Model, SeasonalNaive
from mozg.forecast.prophet_model import ProphetModel, known_country
from mozg.forecast.select import best, past_errors
from mozg.forecast.series import POINTS, check, each
from mozg.language import Sentence

LONGEST_HORIZON = 366


@dataclass(frozen=True)
class Forecasts:
    """What `forecast` found.

    `points`: ``unique_id, ds, yhat, lo80, hi80, model``, one row per series and open day, none negative.
    `errors`: ``unique_id, model, wape, bias, coverage, cutoffs, days, chosen``, one row per series and model
    that was backtested (see `mozg.forecast.backtest.Errors`).
    `skipped`: series without a forecast → the reason, a sentence.
    """

    points: pd.DataFrame
    errors: pd.DataFrame
    skipped: dict[str, str]


def house_models(country: str | None = None) -> list[Model]:
    """The models that compete, from simple to complex; `country` (ISO 3166) gives Prophet its holidays."""
    return [SeasonalNaive(4), ProphetModel(country), ProphetModel(country, multiplicative=True)]


def forecast(
    frame: pd.DataFrame,
    horizon: int,
    country: str | None = None,
    *,
    models: Sequence[Model] | None = None,
    as_of: date | None = None,
) -> Forecasts:
    """Forecast the `horizon` calendar days after the last day of each series, or after `as_of` for all of them.

    `frame` has ``unique_id, ds, y``; an absent day was closed and is not filled. `models` run from simple to
    complex (default: `house_models`); the one with the lowest backtest WAPE serves, the simpler one in doubt.
    Weekdays that were never open lately get no row. With `as_of`, later rows are not looked at, and a series
    that has been silent for over four weeks is skipped. Raises ForecastError when the frame or the horizon
    cannot be read, for an unknown country, or when no series at all can be forecast.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ForecastError(f"The horizon is {horizon} days; it must lie between 1 and {LONGEST_HORIZON}.")
    if country:
        known_country(country)
    ladder = list(models) if models else house_models(country)
    origin = pd.Timestamp(as_of) if as_of else None
    told = [_Told(name, known, ladder, horizon, origin) for name, known in each(_until(check(frame), origin))]
    result = _gather([_serve(one) for one in told])
    if result.points.empty:
        raise ForecastError("No series can be forecast. " + " ".join(f"{k}: {v}" for k, v in result.skipped.items()))
    return result


@dataclass(frozen=True)
class _Told:
    name: str
    history: pd.Series
    models: Sequence[Model]
    horizon: int
    origin: pd.Timestamp | None


@dataclass(frozen=True)
class _Served:
    name: str
    points: pd.DataFrame | None
    errors: dict[str, Errors]
    model: str = ""
    reason: str = ""


def _until(frame: pd.DataFrame, origin: pd.Timestamp | None) -> pd.DataFrame:
    known = frame if origin is None else frame[frame["ds"] <= origin]
    if known.empty:
        raise ForecastError(Sentence("No series has a day up to {day}.", day=f"{origin:%Y-%m-%d}"))
    return known


def _serve(told: _Told) -> _Served:
    last = told.history.index[-1]
    if told.origin is not None and told.origin - last > LONGEST_SILENCE:
        return _Served(
            told.name, None, {}, reason=Sentence("Nothing since {last}; is the venue closed?", last=f"{last:%Y-%m-%d}")
        )
    found = past_errors(told.history, told.models, told.horizon)
    chosen = best(found, told.models)
    if chosen is None:
        return _Served(told.name, None, found, reason=_too_short(told))
    days = open_days(told.history, told.horizon, told.origin)
    if days.empty:
        closed = Sentence("All of the {n} days ahead are closed weekdays.", n=told.horizon)
        return _Served(told.name, None, found, reason=closed)
    points = chosen.fit_predict(told.history, days)
    named = points.rename_axis("ds").reset_index().assign(unique_id=told.name, model=chosen.name)
    return _Served(told.name, named[POINTS], found, chosen.name)


def _too_short(told: _Told) -> str:
    have = (told.history.index[-1] - told.history.index[0]).days + 1
    need = told.models[0].shortest + told.horizon
    if have >= need:
        return Sentence("Its past adds up to nothing, so no error can be measured.")
    return Sentence(
        "It covers {have} days; {need} are needed to forecast {n} days and to test the forecast.",
        have=have,
        need=need,
        n=told.horizon,
    )


def _gather(served: list[_Served]) -> Forecasts:
    points = [one.points for one in served if one.points is not None]
    rows = [
        {"unique_id": one.name, "model": model, **asdict(found), "chosen": model == one.model}
        for one in served
        for model, found in one.errors.items()
    ]
    columns = ["unique_id", "model", "wape", "bias", "coverage", "cutoffs", "days", "chosen"]
    return Forecasts(
        points=pd.concat(points, ignore_index=True) if points else pd.DataFrame(columns=POINTS),
        errors=pd.DataFrame(rows, columns=columns),
        skipped={one.name: one.reason for one in served if one.reason},
    )
