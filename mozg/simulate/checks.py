"""One month of checks at one restaurant: when each was opened, for how many guests, by whom, and how it ended."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mozg.simulate.people import Person
from mozg.simulate.places import Place
from mozg.simulate.weather import Days, promise

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CHANNELS = ("dine_in", "takeaway", "delivery")
SALE, HOUSE, VOID, REFUND = range(4)

# Hours after the start of the business day: a check of 25.5 was opened at half past one in the night.
_HOURS = np.array([(8.0, 11.7), (11.7, 16.5), (16.8, 22.8), (22.8, 26.2)])
_GUESTS = np.array([0.36, 0.38, 0.1, 0.09, 0.03, 0.03, 0.005, 0.005])
_MINUTES = np.array([38, 52, 85, 70])


@dataclass(frozen=True)
class Checks:
    """Columns of equal length, one element per check; ``day`` counts from the month's first, times are local."""

    day: Ints
    daypart: Ints
    channel: Ints
    guests: Ints
    waiter: Ints
    ending: Ints
    opened: npt.NDArray[np.datetime64]
    closed: npt.NDArray[np.datetime64]
    hot: Ints
    discount: Ints
    table: Ints

    def __len__(self) -> int:
        return len(self.day)


def draw_checks(rng: np.random.Generator, place: Place, crew: list[Person], days: Days) -> Checks:
    """Draw the checks of the month whose days are ``days``."""
    day = np.repeat(np.arange(len(days.dates)), rng.poisson(promise(place, days)))
    number = len(day)
    weekend = (days.dates[day].astype("datetime64[D]").astype(int) + 3) % 7 >= 4
    daypart = _daypart(rng, place, weekend)
    channel = _channel(rng, place, days.rain[day], daypart)
    waiter = _waiters(rng, crew, days.dates, day)
    opened, closed = _times(rng, days.dates[day], daypart, channel)
    guests = np.where(
        channel == 0, rng.choice(8, number, p=_GUESTS) + 1 + (daypart == 2) * (rng.random(number) < 0.25), 1
    )
    return Checks(
        day=day, daypart=daypart, channel=channel, guests=guests, waiter=waiter,
        ending=rng.choice(3, number, p=(0.989, 0.005, 0.006)), opened=opened, closed=closed,
        hot=(days.temperature[day] > 24).astype(int), discount=_discounts(rng, crew, waiter, daypart, channel),
        table=rng.integers(1, 29, number),
    )  # fmt: skip


def _daypart(rng: np.random.Generator, place: Place, weekend: npt.NDArray[np.bool_]) -> Ints:
    shares = np.array([place.dayparts, place.dayparts])
    shares[1] *= (0.9, 0.8, 1.15, 1.6)
    ladder = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    return (rng.random(len(weekend))[:, None] > ladder[weekend.astype(int)][:, :-1]).sum(axis=1)


def _channel(rng: np.random.Generator, place: Place, rain: npt.NDArray[np.bool_], daypart: Ints) -> Ints:
    _hall, takeaway, delivery = place.channels
    dice, wet = rng.random(len(rain)), delivery * np.where(rain, 1.35, 1.0)
    carried = takeaway * np.where(daypart == 0, 1.6, 0.9)
    return np.where(daypart == 3, 0, np.where(dice < wet, 2, np.where(dice < wet + carried, 1, 0)))


def _waiters(rng: np.random.Generator, crew: list[Person], dates: npt.NDArray[np.datetime64], day: Ints) -> Ints:
    ordinals = dates.astype("datetime64[D]").astype(int)
    present = np.array([[_works(person, date) for person in crew] for date in ordinals], dtype=float)
    ladder = np.cumsum(present, axis=1)
    chance = rng.random(len(day)) * ladder[day, -1]
    return (chance[:, None] >= ladder[day]).sum(axis=1)


def _works(person: Person, ordinal: int) -> float:
    today = np.datetime64(int(ordinal), "D").item()
    if person.role == "MNG" or today < person.hired_on or (person.left_on is not None and today >= person.left_on):
        return 0.0
    return 0.35 if person.role == "BAR" else float((ordinal + person.rota) % 4 < 2)


def _times(
    rng: np.random.Generator, dates: npt.NDArray[np.datetime64], daypart: Ints, channel: Ints
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    early, late = _HOURS[daypart].T
    seconds = np.rint((early + (late - early) * rng.beta(1.8, 1.8, len(daypart))) * 3600).astype("timedelta64[s]")
    minutes = np.where(channel == 0, _MINUTES[daypart], np.where(channel == 1, 7, 45))
    stay = np.clip(rng.gamma(6, minutes / 6), 2, 240) * 60
    opened = dates.astype("datetime64[s]") + seconds
    return opened, opened + np.rint(stay).astype("timedelta64[s]")


def _discounts(rng: np.random.Generator, crew: list[Person], waiter: Ints, daypart: Ints, channel: Ints) -> Ints:
    """Return percent: a business lunch, a regular's card, or a waiter's kindness."""
    habit = np.array([person.discounts for person in crew])[waiter]
    chance = np.clip(0.09 * habit + 0.14 * (daypart == 1) * (channel == 0), 0, 0.6)
    percent = rng.choice([5, 10, 15, 20], len(waiter), p=(0.3, 0.45, 0.15, 0.1))
    return np.where(rng.random(len(waiter)) < chance, percent, 0)
