"""Plotly figures in one house style: data frames in, figures as plotly.js reads them out.

Every function takes a `title` (the answer in words, given by the caller) and a `Unit` (currency or noun,
and the reader's language), draws missing values as gaps, answers an empty frame with a figure that says
"No data for this period", and puts a text for screen readers into ``layout.meta["alt"]``.
"""

from mozg.charts.bars import movers, ranked_bars
from mozg.charts.figure import Figure
from mozg.charts.heat import heat_map
from mozg.charts.lines import compared_lines, forecast_band
from mozg.charts.quadrants import quadrants
from mozg.charts.shares import stacked_share
from mozg.charts.spark import sparkline
from mozg.charts.style import TEMPLATE
from mozg.charts.units import Unit, change, percent

__all__ = [
    "TEMPLATE",
    "Figure",
    "Unit",
    "change",
    "compared_lines",
    "forecast_band",
    "heat_map",
    "movers",
    "percent",
    "quadrants",
    "ranked_bars",
    "sparkline",
    "stacked_share",
]
