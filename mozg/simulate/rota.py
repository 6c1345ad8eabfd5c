"""Who was at work when: attendances, in a random stream of their own."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from mozg.simulate.identity import guids
from mozg.simulate.people import Person, works

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Terms:
    """A job's hours after midnight on even and odd rotas, and its pay per hour in kopecks; None is a salary."""

    hours: tuple[tuple[float, float], tuple[float, float]]
    pay: int | None


#: Waiters and cooks come early and go, or come later and close.
TERMS = {
    "WTR": Terms(((9.5, 21.5), (12.5, 25.0)), 25_000),
    "BAR": Terms(((15.5, 26.0), (15.5, 26.0)), 30_000),
    "COK": Terms(((8.0, 20.5), (11.0, 24.0)), 38_000),
    "MNG": Terms(((10.0, 19.0), (10.0, 19.0)), None),
}
_FORGOTTEN = 0.002


def attendances(seed: int, venue: int, crew: list[Person], first: date, last: date) -> pd.DataFrame:
    """Return the attendances of a crew on the business dates ``first`` … ``last``; ``employee`` is a place in it.

    ``ended_at`` is missing where somebody forgot to clock out; ``pay`` (kopecks) then and for salaried jobs too.
    """
    months = pd.period_range(first, last, freq="M")
    rows = pd.concat([_month(seed, venue, crew, month) for month in months], ignore_index=True)
    inside = rows["business_date"].between(pd.Timestamp(first), pd.Timestamp(last))
    return rows[inside].reset_index(drop=True).assign(venue=venue)


def days_of(month: pd.Period) -> npt.NDArray[np.datetime64]:
    """Return the dates of a month."""
    return np.arange(np.datetime64(f"{month}", "M"), np.datetime64(f"{month}", "M") + 1, dtype="datetime64[D]")


def _month(seed: int, venue: int, crew: list[Person], month: pd.Period) -> pd.DataFrame:
    rng = np.random.default_rng([seed, venue, month.year, month.month, 4])
    dates = days_of(month)
    ordinals = dates.astype(int)
    day, employee = np.nonzero([[works(person, ordinal) for person in crew] for ordinal in ordinals])
    begins, ends = _hours(rng, crew, employee, (ordinals[day] + 3) % 7)
    midnight = dates[day].astype("datetime64[s]")
    started = midnight + (begins * 60).astype("timedelta64[m]")
    ended = midnight + (ends * 60).astype("timedelta64[m]")
    forgotten = rng.random(len(day)) < _FORGOTTEN
    rates = np.array([TERMS[person.role].pay or 0 for person in crew])[employee]
    minutes = (ended - started).astype("timedelta64[m]").astype(int)
    return pd.DataFrame(
        {
            "external_id": guids(rng, len(day)),
            "employee": employee,
            "business_date": midnight,
            "started_at": started,
            "ended_at": pd.Series(ended).where(~forgotten),
            "pay": pd.Series(rates * minutes // 60, dtype="Int64").where((rates > 0) & ~forgotten),
        }
    )


def _hours(
    rng: np.random.Generator, crew: list[Person], employee: Ints, weekday: Ints
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    planned = np.array([TERMS[person.role].hours[person.rota % 2] for person in crew]).reshape(-1, 2)[employee]
    late = np.where((weekday >= 4) & (planned[:, 1] > 24), 0.75, 0.0)
    begins = planned[:, 0] + rng.normal(0, 0.12, len(employee))
    return begins, planned[:, 1] + late + rng.normal(0, 0.25, len(employee))
