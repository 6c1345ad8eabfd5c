"""Lines over days: a period beside the one it is compared with, and a forecast with its band."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from mozg.charts.dates import DAY, date_axis
from mozg.charts.figure import Figure, Properties, scatter
from mozg.charts.style import BAND, BEFORE, NOW, blank, escape, hang
from mozg.charts.units import Unit, column, ticks
from mozg.charts.words import spoken_day

_MARKED_POINTS = 62


def compared_lines(
    frame: pd.DataFrame,
    x: str,
    value: str,
    before: str | None = None,
    *,
    title: str,
    unit: Unit | None = None,
    names: tuple[str, str] | None = None,
    holidays: Mapping[date, str] | None = None,
) -> Figure:
    """Draw `value` by date (strong blue) against `before` (grey) of the same rows.

    `frame` has one row per date in column `x` (dates or timestamps without zone) and numbers in `value` and
    `before`; dates that are absent, and missing values, are gaps. `before` stands on the date it is compared
    with. Weekends are shaded when at most 100 days are shown; `holidays` (date → name) are marked on the line.
    """
    unit = unit or Unit()
    rows = _evenly(_by_date(frame, x), x)
    now, then = column(rows, value), column(rows, before) if before else []
    if not _any(now + then):
        return blank(title, unit)
    named = names or (unit.said.say("This period"), unit.said.say("Comparison"))
    days, figure = _iso(rows[x]), Figure()
    if before:
        figure.add_traces(_line(days, then, named[1], unit, color=BEFORE, width=1.5))
    figure.add_traces(_line(days, now, named[0], unit, color=NOW, width=2.5))
    _mark_holidays(figure, days, now, holidays or {}, unit)
    date_axis(figure, rows[x], unit)
    _scale(figure, now + then, unit)
    return hang(figure, title, _alt(days, now, unit), unit, legend=_shown(figure))


def forecast_band(
    history: pd.DataFrame,
    forecast: pd.DataFrame,
    *,
    title: str,
    unit: Unit | None = None,
    names: tuple[str, str] | None = None,
) -> Figure:
    """Draw history (``ds, y``), the point forecast and its 80 % band (``ds, yhat, lo80, hi80``) of one series.

    Absent days of history are gaps. The band runs straight over days without a forecast (closed weekdays).
    """
    unit = unit or Unit()
    past = _evenly(_by_date(history, "ds"), "ds")
    future = _by_date(forecast, "ds")
    known, expected = column(past, "y"), column(future, "yhat")
    if not _any(known + expected):
        return blank(title, unit)
    named = names or (unit.said.say("Actual"), unit.said.say("Forecast"))
    low, high = column(future, "lo80"), column(future, "hi80")
    figure, ahead = Figure(), _iso(future["ds"])
    figure.add_traces(*_band(ahead, low, high, unit))
    figure.add_traces(_line(_iso(past["ds"]), known, named[0], unit, color=BEFORE, width=1.5))
    figure.add_traces(_line(ahead, expected, named[1], unit, color=NOW, width=2.5, digits=0))
    days = pd.concat([past["ds"], future["ds"]])
    date_axis(figure, days, unit)
    _scale(figure, known + expected + low + high, unit)
    return hang(figure, title, _alt(ahead, expected, unit), unit, legend=_shown(figure))


def _shown(figure: Figure) -> list[str]:
    """Names in the legend; a lone line needs none, its title says what it is."""
    names = figure.names()
    return names if len(names) > 1 else []


def _by_date(frame: pd.DataFrame, x: str) -> pd.DataFrame:
    if frame.empty:
        return pd.DataFrame({x: pd.Series(dtype="datetime64[us]")})
    return frame.assign(**{x: pd.to_datetime(frame[x])}).sort_values(x)


def _evenly(rows: pd.DataFrame, x: str) -> pd.DataFrame:
    """Insert the absent dates of a daily or weekly column, so that a line breaks there; leave months alone."""
    steps = rows[x].diff().dropna()
    if steps.empty or steps.min() < DAY or (steps % steps.min() != pd.Timedelta(0)).any():
        return rows
    whole = pd.date_range(rows[x].iloc[0], rows[x].iloc[-1], freq=steps.min())
    return rows.set_index(x).reindex(whole).rename_axis(x).reset_index()


def _any(values: list[float | None]) -> bool:
    return any(value is not None for value in values)


def _iso(days: pd.Series) -> list[str]:
    return [day.date().isoformat() for day in days]


def _lonely(values: list[float | None]) -> bool:
    """Tell whether a value stands between two gaps: a line alone would not show it."""
    padded = [None, *values, None]
    return any(now is not None and padded[i] is None and padded[i + 2] is None for i, now in enumerate(values))


def _line(
    days: list[str], values: list[float | None], name: str, unit: Unit, *, color: str, width: float, digits: int = 2
) -> Properties:
    marked = len(values) <= _MARKED_POINTS or _lonely(values)
    return scatter(
        x=days,
        y=values,
        name=escape(name),
        mode="lines+markers" if marked else "lines",
        line={"color": color, "width": width},
        marker={"size": width + 2, "color": color},
        connectgaps=False,
        hovertemplate=f"{unit.hover('y', digits)}<extra>{escape(name)}</extra>",
    )


def _band(days: list[str], low: list[float | None], high: list[float | None], unit: Unit) -> list[Properties]:
    edge = {"x": days, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    name = unit.said.say("80 % band")
    return [
        scatter(**edge, y=low, showlegend=False),
        scatter(**edge, y=high, name=name, fill="tonexty", fillcolor=BAND),
    ]


def _mark_holidays(
    figure: Figure, days: list[str], values: list[float | None], holidays: Mapping[date, str], unit: Unit
) -> None:
    found = [(d, v, holidays[date.fromisoformat(d)]) for d, v in zip(days, values, strict=True) if _named(d, holidays)]
    if not found:
        return
    at, height, names = zip(*found, strict=True)
    ring = {"symbol": "diamond-open", "size": 10, "color": NOW, "line": {"width": 2}}
    called = [escape(name) for name in names]
    figure.add_traces(
        scatter(
            x=list(at),
            y=list(height),
            text=called,
            mode="markers",
            marker=ring,
            name=unit.said.say("Holiday"),
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _named(day: str, holidays: Mapping[date, str]) -> bool:
    return date.fromisoformat(day) in holidays


def _scale(figure: Figure, values: list[float | None], unit: Unit) -> None:
    known = [value for value in values if value is not None]
    at = ticks(min(0.0, *known), max(0.0, *known))
    text = [unit.compact(tick) for tick in at]
    figure.update_yaxes(tickvals=at, ticktext=text, range=[at[0], at[-1]])


def _alt(days: list[str], values: list[float | None], unit: Unit) -> str:
    known = [(value, day) for value, day in zip(values, days, strict=True) if value is not None]
    if not known:
        return unit.said.say("No data for this period")
    low, high = (f"{unit.full(value)} ({spoken_day(day, unit.locale)})" for value, day in (min(known), max(known)))
    first, last = (spoken_day(day, unit.locale) for _, day in (known[0], known[-1]))
    return unit.said.count(
        "Line chart, {n} point from {first} to {last}; lowest {low}, highest {high}.",
        "Line chart, {n} points from {first} to {last}; lowest {low}, highest {high}.",
        len(known),
        first=first,
        last=last,
        low=low,
        high=high,
    )
