"""How firmly a dish sits in its class: the class again and again, on other weeks that might have been.

Weeks are drawn with replacement as many times as there are (a bootstrap over weeks, which keeps what belongs to one
week together), and the dish is classed anew; its stability is the share of draws in which it stays where it is. A dish
at 60 % is on a border: one period is no reason to take it off the menu. The draws are the same for the same weeks.

Source: Efron, B. (1979), Bootstrap methods; blocks of whole weeks as in Künsch (1989).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mozg.analysis.menu.worksheet import Array, Worksheet

DRAWS = 400
SEED = 1982
#: Fewer weeks than this tell nothing about what might have been.
LEAST_WEEKS = 4


@dataclass(frozen=True)
class Weeks:
    """The weeks of one group of dishes as arrays of floats, weeks × dishes."""

    sold: Array
    days: Array
    revenue: Array
    cost: Array
    costed_units: Array

    def drawn(self, draws: int = DRAWS, seed: int = SEED) -> Worksheet:
        """Return a worksheet of many draws at once: draws × dishes."""
        weeks = len(self.sold)
        counts = np.random.default_rng(seed).multinomial(weeks, [1 / weeks] * weeks, size=draws).astype(float)
        sold = _per(counts @ self.sold, counts @ self.days)
        units = counts @ self.costed_units
        price, spent = _per(counts @ self.revenue, units), _per(counts @ self.cost, units)
        costed = self.costed_units.sum(axis=0) > 0
        return Worksheet(sold, sold * price, sold * spent, costed)


def weeks_of(weekly: pd.DataFrame, dishes: pd.Series) -> Weeks:
    """Return the weeks of some dishes, in their order.

    ``weekly`` has one row per ``dish`` and ``week`` with the columns of `mozg.analysis.menu.worksheet.worksheet`;
    a dish without a row in a week was not for sale then.
    """

    def grid(column: str) -> Array:
        cells = weekly.assign(**{column: weekly[column].astype(float)})
        table = cells.pivot_table(index="week", columns="dish", values=column, aggfunc="sum")
        values: Array = table.reindex(columns=list(dishes)).fillna(0).to_numpy()
        return values

    return Weeks(grid("units"), grid("days"), grid("costed_net"), grid("cost"), grid("costed_units"))


def stability(weeks: Weeks, classify: Callable[[Worksheet], Array], now: Array) -> list[float | None]:
    """Return for each dish the share of draws in which ``classify`` gives it the class that it has ``now``."""
    if len(weeks.sold) < LEAST_WEEKS:
        return [None] * len(now)
    again = classify(weeks.drawn())
    return [float(share) for share in (again == now).mean(axis=0)]


def _per(part: Array, whole: Array) -> Array:
    shares: Array = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return shares
