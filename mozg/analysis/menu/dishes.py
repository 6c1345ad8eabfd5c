"""Dishes of a period, put together from their weeks, with what follows from their sums."""

from decimal import Decimal
from typing import Any

import pandas as pd

from mozg.analysis.menu.rating import total

SUMS = (
    "units", "gross", "revenue", "costed_units", "costed_gross", "costed_revenue", "costed_net", "untaxed", "cost",
    "days", "open_days",
)  # fmt: skip


def dishes_of(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per ``category`` and ``dish`` with the sums of its weeks, exact, and what follows from them.

    ``weeks`` is what `mozg.metrics.menu.dish_weeks` returns. Added: ``margin`` (revenue without VAT − recipe cost of
    the lines whose cost is known; missing without any), ``food_cost`` (cost ÷ revenue without VAT, Decimal) and
    ``share`` of all revenue (float). Dishes of which nothing was sold are left out.
    """
    rows = [
        {"category": category, "dish": dish} | {name: total(part[name]) for name in SUMS}
        for (category, dish), part in weeks.groupby(["category", "dish"], sort=False)
    ]
    found = pd.DataFrame(rows, columns=["category", "dish", *SUMS], dtype=object)
    return with_margins(found[found["units"].notna()].reset_index(drop=True))


def with_margins(dishes: pd.DataFrame) -> pd.DataFrame:
    """Return ``dishes`` with ``margin``, ``food_cost`` and ``share`` worked out of their sums."""
    sums = zip(dishes["costed_net"], dishes["cost"], strict=True)
    pairs = [(net, cost, not (pd.isna(net) or pd.isna(cost))) for net, cost in sums]
    whole = total(dishes["revenue"])
    columns = {
        "margin": [net - cost if known else None for net, cost, known in pairs],
        "food_cost": [Decimal(cost) / net if known and net > 0 else None for net, cost, known in pairs],
        "share": [_share(part, whole) for part in dishes["revenue"]],
    }
    return dishes.assign(**{name: pd.Series(cells, dishes.index, dtype=object) for name, cells in columns.items()})


def without_cost(dishes: pd.DataFrame) -> pd.DataFrame:
    """Return the dishes that brought money and whose cost is not known for all of it, the most of it first.

    ``uncosted`` is the revenue without a cost, VAT included.
    """
    gaps = [_gap(*cells) for cells in zip(dishes["revenue"], dishes["costed_revenue"], strict=True)]
    found = dishes.assign(uncosted=pd.Series(gaps, dishes.index, dtype=object))
    return found[[gap is not None and gap > 0 for gap in gaps]].sort_values("uncosted", ascending=False, kind="stable")


def _gap(revenue: Any, costed: Any) -> Decimal | None:
    if pd.isna(revenue):
        return None
    return Decimal(revenue) - (Decimal(0) if pd.isna(costed) else Decimal(costed))


def _share(part: Any, whole: Any) -> float | None:
    return float(part) / float(whole) if not pd.isna(part) and whole else None
