"""The double ABC of MOZG: each dish by its food cost and by its volume, nine combinations.

The first letter is that of the food cost: A up to the first border, B up to the second, C above. The second is that of
the volume: ABC by revenue. MOZG publishes neither its borders nor its measure of volume (manual, *Двойной ABC-анализ*:
"процент себестоимости продаж и объём продаж"), so both are settings here. What each combination asks for follows from
its two letters and is ours.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from mozg.analysis.menu import abc
from mozg.analysis.menu.exact import exacts

#: Per cent of net revenue that a dish's ingredients may cost to be an A, and to be a B.
FOOD_COST_BORDERS = (25, 35)


def food_cost_letters(food_costs: Iterable[Any], borders: Sequence[int] = FOOD_COST_BORDERS) -> list[str | None]:
    """Return A (cheap), B or C (dear) for ratios of cost to net revenue; missing has none."""
    low, high = borders
    return [
        None if value is None else "A" if value * 100 <= low else "B" if value * 100 <= high else "C"
        for value in exacts(food_costs)
    ]


def double_abc(
    dishes: pd.DataFrame, food_cost_borders: Sequence[int] = FOOD_COST_BORDERS,
    volume_borders: Sequence[int] = abc.BORDERS, *, volume: str = "revenue",
) -> pd.DataFrame:  # fmt: skip
    """Return ``dishes`` with ``cost_letter``, ``volume_letter`` and both as ``double``, missing without a cost.

    ``dishes`` has ``food_cost`` (cost ÷ net revenue) and the column named by ``volume``.
    """
    of_cost = food_cost_letters(dishes["food_cost"], food_cost_borders)
    of_volume = abc.letters(dishes[volume], volume_borders)
    both = [one + other if one and other else None for one, other in zip(of_cost, of_volume, strict=True)]
    columns = {"cost_letter": of_cost, "volume_letter": of_volume, "double": both}
    return dishes.assign(
        **{name: pd.Series(cells, index=dishes.index, dtype=object) for name, cells in columns.items()}
    )
