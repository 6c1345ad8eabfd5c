"""One month of checks at one restaurant: when each was opened, for how many guests, by whom, and how it ended."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mozg.simulate.people import SERVING, Person, works
from mozg.simulate.places import Place
from mozg.simulate.rooms import seated
from mozg.simulate.weather import Days, promise

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CHANNELS = ("dine_in", "takeaway", "delivery")
SALE, HOUSE, VOID, REFUND = range(4)

# Hours after the start of the business day: a check of 25.5 was opened at half past one in the night.
_HOURS = np.array([(8.0, 11.7), (11.7, 16.5), (16.8, 22.8), (22.8, 26.2)])
_GUESTS = np.array([0.36, 0.38, 0.1, 0.09, 0.03, 0.03, 0.005, 0.005])
_MINUTES = np.array([38, 52, 85, 70])
#: Guests linger on Fridays and Saturdays, and in large parties; from Monday on, and per guest beyond two.
_LINGERING = np.array([0.92, 0.94, 0.97, 1.0, 1.14, 1.18, 1.05])
_PER_GUEST = 0.05

#: Why guests paid less than the menu says, in the order that ``deal`` numbers it.
DISCOUNTS = (None, "Бизнес-ланч", "Карта гостя", "По решению менеджера")


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
    deal: Ints

    def __len__(self) -> int:
        return len(self.day)


def draw_checks(rng: np.random.Generator, place: Place, crew: list[Person], days: Days) -> Checks:
    """Draw the checks of the month whose days are ``days``."""
    day = np.repeat(np.arange(len(days.dates)), rng.poisson(promise(place, days)))
    number = len(day)
    weekday = (days.dates[day].astype("datetime64[D]").astype(int) + 3) % 7
    daypart = _daypart(rng, place, weekday >= 4)
    channel = _channel(rng, place, days.rain[day], daypart)
    waiter = _waiters(rng, crew, days.dates, day)
    opened, stay = _times(rng, days.dates[day], daypart, channel)
    guests = np.where(
        channel == 0, rng.choice(8, number, p=_GUESTS) + 1 + (daypart == 2) * (rng.random(number) < 0.25), 1
    )
    ending = rng.choice(3, number, p=(0.989, 0.005, 0.006))
    discount = _discounts(rng, crew, waiter, daypart, channel)
    return Checks(
        day=day, daypart=daypart, channel=channel, guests=guests, waiter=waiter, ending=ending, opened=opened,
        closed=opened + _lingering(stay, weekday, guests, channel),
        hot=(days.temperature[day] > 24).astype(int), discount=discount,
        table=seated(rng.integers(1, 29, number), guests), deal=_deal(discount, daypart, channel),
    )  # fmt: skip


def forgetful(rng: np.random.Generator, checks: Checks) -> Checks:
    """Return the checks as the waiters entered them: some without guests or with too many, some closed next day."""
    dice, hall = rng.random(len(checks)), checks.channel == 0
    guests = np.where(hall & (dice < 0.006), 0, np.where(hall & (dice > 0.9993), 40, checks.guests))
    late = hall & (dice > 0.5) & (dice < 0.5006)
    overnight = np.where(late, 9 * 3600, 0).astype("timedelta64[s]")
    return replace(checks, guests=guests, closed=checks.closed + overnight)


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
    present = np.array([[_chance_to_serve(person, date) for person in crew] for date in ordinals], dtype=float)
    ladder = np.cumsum(present, axis=1)
    chance = rng.random(len(day)) * ladder[day, -1]
    return (chance[:, None] >= ladder[day]).sum(axis=1)


def _chance_to_serve(person: Person, ordinal: int) -> float:
    return SERVING.get(person.role, 0.0) * works(person, ordinal)


def _times(
    rng: np.random.Generator, dates: npt.NDArray[np.datetime64], daypart: Ints, channel: Ints
) -> tuple[npt.NDArray[np.datetime64], Floats]:
    """Return when each check was opened, and how many seconds an ordinary visit of its kind lasts."""
    early, late = _HOURS[daypart].T
    seconds = np.rint((early + (late - early) * rng.beta(1.8, 1.8, len(daypart))) * 3600).astype("timedelta64[s]")
    minutes = np.where(channel == 0, _MINUTES[daypart], np.where(channel == 1, 7, 45))
    stay = np.clip(rng.gamma(6, minutes / 6), 2, 240) * 60
    return dates.astype("datetime64[s]") + seconds, stay


def _lingering(stay: Floats, weekday: Ints, guests: Ints, channel: Ints) -> npt.NDArray[np.timedelta64]:
    longer = np.where(channel == 0, _LINGERING[weekday] * (1 + _PER_GUEST * np.maximum(guests - 2, 0)), 1.0)
    return np.rint(stay * longer).astype("timedelta64[s]")


def _discounts(rng: np.random.Generator, crew: list[Person], waiter: Ints, daypart: Ints, channel: Ints) -> Ints:
    """Return percent: a business lunch, a regular's card, or a waiter's kindness."""
    habit = np.array([person.discounts for person in crew])[waiter]
    chance = np.clip(0.09 * habit + 0.14 * (daypart == 1) * (channel == 0), 0, 0.6)
    percent = rng.choice([5, 10, 15, 20], len(waiter), p=(0.3, 0.45, 0.15, 0.1))
    return np.where(rng.random(len(waiter)) < chance, percent, 0)


def _deal(discount: Ints, daypart: Ints, channel: Ints) -> Ints:
    lunch = (daypart == 1) & (channel == 0)
    return np.where(discount == 0, 0, np.where(lunch, 1, np.where(discount <= 10, 2, 3)))
