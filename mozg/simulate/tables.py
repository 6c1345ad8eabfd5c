"""Whatever a month's random draws need in numbers: prices, costs and the odds of each dish."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from mozg.simulate.menu import DAYPARTS, MENU, Group
from mozg.simulate.people import Person
from mozg.simulate.places import Place

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_WINE = {"Вино", "Коктейли"}
GROUP_OF = np.array([number for number, group in enumerate(MENU) for _ in group.dishes])
_ROUBLES = np.array([price for group in MENU for _, price in group.dishes])
_ORDINAL = np.array([i for group in MENU for i in range(len(group.dishes))])


def prices(place: Place, month: date) -> Ints:
    """Return each dish's price in kopecks: whole tens of roubles, raised on 1 February and 1 September."""
    rises = 2 * (month.year - 2024) + (month.month >= 2) + (month.month >= 9)
    return (np.rint(_ROUBLES * place.price_level * 1.035**rises / 10) * 1000).astype(np.int64)


def costs(month: date) -> Ints:
    """Return each dish's recipe cost in kopecks: suppliers raise a little every month, and some dishes suffer more."""
    months = 12 * (month.year - 2024) + month.month - 1
    share = np.array([group.food_cost for group in MENU])[GROUP_OF] * (0.85 + 0.06 * (_ORDINAL % 6))
    return np.rint(_ROUBLES * 100 * share * 1.0075**months).astype(np.int64)


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
    summer = -np.cos(2 * np.pi * (month.month - 1) / 12)
    rows = [
        _weights(place, person, part, summer, hot) for part in range(len(DAYPARTS)) for hot in (0, 1) for person in crew
    ]
    table = np.cumsum(np.array(rows), axis=1)
    return Odds(table / table[:, -1:], len(crew))


def _weights(place: Place, person: Person, part: int, summer: float, hot: int) -> Floats:
    appetite = np.array([_appetite(place, person, group, part, summer, hot) for group in MENU])
    size = np.array([sum(1 / (i + 1) for i in range(len(group.dishes))) for group in MENU])
    weights: Floats = (appetite / size)[GROUP_OF] / (1 + _ORDINAL)
    return weights


def _appetite(place: Place, person: Person, group: Group, part: int, summer: float, hot: int) -> float:
    habit = person.wine if group.name in _WINE else 1.0
    weather: float = group.heat ** (0.4 * summer + 0.6 * hot)
    return group.appetite[part] * place.taste.get(group.name, 1.0) * habit * weather
