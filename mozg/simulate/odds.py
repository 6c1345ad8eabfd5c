"""What guests order, in numbers: each dish's price and its odds."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from mozg.simulate.menu import DAYPARTS, GROUP_OF, MENU, NAMES, ORDINAL, Group, on_menu
from mozg.simulate.people import Person
from mozg.simulate.places import Place

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_WINE = {"Вино", "Коктейли"}
_ROUBLES = np.array([price for group in MENU for _, price in group.dishes])
#: Dishes whose price changes by itself, from that month to the next January: up, and once down.
_OUT_OF_TURN = {
    "Лосось на гриле": (6, 1.12),
    "Капучино": (5, 1.08),
    "Стейк рибай": (4, 1.1),
    "Куриная лапша": (11, 0.9),
}


def prices(place: Place, month: date) -> Ints:
    """Return each dish's price in kopecks: whole tens of roubles, raised on 1 February and 1 September.

    Some dishes have a change of their own as well, see `_OUT_OF_TURN`.
    """
    rises = 2 * (month.year - 2024) + (month.month >= 2) + (month.month >= 9)
    own = np.ones(len(NAMES))
    for name, (since, factor) in _OUT_OF_TURN.items():
        own[NAMES.index(name)] = factor if month.month >= since else 1.0
    return (np.rint(_ROUBLES * place.price_level * 1.035**rises * own / 10) * 1000).astype(np.int64)


@dataclass(frozen=True)
class Odds:
    """Cumulative odds of dishes: one row per (daypart, hot or not, waiter), one column per dish."""

    table: Floats
    waiters: int

    def draw(self, rng: np.random.Generator, daypart: Ints, hot: Ints, waiter: Ints) -> Ints:
        """Return a dish for each pick."""
        rows = (daypart * 2 + hot) * self.waiters + waiter
        chance = rng.random(len(rows))
        picks = np.empty(len(rows), dtype=np.int64)
        for row in np.unique(rows):
            at = rows == row
            picks[at] = np.searchsorted(self.table[row], chance[at], side="right")
        return np.minimum(picks, self.table.shape[1] - 1)


def odds(place: Place, crew: list[Person], month: date) -> Odds:
    """Return what is ordered at ``place`` in ``month``: by taste, season, hour, heat and who serves."""
    summer, listed = -np.cos(2 * np.pi * (month.month - 1) / 12), on_menu(month)
    rows = [
        _weights(place, person, part, summer, hot, listed)
        for part in range(len(DAYPARTS))
        for hot in (0, 1)
        for person in crew
    ]
    table = np.cumsum(np.array(rows), axis=1)
    return Odds(table / table[:, -1:], len(crew))


def _weights(place: Place, person: Person, part: int, summer: float, hot: int, listed: npt.NDArray[np.bool_]) -> Floats:
    appetite = np.array([_appetite(place, person, group, part, summer, hot) for group in MENU])
    size = np.array([sum(1 / (i + 1) for i in range(len(group.dishes))) for group in MENU])
    weights: Floats = (appetite / size)[GROUP_OF] / (1 + ORDINAL) * listed
    return weights


def _appetite(place: Place, person: Person, group: Group, part: int, summer: float, hot: int) -> float:
    habit = person.wine if group.name in _WINE else 1.0
    weather: float = group.heat ** (0.4 * summer + 0.6 * hot)
    return group.appetite[part] * place.taste.get(group.name, 1.0) * habit * weather
