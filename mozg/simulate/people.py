"""The people of the floor: names, the days they work, and habits that a good manager would notice."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mozg.simulate.places import Place

_FIRST = ("Анна", "Мария", "Иван", "Дмитрий", "Ольга", "Алина", "Тимур", "Павел", "Ксения", "Руслан", "Вера", "Артём")
_LAST = ("Соколенко", "Лесных", "Белых", "Гарипенко", "Ким", "Черных", "Дубровко", "Седых", "Юрченко", "Маслюк", "Ли",
         "Зимних", "Коваленко", "Тихих", "Юн", "Яценко", "Кравчук", "Долгих", "Савчук", "Панченко")  # fmt: skip

ROLES = {"WTR": "Официант", "BAR": "Бармен", "MNG": "Менеджер", "COK": "Повар"}
#: Who serves guests, and how often beside a waiter; the others are never on a check.
SERVING = {"WTR": 1.0, "BAR": 0.35}
COOKS = 4
_COOKS = ("Рустам", "Елена", "Мурат", "Галина", "Степан", "Лола", "Фёдор", "Нина")


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
    """Return everybody who ever works at ``place``: waiters (some come and go), a bartender, a manager, cooks."""
    rng = np.random.default_rng([seed, venue, 11])
    names = [f"{_LAST[i]} {_FIRST[j]}" for i, j in zip(rng.permutation(20), rng.integers(0, 12, 20), strict=True)]
    stayers = place.waiters - 2
    waiters = [_waiter(rng, venue, names[i], place.opened_on, None, i) for i in range(stayers)]
    for i in range(4):
        hired = max(place.opened_on, date(2024, 3, 1) + timedelta(int(rng.integers(0, 700))))
        left = hired + timedelta(int(rng.integers(150, 600)))
        waiters.append(_waiter(rng, venue, names[stayers + i], hired, left, i))
    bartender = Person(venue, names[18], "BAR", place.opened_on)
    cooks = [Person(venue, f"{_LAST[(venue * 5 + i) % 20]} {_COOKS[(venue + i) % 8]}", "COK", place.opened_on, rota=i)
             for i in range(COOKS)]  # fmt: skip
    return [*waiters, bartender, Person(venue, names[19], "MNG", place.opened_on), *cooks]


def works(person: Person, ordinal: int) -> bool:
    """Whether ``person`` works on the day that is ``ordinal`` days after 1 January 1970.

    Waiters and cooks work two days and rest two, a manager works Monday to Friday, the bartender every day.
    """
    today = np.datetime64(int(ordinal), "D").item()
    if today < person.hired_on or (person.left_on is not None and today >= person.left_on):
        return False
    if person.role in {"WTR", "COK"}:
        return (ordinal + person.rota) % 4 < 2
    return person.role == "BAR" or bool(today.weekday() < 5)


def _waiter(rng: np.random.Generator, venue: int, name: str, hired: date, left: date | None, nth: int) -> Person:
    generosity, wine, discounts, voids = np.exp(rng.normal(0, (0.13, 0.5, 0.4, 0.4)))
    # In every house there is one whose checks lose lines far more often than the others' do.
    voids = voids * 4 if nth == 1 and left is None else voids
    return Person(venue, name, "WTR", hired, left, nth % 4, generosity, wine, discounts, voids)
