"""Fact beside plan: what is ahead or behind, and where a month will end.

A completion is the fact of the days that have a plan ÷ the plan of the days that are over; days without a plan, and
days to come, are in neither. The end of a month is expected as its fact so far and the rest of the plan, the latter
by the completion so far: a plan that knows its weekdays already tells how much the rest weighs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from mozg.analysis.change import number

CENT = Decimal("0.01")


@dataclass(frozen=True)
class PlanFact:
    """Sums over days that are over and have a plan: ``fact`` and ``plan``; ``days`` counts these days of venues.

    ``unplanned`` is the fact of days without a plan, ``ahead`` the plan of days to come.
    """

    fact: Decimal
    plan: Decimal
    days: int
    unplanned: Decimal
    ahead: Decimal

    @property
    def completion(self) -> float | None:
        """Fact ÷ plan, or None without a plan."""
        return float(self.fact) / float(self.plan) if self.plan else None

    @property
    def deviation(self) -> Decimal:
        """Fact − plan."""
        return self.fact - self.plan

    @property
    def expected(self) -> Decimal | None:
        """What all days, those to come included, are expected to bring; None without a plan."""
        if not self.plan:
            return None
        return self.fact + self.unplanned + (self.ahead * self.fact / self.plan).quantize(CENT)


def plan_fact(days: pd.DataFrame, metric: str, until: date) -> PlanFact:
    """Sum a metric and its plan; ``days`` are rows of venues and days with ``<metric>`` and ``<metric>_before``.

    Days after ``until`` are to come. A day with a plan and without sales counts as nothing sold.
    """
    sums = {"fact": Decimal(0), "plan": Decimal(0), "unplanned": Decimal(0), "ahead": Decimal(0)}
    counted = 0
    for row in days.to_dict("records"):
        now, plan = _exact(row, metric), _exact(row, f"{metric}_before")
        if row["business_date"] > until:
            sums["ahead"] += plan or 0
        elif plan is None:
            sums["unplanned"] += now or 0
        else:
            sums["fact"] += now or 0
            sums["plan"] += plan
            counted += 1
    return PlanFact(days=counted, **sums)


def with_deviation(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return ``frame`` with ``deviation`` = fact − plan and ``completion`` = fact ÷ plan, missing without a plan."""
    pairs = [(_exact(row, metric), _exact(row, f"{metric}_before")) for row in frame.to_dict("records")]
    deviations = [None if plan is None else (now or Decimal(0)) - plan for now, plan in pairs]
    completions = [None if not plan else float(now or 0) / float(plan) for now, plan in pairs]
    return frame.assign(
        deviation=pd.Series(deviations, dtype=object, index=frame.index),
        completion=pd.Series(completions, dtype=float, index=frame.index),
    )


def planned_days(days: pd.DataFrame, parts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return ``days``, a row per ``business_date``, with ``planned`` (the fact of venues that had a plan on the day),
    ``deviation`` and ``completion``; ``parts`` are rows of venues and days as `plan_fact` takes them.

    A venue without a plan would else make every day look as if it had reached it.
    """
    found = {day: plan_fact(parts[parts["business_date"] == day], metric, day) for day in set(parts["business_date"])}
    known = [found.get(day) for day in days["business_date"]]
    known = [one if one and one.days else None for one in known]
    return days.assign(
        planned=pd.Series([one and one.fact for one in known], dtype=object, index=days.index),
        deviation=pd.Series([one and one.deviation for one in known], dtype=object, index=days.index),
        completion=pd.Series([one and one.completion for one in known], dtype=float, index=days.index),
    )


def _exact(row: Mapping[Any, Any], name: str) -> Decimal | None:
    known = number(row[name])
    return None if known is None else Decimal(str(known))
