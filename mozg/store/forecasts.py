"""Forecasts that were made, kept so that what came can be held against them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_

from mozg.store.tables import Forecast, VenueRow

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


def newest_forecasts(
    connection: Connection, *, venues: Sequence[int] | None = None, metric: str | None = None
) -> Sequence[Row[Any]]:
    """Return the days of the forecast that was made last, of each venue and metric.

    Rows have the columns of `save_forecasts` and the venue's ``name``. Without ``venues`` every venue counts.
    """
    key = (Forecast.venue_id, Forecast.metric)
    last = select(*key, func.max(Forecast.made_on)).group_by(*key)
    columns: list[Any] = [*(getattr(Forecast, name) for name in COLUMNS), VenueRow.name]
    query = (
        select(*columns)
        .join(VenueRow, VenueRow.id == Forecast.venue_id)
        .where(tuple_(*key, Forecast.made_on).in_(last))
    )
    if venues is not None:
        query = query.where(Forecast.venue_id.in_(venues))
    if metric is not None:
        query = query.where(Forecast.metric == metric)
    return connection.execute(query).all()
