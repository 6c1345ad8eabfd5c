"""Companions: what stands on the same check as a dish or a group, more often than chance would have it.

Over N checks, with n_A and n_B those that have A and B, and n_AB those that have both (a check counts once, however
many portions it has): support = n_AB ÷ N, attach rate = n_AB ÷ n_A (and back, n_AB ÷ n_B), lift = n_AB·N ÷ (n_A·n_B).
The interval of the lift is that of its logarithm by the delta method on the four cells of the table: Var = 1/n_AB −
1/n_A − 1/n_B + (2·lift − 1)/N. A pair is told as a finding only if enough checks have it and its interval lies on one
side of 1.

Source: Agrawal, Imieliński and Swami (1993), Mining association rules; Brin et al. (1997) for the lift; attach rate
as Tenzo defines it.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from mozg.metrics.baskets import BITS, Baskets

#: Checks that must have both before anything is said.
LEAST_CHECKS = 30
CONFIDENCE = 0.95
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """What checks have: ``checks`` in all and their ``revenue`` (None: no price is known), and of each thing and pair.

    ``things`` has ``thing``, ``chosen``, ``checks`` (those that have it), ``share`` (of all checks), ``average_check``
    and ``average_without`` (revenue ÷ checks that have it, and that do not; floats). ``pairs`` is what `companions`
    takes, with ``first`` and ``second``.
    """

    checks: int
    revenue: Decimal | None
    things: pd.DataFrame
    pairs: pd.DataFrame


def counted(baskets: Baskets) -> Counted:
    """Count the checks that have each thing and each pair of them.

    A pair has as ``first`` what stands on more checks; if the page is about some things only, each of them is
    ``first`` beside everything else.
    """
    things, has = baskets.things, _bits(baskets)
    checks, money = (_whole(baskets.sets[name]) for name in ("checks", "hundredths"))
    both = np.array([checks[has[:, at]] @ has[has[:, at]] for at in range(len(things))]).reshape(2 * (len(things),))
    n, revenue, priced = int(checks.sum()), int(money.sum()), bool(baskets.sets["hundredths"].notna().any())
    alone, earned = np.diagonal(both), money @ has
    told = things.assign(
        checks=alone, share=_over(alone, n), average_check=_over(earned, 100 * alone),
        average_without=_over(revenue - earned, 100 * (n - alone)),
    )  # fmt: skip
    if not priced:
        told = told.assign(average_check=np.nan, average_without=np.nan)
    return Counted(n, Decimal(revenue) / 100 if priced else None, told, _pairs(told, both))


def _bits(baskets: Baskets) -> npt.NDArray[np.bool_]:
    """Return which set (row) has which thing (column)."""
    places = baskets.things["place"].astype(int)
    words = [baskets.sets[f"word_{place // BITS}"].to_numpy(dtype=np.int64) >> (place % BITS) & 1 for place in places]
    return np.array(words, dtype=bool).reshape(len(places), len(baskets.sets)).T


def _pairs(things: pd.DataFrame, both: Counts) -> pd.DataFrame:
    chosen, alone = things["chosen"].to_numpy(dtype=bool), np.diagonal(both)
    order = np.argsort(np.argsort(-alone, kind="stable"))
    wanted = np.less.outer(order, order) if chosen.all() else np.repeat(chosen[:, None], len(chosen), axis=1)
    first, second = np.nonzero(wanted & ~np.eye(len(chosen), dtype=bool))
    names = things["thing"].to_numpy()
    return pd.DataFrame(
        {
            "first": names[first], "second": names[second], "with_first": alone[first], "with_second": alone[second],
            "with_both": both[first, second],
        }
    )  # fmt: skip


def _whole(column: pd.Series) -> Counts:
    return column.fillna(0).to_numpy(dtype=np.int64)


def _over(part: Counts, whole: Counts | int) -> npt.NDArray[np.float64]:
    below = np.broadcast_to(np.asarray(whole, dtype=float), np.shape(part))
    return np.divide(part, below, out=np.full(np.shape(part), np.nan), where=below > 0)


def companions(
    pairs: pd.DataFrame, checks: int, *, least: int = LEAST_CHECKS, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return ``pairs`` with ``support``, ``attach``, ``attach_back``, ``lift``, ``lift_low``, ``lift_high``, ``bond``.

    ``pairs`` has one row per pair with ``with_first``, ``with_second`` and ``with_both``, numbers of checks of the
    ``checks`` in all. ``bond`` is ``together`` (the interval lies above 1), ``apart`` (below), ``chance`` (around it),
    or ``few`` below ``least`` checks with both.
    """
    if pairs.empty:
        names = ("support", "attach", "attach_back", "lift", "lift_low", "lift_high", "bond")
        return pairs.assign(**{name: pd.Series(dtype=object) for name in names})
    n, a, b = (pairs[name].astype(float) for name in ("with_both", "with_first", "with_second"))
    lift = n * checks / (a * b)
    low, high = zip(*(interval(*cells, checks, confidence) for cells in zip(n, a, b, strict=True)), strict=True)
    found = pairs.assign(support=n / checks, attach=n / a, attach_back=n / b, lift=lift, lift_low=low, lift_high=high)
    return found.assign(bond=[_bond(*cells, least) for cells in zip(n, low, high, strict=True)])


def interval(
    both: float, first: float, second: float, checks: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the interval of the lift of a pair that ``both`` of ``checks`` have; without such checks, from 0 on."""
    if both <= 0:
        return 0.0, math.inf
    lift = both * checks / (first * second)
    variance = 1 / both - 1 / first - 1 / second + (2 * lift - 1) / checks
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(max(variance, 0.0))
    return lift * math.exp(-reach), lift * math.exp(reach)


def _bond(both: float, low: float, high: float, least: int) -> str:
    if both < least:
        return "few"
    return "together" if low > 1 else "apart" if high < 1 else "chance"
