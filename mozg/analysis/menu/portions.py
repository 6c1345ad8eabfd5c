"""Portions: what a unit at the till is worth to guests.

A bottle of wine is one unit and five glasses, a shared platter one unit and four portions, a sauce or a box none. The
portion coefficient k says so: portions = units × k, depth = portions ÷ guests, price of a portion = revenue ÷ portions.
Where nobody set a coefficient it is 1.

Source: MOZG's setting *порционный коэффициент*; its manual does not define it, so the definition is ours.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from mozg.analysis.menu.exact import exact, exacts, floats, ratio
from mozg.analysis.menu.rating import total

#: The portions that are told, and the units of which they are made.
PORTIONS = {
    "portions": "units",
    "portions_on_checks": "units_on_checks",
    "portions_with_guests": "units_with_guests",
}
_SUMS = ("units", *PORTIONS, "revenue")


def with_portions(dishes: pd.DataFrame) -> pd.DataFrame:
    """Return ``dishes`` with `PORTIONS` (units × coefficient, Decimal); a ``coefficient`` that is not set is 1."""
    factors = [Fraction(1) if factor is None else factor for factor in exacts(dishes["coefficient"])]
    columns = {name: _times(dishes[units], factors) for name, units in PORTIONS.items()}
    return dishes.assign(**columns)


def by_group(dishes: pd.DataFrame, checks: Any, guests: Any, by: Sequence[str]) -> pd.DataFrame:
    """Return one row per group, the largest revenue first.

    ``dishes`` has the portions that `with_portions` adds, ``checks`` and ``guests`` are those of all checks. Columns:
    the sums, ``per_100_checks`` (portions on closed checks ÷ all checks × 100), ``per_100_guests`` (portions on checks
    with a guest count ÷ guests × 100), ``portion_price`` (revenue ÷ portions) and ``coefficient`` (portions ÷ units),
    each missing where there is nothing to divide by.
    """
    sums = dishes.groupby(list(by), as_index=False, sort=False)[list(_SUMS)].agg(total)
    portions, hundred = exacts(sums["portions"]), Fraction(100)
    found = sums.assign(
        per_100_checks=_over(sums, sums["portions_on_checks"], exact(checks), hundred),
        per_100_guests=_over(sums, sums["portions_with_guests"], exact(guests), hundred),
        portion_price=floats(map(ratio, exacts(sums["revenue"]), portions), sums),
        coefficient=floats(map(ratio, portions, exacts(sums["units"])), sums),
    )
    return found.sort_values("revenue", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _times(units: pd.Series, factors: Sequence[Fraction]) -> pd.Series:
    cells = [None if n is None else _decimal(n * k) for n, k in zip(exacts(units), factors, strict=True)]
    return pd.Series(cells, units.index, dtype=object)


def _over(sums: pd.DataFrame, parts: pd.Series, whole: Fraction | None, times: Fraction) -> pd.Series:
    shares = (ratio(part, whole) for part in exacts(parts))
    return floats((None if share is None else share * times for share in shares), sums)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
