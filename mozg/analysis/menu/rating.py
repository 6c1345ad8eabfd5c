"""The rating of categories and product groups: what each sells, at what food cost, and why that changed.

Source: MOZG's *Рейтинг категорий и товарных групп* (sales and food-cost %, deviation from a second period; a fall of
food cost is good). The reasons are split exactly, see `mozg.analysis.menu.food_cost`.
"""

from decimal import Decimal
from typing import Any

import pandas as pd

from mozg.analysis.menu import food_cost
from mozg.analysis.menu.exact import floats

SUMS = ("units", "revenue", "costed_revenue", "costed_net", "cost")
#: What names a dish.
KEY = ["category", "dish"]


def compared(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the dishes of two periods side by side: one row per ``category`` and ``dish`` of either.

    Both are what `mozg.metrics.menu.dish_sums` returns; sums of ``before`` get ``_before``, what a dish lacks is
    missing. ``top_group`` is the later one.
    """
    sums = [name for name in now.columns if name not in (*KEY, "section", "top_group")]
    old = before.rename(columns={name: f"{name}_before" for name in sums})
    both = now.merge(old, on=KEY, how="outer", suffixes=("", "_once"))
    latest = {name: both[name].combine_first(both[f"{name}_once"]) for name in ("section", "top_group")}
    return both.assign(**latest)[[*now.columns, *(f"{name}_before" for name in sums)]]


def rating(dishes: pd.DataFrame, group: str = "category") -> pd.DataFrame:
    """Return one row per ``group``, the largest revenue first.

    ``dishes`` has one row per dish with `SUMS`, ``costed_units``, ``costed_gross`` and ``costed_net``, and the same
    with ``_before`` where two periods are compared. Columns: the sums and their ``_before``, ``share`` of revenue,
    ``coverage`` (revenue with a cost ÷ revenue), ``margin`` (revenue without VAT − recipe cost of the lines whose cost
    is known) and its ``_before``, ``food_cost``, ``food_cost_before``, ``change`` and its `PARTS`
    (ratios; 0.01 is one point).
    """
    both = "revenue_before" in dishes
    sides = ("", "_before") if both else ("",)
    names = [name + side for name in SUMS for side in sides]
    sums = dishes.groupby(group, as_index=False, sort=False)[names].agg(total)
    whole = total(dishes["revenue"])
    found = sums.assign(
        share=floats((_share(part, whole) for part in sums["revenue"]), sums),
        coverage=floats(map(_share, sums["costed_revenue"], sums["revenue"]), sums),
        **{f"margin{side}": _margins(sums, side) for side in sides},
    )
    split = food_cost.by_group(dishes if both else alone(dishes), group)
    merged = found.merge(split, on=group)
    return merged.sort_values("revenue", ascending=False, kind="stable", na_position="last", ignore_index=True)


def total(values: Any) -> Decimal | None:
    """Return the exact sum of what is known, missing where nothing is."""
    known = [value for value in values if not pd.isna(value)]
    return sum(known[1:], known[0]) if known else None


def alone(dishes: pd.DataFrame) -> pd.DataFrame:
    """Give the one period an earlier one without sales."""
    names = ("costed_units", "costed_gross", "costed_net", "cost")
    return dishes.assign(**{f"{name}_before": pd.Series([None] * len(dishes), dishes.index) for name in names})


def _margins(sums: pd.DataFrame, side: str) -> pd.Series:
    pairs = zip(sums[f"costed_net{side}"], sums[f"cost{side}"], strict=True)
    cells = [None if pd.isna(net) or pd.isna(cost) else net - cost for net, cost in pairs]
    return pd.Series(cells, sums.index, dtype=object)


def _share(part: Any, whole: Any) -> float | None:
    return float(part) / float(whole) if not pd.isna(part) and not pd.isna(whole) and whole else None
