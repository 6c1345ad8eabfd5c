"""A number beside the one it is compared with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from mozg.metrics import METRICS, Metric

BEFORE = "_before"
Number = Decimal | int | float


def number(value: Any) -> Number | None:
    """Return a cell of a frame as a number; missing (None, NaN, NA) and infinite become None."""
    if value is None or pd.isna(value) or not math.isfinite(value):
        return None
    return value if isinstance(value, Decimal | int | float) else value.item()


@dataclass(frozen=True)
class Change:
    """A metric in a period (``now``) and in the one it is compared with (``before``); either may be missing."""

    metric: Metric
    now: Number | None
    before: Number | None

    @property
    def difference(self) -> Number | None:
        """``now − before`` in the metric's unit; between two shares that is a difference in points ÷ 100."""
        return None if self.now is None or self.before is None else minus(self.now, self.before)

    @property
    def points(self) -> float | None:
        """The difference between two shares in percentage points."""
        return None if self.difference is None else float(self.difference) * 100

    @property
    def ratio(self) -> float | None:
        """``now ÷ before − 1``; missing where ``before`` is missing or not above zero."""
        if self.now is None or self.before is None or self.before <= 0:
            return None
        return float(self.now) / float(self.before) - 1

    @property
    def verdict(self) -> Literal["better", "worse", "same", "unknown"]:
        """Whether the change pleases a restaurant; ``unknown`` where no direction is better or nothing is compared."""
        if self.difference is None or self.metric.better is None:
            return "unknown"
        if self.difference == 0:
            return "same"
        return "better" if (self.difference > 0) == (self.metric.better == "up") else "worse"


def minus(a: Number, b: Number) -> Number:
    """Return ``a − b``, exactly where both are Decimal or int."""
    if isinstance(a, float) or isinstance(b, float):
        return float(a) - float(b)
    return a - b


def changes(totals: pd.DataFrame, metrics: Sequence[str]) -> dict[str, Change]:
    """Return the change of each of ``metrics`` by name, from the one row of a query without dimensions."""
    row = totals.iloc[0]
    return {name: Change(METRICS[name], number(row[name]), number(row.get(name + BEFORE, None))) for name in metrics}
