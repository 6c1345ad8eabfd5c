"""Three methods of menu engineering side by side, in each group of dishes that guests choose between.

A group is a menu category: mains are compared with mains, for a dessert's margin says nothing about a steak's. Dishes
that were for sale too briefly are not judged and not compared with; dishes without a cost count for popularity alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mozg.analysis.menu import goal_value, kasavana_smith, pavesic
from mozg.analysis.menu.agreement import agreement, verdicts
from mozg.analysis.menu.stability import stability, weeks_of
from mozg.analysis.menu.worksheet import LEAST_DAYS, Worksheet, is_young, worksheet

#: What is said of a dish that no method judges.
YOUNG, ALONE, NO_COST, JUDGED = "young", "alone", "no cost", "judged"
_COLUMNS = (
    "standing", "sold_per_day", "mix", "popular_from", "unit_price", "unit_cost", "unit_margin", "margin_from",
    "food_cost", "food_cost_to", "weighted_margin", "weighted_from", "kasavana_smith", "pavesic", "goal_value", "goal",
    "reaches_goal", "agreement", "stability",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The borders of the methods; see each method's module."""

    popular: int = kasavana_smith.POPULAR
    variable_cost: int = goal_value.VARIABLE_COST
    least_days: int = LEAST_DAYS


def side_by_side(
    dishes: pd.DataFrame, weekly: pd.DataFrame, settings: Settings | None = None, *, group: str = "category"
) -> pd.DataFrame:
    """Return ``dishes`` with what each method says of them.

    ``dishes`` has one row per ``dish`` with the columns of `worksheet`, ``weekly`` the same per dish and ``week``;
    money is net of VAT. Columns added: ``standing`` (`JUDGED` or why not), ``sold_per_day`` (units per day for sale),
    ``mix`` (its share of the group), ``popular_from``, ``unit_price``, ``unit_cost``, ``unit_margin``,
    ``margin_from``, ``food_cost``, ``food_cost_to``, ``weighted_margin`` and ``weighted_from`` (per day for sale),
    the classes ``kasavana_smith`` and ``pavesic`` as numbers, ``goal_value`` and ``goal``, ``reaches_goal``,
    ``agreement``, and ``stability`` (of the class after Kasavana and Smith, a ratio). What is not judged is missing.
    Every dish has a ``group``.
    """
    settings = settings or Settings()
    young = is_young(dishes, settings.least_days)
    found: dict[Any, dict[str, Any]] = {place: {"standing": YOUNG} for place in dishes.index[young]}
    weeks = dict(list(weekly.groupby(group, sort=False)))
    for name, part in dishes[~young].groupby(group, sort=False):
        found |= _of_group(part, weeks.get(name, weekly.iloc[:0]), settings)
    rows = [found[place] for place in dishes.index]
    columns = {name: pd.Series([row.get(name) for row in rows], dishes.index, dtype=object) for name in _COLUMNS}
    return dishes.assign(**columns)


def _of_group(part: pd.DataFrame, weekly: pd.DataFrame, settings: Settings) -> dict[Any, dict[str, Any]]:
    sheet = worksheet(part)
    if len(part) < 2:
        return {place: {"standing": ALONE} | _bare(sheet, at) for at, place in enumerate(part.index)}
    firm = _firmness(part, weekly, sheet, settings)
    return {place: row | {"stability": firm[at] if row["standing"] == JUDGED else None}
            for at, (place, row) in enumerate(zip(part.index, _rows(sheet, settings), strict=True))}  # fmt: skip


def _rows(sheet: Worksheet, settings: Settings) -> Iterator[dict[str, Any]]:
    popular_from, margin_from = kasavana_smith.thresholds(sheet, settings.popular)
    food_cost_to, weighted_from = pavesic.thresholds(sheet)
    borders = {
        "popular_from": popular_from, "margin_from": margin_from, "food_cost_to": food_cost_to,
        "weighted_from": weighted_from, "goal": float(goal_value.goal(sheet, settings.variable_cost).item()),
    }  # fmt: skip
    one, other = kasavana_smith.classes(sheet, settings.popular), pavesic.classes(sheet)
    values = goal_value.goal_values(sheet, settings.variable_cost)
    reached = goal_value.reaches_goal(sheet, settings.variable_cost)
    for at in range(len(sheet.sold)):
        if not sheet.costed[at]:
            yield {"standing": NO_COST} | _bare(sheet, at) | {"popular_from": popular_from}
            continue
        codes = int(one[at]), int(other[at]), bool(reached[at])
        said = dict(zip(("kasavana_smith", "pavesic", "reaches_goal"), codes, strict=True))
        together = agreement(verdicts(*codes))
        yield {"standing": JUDGED, **_bare(sheet, at), **borders, **said, "agreement": together,
               "goal_value": float(values[at])}  # fmt: skip


def _bare(sheet: Worksheet, at: int) -> dict[str, Any]:
    """What a dish's own numbers say, without any other dish."""
    sold, whole = sheet.sold[at], sheet.sold.sum()
    told = {"sold_per_day": float(sold), "mix": float(sold / whole) if whole else None}
    if not (sheet.costed[at] and sold):
        return told
    revenue, cost = sheet.revenue[at], sheet.cost[at]
    return told | {
        "unit_price": float(revenue / sold), "unit_cost": float(cost / sold),
        "unit_margin": float((revenue - cost) / sold), "food_cost": float(cost / revenue),
        "weighted_margin": float(revenue - cost),
    }  # fmt: skip


def _firmness(part: pd.DataFrame, weekly: pd.DataFrame, sheet: Worksheet, settings: Settings) -> list[float | None]:
    weeks = weeks_of(weekly[weekly["dish"].isin(part["dish"])], part["dish"])
    now = kasavana_smith.classes(sheet, settings.popular)
    return stability(weeks, lambda drawn: kasavana_smith.classes(drawn, settings.popular), now)
