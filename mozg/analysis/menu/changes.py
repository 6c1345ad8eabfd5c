"""What came to the menu and what left it.

A dish is new if nobody ever bought it before the period, withdrawn if it was bought before the period's last days and
not in them. A venue that opened in the period has no new dishes: everything there is new. A dish that has not sold
for a while but still comes back is rare, not withdrawn; how long is a while is a setting.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from mozg.metrics import Period

#: Days without a sale after which a dish counts as withdrawn; a venue must have traded so long for one to be new.
QUIET_DAYS = 28


def came_and_went(lives: pd.DataFrame, during: Period, quiet_days: int = QUIET_DAYS) -> pd.DataFrame:
    """Return ``lives`` with a column ``life``: ``new``, ``withdrawn``, ``both`` (a guest star) or ``stays``.

    One row per dish with the dates ``first_sold`` and ``last_sold`` of all history, ``venue_since`` (the first day of
    the oldest venue that sells it) and ``known_until`` (the last day of which there are data).
    """
    columns = ("first_sold", "last_sold", "venue_since", "known_until")
    told = [_life(row, during, timedelta(days=quiet_days)) for row in lives[list(columns)].itertuples(index=False)]
    return lives.assign(life=pd.Series(told, lives.index, dtype=object))


def _life(row: Sequence[Any], during: Period, quiet: timedelta) -> str:
    first, last, since, until = row
    new = during.first <= first <= during.last and first - since >= quiet
    gone = min(until, during.last) - last >= quiet
    return "both" if new and gone else "new" if new else "withdrawn" if gone else "stays"
