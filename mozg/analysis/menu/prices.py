"""What followed a change of a menu price.

A change is compared with whole weeks on both sides of it (weekdays meet their like), in units per day for sale, and
beside what the rest of its category did in the same venue and the same weeks: if everybody sold 10 % less, a dish that
sold 12 % less lost 2 % to its price. Response = (q₁ ÷ q₀) ÷ (Q₁ ÷ Q₀) − 1; elasticity = ln(response + 1) ÷ ln(p₁ ÷ p₀).
The interval takes units for Poisson counts: Var(ln) = 1/n₀ + 1/n₁ + 1/N₀ + 1/N₁. Where it covers no change, nothing
is claimed, nor where nothing else of the category kept its price: a season would be taken for the price.

Source: difference in differences (Card and Krueger, 1994) on logarithms; own-price elasticity as in any textbook.
"""

import math
from statistics import NormalDist
from typing import Any

import pandas as pd

CONFIDENCE = 0.9
#: Units on either side below which nothing is claimed.
LEAST_UNITS = 20
_FOUND = ("price_change", "response", "response_low", "response_high", "elasticity", "margin_a_day", "verdict")


def what_followed(steps: pd.DataFrame, *, confidence: float = CONFIDENCE, least: int = LEAST_UNITS) -> pd.DataFrame:
    """Return ``steps`` with the relative ``price_change``, ``response`` of demand and its interval, ``elasticity``,
    ``margin_a_day`` (the change of margin per day, money) and ``verdict``.

    One row per change with ``price_before``, ``price`` (menu prices of a unit), and for each side ``units``, ``days``
    (for sale), ``others`` (units of the rest of the category) and ``margin`` (money, missing without a cost), the
    earlier with ``_before``. ``verdict`` is ``fewer``, ``more``, ``same`` (the interval covers no change), ``early``
    (too few days or units to tell) or ``alone`` (there is nothing to hold it against).
    """  # fmt: skip
    rows = [_row(step, confidence, least) for step in steps.to_dict("records")]
    columns = {name: pd.Series([row.get(name) for row in rows], steps.index, dtype=object) for name in _FOUND}
    return steps.assign(**columns)


def _row(step: dict[Any, Any], confidence: float, least: int) -> dict[str, Any]:
    known = {name: _number(step[name]) for name in step if isinstance(name, str) and name in _NEEDED}
    price_change = known["price"] / known["price_before"] - 1 if known["price_before"] else None
    told = {"price_change": price_change, "margin_a_day": _margin(known), "verdict": "early"}
    units = known["units_before"], known["units"]
    others = known["others_before"], known["others"]
    if min(*units) < least or min(known["days_before"], known["days"]) <= 0:
        return told
    own = math.log((units[1] / known["days"]) / (units[0] / known["days_before"]))
    if not all(count > 0 for count in others):
        return told | {"verdict": "alone"}
    beside = math.log((others[1] / known["days"]) / (others[0] / known["days_before"]))
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(sum(1 / count for count in (*units, *others)))
    return told | _response(own - beside, reach, price_change)


_NEEDED = {name + side for name in ("price", "units", "days", "others", "margin") for side in ("", "_before")}


def _response(log: float, reach: float, price_change: float | None) -> dict[str, Any]:
    low, high = math.expm1(log - reach), math.expm1(log + reach)
    verdict = "more" if low > 0 else "fewer" if high < 0 else "same"
    steep = math.log1p(price_change) if price_change is not None and price_change > -1 else 0.0
    return {
        "response": math.expm1(log), "response_low": low, "response_high": high,
        "elasticity": log / steep if steep else None, "verdict": verdict,
    }  # fmt: skip


def _margin(known: dict[str, float]) -> float | None:
    sides = [(known["margin"], known["days"]), (known["margin_before"], known["days_before"])]
    if any(math.isnan(margin) or days <= 0 for margin, days in sides):
        return None
    (now, days), (before, days_before) = sides
    return now / days - before / days_before


def _number(value: Any) -> float:
    return math.nan if pd.isna(value) else float(value)
