"""The worksheet that menu engineering starts from: what each dish of a group sells a day, at what price and cost.

All three methods compare a dish with the others of its group, so they need nothing but totals: sold × price is revenue,
sold × recipe cost is cost, and the difference is margin. Totals are per day on which the dish was for sale: else a
dish that came on the 20th, or was on the stop list for a week, would look unpopular and become a Dog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mozg.analysis.menu.exact import exacts, ratio

#: Days for sale below which a dish is not judged yet.
LEAST_DAYS = 14
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Worksheet:
    """One group of dishes: arrays whose last axis is the dishes, of fractions or of floats.

    ``sold`` is units per day for sale, ``revenue`` and ``cost`` are money per day for sale, net of VAT. ``costed``
    tells whose cost is known; the others have zeros and count for popularity alone.
    """

    sold: Array
    revenue: Array
    cost: Array
    costed: Array

    @property
    def margin(self) -> Array:
        """Revenue − cost, per day for sale."""
        margin: Array = self.revenue - self.cost
        return margin

    def mean_per_dish(self, values: Array) -> Array:
        """Return Σ ÷ number over the dishes whose cost is known."""
        return self.total(values) / max(int(self.costed.sum()), 1)

    def total(self, values: Array) -> Array:
        """Return Σ over the dishes whose cost is known."""
        total: Array = np.where(self.costed, values, 0).sum(axis=-1, keepdims=True)
        return total


def worksheet(dishes: pd.DataFrame) -> Worksheet:
    """Return the worksheet of one group, exactly.

    ``dishes`` has one row per dish with ``units``, ``days`` (for sale), and of the lines whose cost is known
    ``costed_units``, ``costed_net`` (revenue without VAT) and ``cost``. Price and cost of a unit are those of the
    costed lines, and count for all units.
    """
    columns = [exacts(dishes[name]) for name in ("units", "days", "costed_units", "costed_net", "cost")]
    rows = [_row(*cells) for cells in zip(*columns, strict=True)]
    arrays = [np.array(cells, dtype=object) for cells in zip(*rows, strict=True)] or [np.array([], dtype=object)] * 4
    sold, revenue, cost, costed = arrays
    return Worksheet(sold, revenue, cost, costed.astype(bool))


def is_young(dishes: pd.DataFrame, least_days: int = LEAST_DAYS) -> pd.Series:
    """Return whether each dish was for sale on too few days to be judged."""
    return pd.Series([(days or 0) < least_days for days in exacts(dishes["days"])], index=dishes.index, dtype=bool)


def _row(units: Any, days: Any, costed_units: Any, revenue: Any, cost: Any) -> Sequence[Any]:
    sold = ratio(units, days) or 0
    price, spent = ratio(revenue, costed_units), ratio(cost, costed_units)
    known = price is not None and spent is not None and price > 0
    return (sold, sold * price, sold * spent, True) if known else (sold, 0, 0, False)  # type: ignore[operator]
