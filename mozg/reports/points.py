"""The points of a forecast report, kept in the record as the report shows them."""

from datetime import date, timedelta

import pandas as pd

from mozg.access.organizations import Organization
from mozg.access.venues import venues_of
from mozg.errors import ReportError
from mozg.reports.export import read
from mozg.reports.service import RunResult
from mozg.reports.tables import Table, tables
from mozg.store.database import transaction
from mozg.store.forecasts import save_forecasts

METRIC = "revenue"


def keep_points(organization: Organization, run: RunResult) -> int:
    """Store the points of an executed revenue forecast and return how many; it counts as made the day after its data.

    Raises:
        ReportError: the notebook shows no table of points.
    """
    if run.outcome == "ok-empty":
        return 0
    shown = {table.name: table for table in tables(read(run.notebook))}
    if not {"forecast", "past_errors"} <= shown.keys():
        raise ReportError(f"{run.notebook} shows no forecast, so nothing of it can be kept.")
    made_on = date.fromisoformat(str(run.parameters["date_to"])) + timedelta(days=1)
    points = _points(organization, _frame(shown["forecast"]), _frame(shown["past_errors"]))
    with transaction(organization.id) as connection:
        return save_forecasts(connection, organization.id, points.assign(metric=METRIC, made_on=made_on))


def _points(organization: Organization, points: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    known = {venue.name: venue.id for venue in venues_of(organization)}
    served = errors[errors["served"] == "yes"].set_index("unique_id")["wape"]
    named = points.rename(columns={"ds": "business_date"})
    return named.assign(venue_id=named["unique_id"].map(known), wape=named["unique_id"].map(served))


def _frame(table: Table) -> pd.DataFrame:
    names = [column.name for column in table.columns]
    return pd.DataFrame(list(table.values()), columns=names, dtype=object)
