"""From the targets of an owner to a plan by day.

A month is spread over its days by weekday, for a Friday is not a Monday: a day gets its share of what such weekdays
brought on average in the same weeks a year before, or in the last 364 days where there was no year before. Weekdays
on which the venue sold nothing then are planned to be closed. Without any history all days get the same.

Shares are rounded so that the days sum up to the target to the cent, and checks and guests stay whole.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from mozg.access.organizations import Organization
from mozg.access.venues import find_venue
from mozg.analysis.calendar import per_weekday
from mozg.analysis.change import number
from mozg.lake.reader import Lake, has_lake, open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import Period, query
from mozg.metrics.periods import DAY, YEAR_OF_WEEKS
from mozg.model import PLANNED, Budget, PlannedMetric, Target
from mozg.store.budgets import replace_budgets
from mozg.store.database import transaction

Weights = Mapping[int, float]
UNITS: dict[PlannedMetric, Decimal] = {"revenue": Decimal("0.01"), "checks": Decimal(1), "guests": Decimal(1)}


@dataclass(frozen=True)
class Planned:
    """What entering a plan did: venue-days that are planned now, and how many of the record's rows changed."""

    days: int
    changed: int


def enter_plan(organization: Organization, targets: Sequence[Target]) -> Planned:
    """Put a plan into the record and the lake, in place of what was planned for its days.

    Raises:
        AccessError: a target names a venue that the organisation does not have; nothing was stored.
        LakeError: the lake cannot be read or written.
    """
    history = _history(organization, targets)
    venues = {name: find_venue(organization, name).id for name in dict.fromkeys(target.venue for target in targets)}
    budgets = [
        Budget(venues[target.venue], day, target.metric, amount)
        for target in targets
        for day, amount in spread(target, weights(history, target))
    ]
    with transaction(organization.id) as connection:
        changed = replace_budgets(connection, organization.id, budgets)
    refresh(organization)
    return Planned(len({(budget.venue_id, budget.business_date) for budget in budgets}), changed)


def last_year_grown(lake: Lake, year: int, growth: Decimal) -> list[Target]:
    """Return targets for each venue and month of ``year``: what that month brought a year before, ``growth`` added.

    ``growth`` is a ratio, 0.05 for 5 %. Months in which a venue sold nothing the year before get no target.
    """
    before = Period(date(year - 1, 1, 1), date(year - 1, 12, 31))
    months = query(lake, list(UNITS), ["venue", "month"], during=before)
    return [
        Target(row["venue"], *_month(year, row["month"].month), metric, grown.quantize(UNITS[metric], ROUND_HALF_UP))
        for row in months.to_dict("records")
        for metric in PLANNED
        if (grown := Decimal(number(row[metric]) or 0) * (1 + growth)) > 0
    ]


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def spread(target: Target, weights: Weights) -> Iterator[tuple[date, Decimal]]:
    """Yield each day of a target with its part, by the ``weights`` of weekdays (Monday 1 … Sunday 7).

    A weekday without a weight gets nothing, unless none of the target's days has one: then all get the same.
    """
    days = [target.first + number * DAY for number in range((target.last - target.first).days + 1)]
    shares = [Decimal(repr(weights.get(day.isoweekday(), 0.0))) for day in days]
    if not sum(shares):
        shares = [Decimal(1)] * len(days)
    yield from zip(days, _rounded(target.amount, shares, UNITS[target.metric]), strict=True)


def _rounded(amount: Decimal, shares: Sequence[Decimal], unit: Decimal) -> Iterator[Decimal]:
    """Yield the parts of an amount, each the difference of two rounded sums, so that they sum up to it."""
    whole, so_far, before = sum(shares), Decimal(0), Decimal(0)
    for share in shares:
        so_far += share
        until = (amount * so_far / whole).quantize(unit, ROUND_HALF_UP)
        yield until - before
        before = until


def weights(history: pd.DataFrame, target: Target) -> Weights:
    """Return the average of each weekday for the target's venue: in the same weeks a year before, or lately.

    ``history`` has columns ``venue``, ``business_date`` and a column for each metric.
    """
    of_venue = history[history["venue"] == target.venue]
    year_before = Period(target.first, target.last).back(YEAR_OF_WEEKS)
    lately = Period(target.first - YEAR_OF_WEEKS, target.first - DAY)
    return _averages(of_venue, target, year_before) or _averages(of_venue, target, lately)


def _averages(of_venue: pd.DataFrame, target: Target, period: Period) -> Weights:
    daily = of_venue[of_venue["business_date"].between(period.first, period.last)]
    if daily.empty:
        return {}
    known = Period(daily["business_date"].min(), period.last)
    averages = per_weekday(daily, target.metric, known, None).dropna(subset=target.metric)
    return {int(day): max(float(mean), 0.0) for day, mean in averages.itertuples(index=False)}


def _history(organization: Organization, targets: Sequence[Target]) -> pd.DataFrame:
    """Return what every venue brought on each day that a target may be spread by."""
    columns = ["venue", "business_date", *UNITS]
    if not targets or not has_lake(organization):
        return pd.DataFrame(columns=columns)
    span = Period(min(target.first for target in targets) - YEAR_OF_WEEKS, max(target.last for target in targets))
    return query(open_lake(organization), list(UNITS), ["venue", "business_date"], during=span)
