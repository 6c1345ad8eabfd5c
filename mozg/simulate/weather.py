"""The sky over each restaurant and the calendar on its wall, and how many checks a day they promise."""

from dataclasses import dataclass
from datetime import date

import holidays
import numpy as np
import numpy.typing as npt

from mozg.simulate.places import Place

#: Random walks begin here whatever dates are asked for, so that a longer history never changes a shorter one.
EPOCH = date(2015, 1, 1)
_NEW_YEAR = {(1, 1): 0.35, (12, 31): 0.6, (2, 14): 1.3, (3, 8): 1.5, (9, 1): 1.15}
_YEAR = 365.25

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Days:
    """What is known of some days at one restaurant before its doors open: one array element per day."""

    dates: npt.NDArray[np.datetime64]
    temperature: Floats
    rain: npt.NDArray[np.bool_]
    mood: Floats


def days(seed: int, venue: int, place: Place, last: date) -> Days:
    """Return every day from `EPOCH` to ``last`` (inclusive) with its weather and a mood that drifts like AR(1)."""
    number = (last - EPOCH).days + 1
    dates = np.datetime64(EPOCH) + np.arange(number)
    warm, wet, mood = (
        _drift([seed, venue, stream], number, memory) for stream, memory in ((1, 0.8), (2, 0.6), (3, 0.5))
    )
    season = np.cos(2 * np.pi * (_day_of_year(dates) - 200) / _YEAR)
    temperature = place.warmth + place.swing * season + 4.5 * warm
    return Days(dates, temperature, wet > 0.75, 0.06 * mood)


def promise(place: Place, days: Days) -> Floats:
    """Return the expected number of checks for each day, zero before the restaurant opened."""
    age = (days.dates - np.datetime64(place.opened_on)).astype(int)
    weekday = (days.dates.astype("datetime64[D]").astype(int) + 3) % 7
    years = (days.dates - np.datetime64("2024-01-01")).astype(int) / _YEAR
    season = 1 + 0.07 * np.cos(2 * np.pi * (_day_of_year(days.dates) - 345) / _YEAR)
    opening = np.clip(0.6 + age / 150, 0, 1)
    calm = place.checks * np.array(place.week)[weekday] * season * np.exp(place.growth * years) * opening
    sky = np.where(days.rain, 0.9, 1.0) * np.where(days.temperature > 26, 0.93, 1.0)
    return np.where(age < 0, 0.0, calm * sky * _calendar(place, days.dates) * np.exp(days.mood))


def _drift(seed: list[int], number: int, memory: float) -> Floats:
    steps = np.random.default_rng(seed).standard_normal(number) * np.sqrt(1 - memory**2)
    value, path = 0.0, np.empty(number)
    for i, step in enumerate(steps):
        value = memory * value + step
        path[i] = value
    return path


def _day_of_year(dates: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    return (dates - dates.astype("datetime64[Y]")).astype(int)


def _calendar(place: Place, dates: npt.NDArray[np.datetime64]) -> Floats:
    public = holidays.country_holidays(place.country, years=range(EPOCH.year, dates[-1].item().year + 1))
    return np.array([_NEW_YEAR.get((day.month, day.day), 1.15 if day in public else 1.0) for day in dates.tolist()])
