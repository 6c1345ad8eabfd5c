"""The axis of days, with its weekends."""

from typing import Any

import pandas as pd

from mozg.charts.figure import Figure
from mozg.charts.style import WEEKEND
from mozg.charts.units import Unit
from mozg.charts.words import day_formats

DAY = pd.Timedelta(days=1)
_DAY_MS = 86_400_000
_SHADED_DAYS = 100


def date_axis(figure: Figure, days: pd.Series, unit: Unit, *, shaded: bool = True) -> None:
    """Make x a date axis: labels in the reader's language, whole days only, weekends shaded up to 100 days."""
    first, last = days.min(), days.max()
    span = (last - first).days + 1
    day, short, month = day_formats(unit.locale)
    formats = [
        {"dtickrange": [None, "M1"], "value": short},
        {"dtickrange": ["M1", "M12"], "value": month},
        {"dtickrange": ["M12", None], "value": "%Y"},
    ]
    figure.update_layout(hovermode="x unified", xaxis={"type": "date", "showgrid": False, "tickformatstops": formats})
    figure.update_xaxes(hoverformat=day, range=_half_day_around(first, last))
    if span <= 7:
        figure.update_xaxes(dtick=_DAY_MS, tick0=first.date().isoformat())
    if shaded and 1 < span <= _SHADED_DAYS:
        _shade_weekends(figure, first, last)


def _half_day_around(first: pd.Timestamp, last: pd.Timestamp) -> list[str]:
    return [(first - DAY / 2).isoformat(), (last + DAY / 2).isoformat()]


def _shade_weekends(figure: Figure, first: pd.Timestamp, last: pd.Timestamp) -> None:
    saturdays = [day for day in pd.date_range(first - DAY, last) if day.weekday() == 5]
    weekend: dict[str, Any] = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}}
    edges = [(max(day - DAY / 2, first - DAY / 2), min(day + 1.5 * DAY, last + DAY / 2)) for day in saturdays]
    figure.update_layout(
        shapes=[
            weekend | {"x0": x0.isoformat(), "x1": x1.isoformat(), "fillcolor": WEEKEND, "layer": "below"}
            for x0, x1 in edges
        ]
    )
