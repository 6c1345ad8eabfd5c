"""Which days a restaurant is open, as its own past tells."""

from datetime import timedelta

import pandas as pd

RHYTHM = timedelta(weeks=8)
LONGEST_SILENCE = timedelta(weeks=4)


def open_days(history: pd.Series, horizon: int, origin: pd.Timestamp | None = None) -> pd.DatetimeIndex:
    """The `horizon` calendar days after `origin` (default: the last day of `history`), less closed weekdays.

    A weekday is closed when it does not occur at all in the last eight weeks of `history` (indexed by day,
    ascending, one entry per open day). A history shorter than eight weeks closes nothing. A closed weekday
    gets no forecast: no row, rather than a row with zero.
    """
    last = history.index[-1]
    start = last if origin is None else origin
    days = pd.date_range(start + timedelta(days=1), periods=horizon)
    if last - history.index[0] < RHYTHM:
        return days
    recent = history.index[history.index > last - RHYTHM]
    return days[days.dayofweek.isin(recent.dayofweek)]
