"""What several reports show alike: totals, a metric by day, a table of parts, a figure of parts."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from mozg.analysis.change import BEFORE, Change, changes
from mozg.charts import compared_lines
from mozg.metrics import METRICS, Period
from mozg.pages.blocks import Block, figure
from mozg.pages.context import Context
from mozg.pages.holidays import holidays_of
from mozg.pages.tables import Column, metric_columns, table, with_changes
from mozg.pages.tiles import tiles

MOST_ROWS = 20
DAY = Column("business_date", "Day", "date")


def totals(context: Context, names: Sequence[str]) -> dict[str, Change]:
    """Return the change of each metric over the whole period."""
    return changes(context.ask(names), names)


def known_tiles(context: Context, names: Sequence[str], found: dict[str, Change]) -> Block:
    """Return tiles of the metrics that are known, each with the line of its days."""
    days = context.ask(names, ("business_date",))
    return tiles([(found[name], list(days[name])) for name in names if found[name].now is not None], context.write)


def largest_first(frame: pd.DataFrame, by: str, value: str) -> pd.DataFrame:
    """Return the rows that have a name, the largest ``value`` first."""
    return frame.dropna(subset=[by]).sort_values(value, ascending=False, kind="stable", na_position="last")


def parts_table(
    context: Context, name: str, title: str, frame: pd.DataFrame, first: Column, metrics: Sequence[str]
) -> Block:
    """Return a table with a row per part and, compared, the relative change of each metric."""
    compared = metrics[0] + BEFORE in frame
    columns = [first, *metric_columns(metrics, compared=compared)]
    rows = with_changes(frame, metrics)
    return table(name, title, rows, columns, context.write, shown=rows.head(MOST_ROWS))


def by_date(
    context: Context,
    frame: pd.DataFrame,
    metric: str,
    title: str,
    *,
    x: str = "business_date",
    before: str | None = None,
    names: tuple[str, str] | None = None,
    during: Period | None = None,
) -> Block:
    """Return the line of a metric by day, week or month, beside the column ``before``."""
    unit = context.write.unit(METRICS[metric].unit)
    marked: dict[date, str] = {}
    if x == "business_date":
        marked = holidays_of(context.owner.country, during or context.during, context.write.language)
    drawn = compared_lines(
        frame, x, metric, before, title=title, unit=unit, names=names or context.now_and_before, holidays=marked
    )
    return figure(drawn)


def venue_column(context: Context) -> Column:
    """Return the column of venues; each leads to the sales of that venue alone."""
    alone = context.link("sales", each={"venues": "venue"}) if len(context.venues) > 1 else None
    return Column("venue", "Venue", "text", link=alone)
