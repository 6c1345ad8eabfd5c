"""Portions: what a unit at the till is worth to guests.

A bottle of wine is one unit and five glasses, a shared platter one unit and four portions, a sauce or a box none. The
portion coefficient k says so: portions = units × k, depth = portions ÷ guests, price of a portion = revenue ÷ portions.
Where nobody set a coefficient it is 1.

Source: MOZG's setting *порционный коэффициент*; its manual does not define it, so the definition is ours.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from mozg.analysis.menu.exact import ZERO, exact, exacts, floats, ratio

ONE = Decimal(1)


def with_portions(dishes: pd.DataFrame, coefficient: str = "portions_per_unit") -> pd.DataFrame:
    """Return ``dishes`` with ``portions`` (units × coefficient, Decimal); a coefficient that is not set is 1."""
    pairs = zip(exacts(dishes["units"]), exacts(dishes[coefficient]), strict=True)
    portions = [None if units is None else units * (1 if factor is None else factor) for units, factor in pairs]
    return dishes.assign(portions=pd.Series(list(map(_decimal, portions)), dishes.index, dtype=object))


def by_group(dishes: pd.DataFrame, guests: Any, group: str) -> pd.DataFrame:
    """Return one row per ``group`` with ``units``, ``portions``, ``revenue``, ``per_100_guests``, ``portion_price``.

    ``dishes`` has ``portions`` as `with_portions` gives them; ``guests`` are those of all checks. The group that
    brings most comes first.
    """
    sums = dishes.groupby(group, as_index=False, sort=False)[["units", "portions", "revenue"]].sum()
    portions, revenue = exacts(sums["portions"]), exacts(sums["revenue"])
    seen = exact(guests)
    found = sums.assign(
        per_100_guests=floats((ratio((portion or ZERO) * 100, seen) for portion in portions), sums),
        portion_price=floats((ratio(money, n) for money, n in zip(revenue, portions, strict=True)), sums),
    )
    return found.sort_values("revenue", ascending=False, kind="stable", ignore_index=True)


def named(coefficients: Mapping[str, Decimal], dishes: pd.Series) -> pd.Series:
    """Return the coefficient of each dish by its name, missing where it has none."""
    return pd.Series([coefficients.get(dish) for dish in dishes], dishes.index, dtype=object)


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
