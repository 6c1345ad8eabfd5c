"""Go-lists: dishes that waiters are to offer, and how much of each waiter's revenue they are.

Share = revenue of go-list dishes ÷ revenue of all dishes; index = the waiter's share ÷ the house's; portions per 100
guests of the waiter's checks; gap = what the waiter's go-list dishes would have brought more at the target share (the
list's own, else the house's): max(0, target − share) × revenue.

Source: MOZG's *Рейтинг продаж гоу-листов* (percentage of the revenue of go-list positions); its denominator is not
published, ours is all revenue of the same person.
"""

from fractions import Fraction

import pandas as pd

from mozg.analysis.menu.exact import ZERO, exact, exacts, floats, known_sum, ratio


def rating(sellers: pd.DataFrame, target: object = None) -> pd.DataFrame:
    """Return ``sellers``, the largest share first, with ``share``, ``index``, ``per_100_guests`` and ``gap``.

    One row per waiter (or venue) with ``revenue``, ``go_revenue``, ``go_units`` and ``guests``. ``target`` is a ratio;
    without one, the house's share is the target. A number that lacks its input is missing.
    """
    revenue, listed, units, guests = (exacts(sellers[name]) for name in ("revenue", "go_revenue", "go_units", "guests"))
    shares = [ratio(part or ZERO, whole) for part, whole in zip(listed, revenue, strict=True)]
    house = ratio(known_sum(listed), known_sum(revenue))
    wanted = exact(target) or house
    found = sellers.assign(
        share=floats(shares, sellers),
        index=floats((ratio(share, house) for share in shares), sellers),
        per_100_guests=floats((ratio((sold or ZERO) * 100, n) for sold, n in zip(units, guests, strict=True)), sellers),
        gap=floats((_gap(share, wanted, whole) for share, whole in zip(shares, revenue, strict=True)), sellers),
    )
    return found.sort_values("share", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _gap(share: Fraction | None, wanted: Fraction | None, revenue: Fraction | None) -> Fraction | None:
    if share is None or wanted is None or revenue is None:
        return None
    return max(ZERO, wanted - share) * revenue
