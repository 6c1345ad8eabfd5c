"""Forecasts that were made, kept so that what came can be held against them."""

import pandas as pd
from sqlalchemy import Connection, delete, insert, tuple_

from mozg.store.tables import Forecast

KEY = ["venue_id", "metric", "made_on"]
COLUMNS = [*KEY, "business_date", "yhat", "lo80", "hi80", "model", "wape"]


def save_forecasts(connection: Connection, organization_id: int, frame: pd.DataFrame) -> int:
    """Store forecast days and return how many.

    ``frame`` has ``venue_id, metric, made_on, business_date, yhat, lo80, hi80, model, wape``; an unknown ``wape`` is
    None. What was forecast before for the same venue, metric and day of making is replaced.
    """
    values = frame[COLUMNS].itertuples(index=False, name=None)
    rows = [{"organization_id": organization_id, **dict(zip(COLUMNS, row, strict=True))} for row in values]
    if rows:
        made = [tuple(key) for key in frame[KEY].drop_duplicates().itertuples(index=False)]
        same = tuple_(Forecast.venue_id, Forecast.metric, Forecast.made_on).in_(made)
        connection.execute(delete(Forecast).where(same))
        connection.execute(insert(Forecast), rows)
    return len(rows)
