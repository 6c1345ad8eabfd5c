"""The people of the floor: names, the days they work, and habits that a good manager would notice."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mozg.simulate.places import Place

_FIRST = ("Анна", "Мария", "Иван", "Дмитрий", "Ольга", "Алина", "Тимур", "Павел", "Ксения", "Руслан", "Вера", "Артём")
_LAST = ("Соколенко", "Лесных", "Белых", "Гарипенко", "Ким", "Черных", "Дубровко", "Седых", "Юрченко", "Маслюк", "Ли",
         "Зимних", "Коваленко", "Тихих", "Юн", "Яценко", "Кравчук", "Долгих", "Савчук", "Панченко")  # fmt: skip

ROLES = {"WTR": "Официант", "BAR": "Бармен", "MNG": "Менеджер"}


@dataclass(frozen=True)
class Person:
    """An employee of one restaurant. Habits are factors around 1 for what happens at the tables he or she serves."""

    venue: int
    name: str
    role: str
    hired_on: date
    left_on: date | None = None
    rota: int = 0
    generosity: float = 1.0
    wine: float = 1.0
    discounts: float = 1.0
    voids: float = 1.0


def crew(seed: int, venue: int, place: Place) -> list[Person]:
    """Return everybody who ever works at ``place``: waiters (some come and go), one bartender, one manager."""
    rng = np.random.default_rng([seed, venue, 11])
    names = [f"{_LAST[i]} {_FIRST[j]}" for i, j in zip(rng.permutation(20), rng.integers(0, 12, 20), strict=True)]
    stayers = place.waiters - 2
    waiters = [_waiter(rng, venue, names[i], place.opened_on, None, i) for i in range(stayers)]
    for i in range(4):
        hired = max(place.opened_on, date(2024, 3, 1) + timedelta(int(rng.integers(0, 700))))
        left = hired + timedelta(int(rng.integers(150, 600)))
        waiters.append(_waiter(rng, venue, names[stayers + i], hired, left, i))
    bartender = Person(venue, names[18], "BAR", place.opened_on)
    return [*waiters, bartender, Person(venue, names[19], "MNG", place.opened_on)]


def _waiter(rng: np.random.Generator, venue: int, name: str, hired: date, left: date | None, nth: int) -> Person:
    generosity, wine, discounts, voids = np.exp(rng.normal(0, (0.13, 0.5, 0.4, 0.4)))
    # In every house there is one whose checks lose lines far more often than the others' do.
    voids = voids * 4 if nth == 1 and left is None else voids
    return Person(venue, name, "WTR", hired, left, nth % 4, generosity, wine, discounts, voids)
