"""Hour by weekday: when a restaurant is full."""

import pandas as pd

from mozg.charts.figure import Figure, Properties, heatmap
from mozg.charts.style import INK, SCALE, blank, hang
from mozg.charts.units import Unit, column, floats
from mozg.charts.words import weekdays

_ROW = 36


def heat_map(
    frame: pd.DataFrame,
    x: str = "hour",
    y: str = "weekday",
    value: str = "revenue",
    *,
    title: str,
    unit: Unit | None = None,
    day_start: int = 6,
) -> Figure:
    """Colour `value` by local hour (0–23, column `x`) and ISO weekday (Monday 1 … Sunday 7, column `y`).

    At most one row per pair. The weekday is that of the business date, so hours before `day_start` stand at
    the right end, after midnight. A pair without a row is left white: closed, not zero. Hours outside the
    first and the last one with a value are not drawn.
    """
    unit = unit or Unit()
    known = frame.assign(**{value: pd.Series(column(frame, value), index=frame.index, dtype=float)}).dropna(
        subset=value
    )
    if known.empty:
        return blank(title, unit)
    order = _hours(known[x].astype(int), day_start)
    grid = known.astype({x: int, y: int, value: float}).pivot_table(index=y, columns=x, values=value, aggfunc="sum")
    grid = grid.reindex(index=range(1, 8), columns=order)
    figure = Figure(_cells(grid, unit))
    figure.update_xaxes(type="category", showgrid=False, nticks=12, ticks="")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", tickfont={"color": INK})
    return hang(figure, title, _alt(grid, unit), unit, body=_ROW * 7)


def _hours(hours: pd.Series, day_start: int) -> list[int]:
    """Hours of the business day in order, from the first to the last that occurs."""
    since = (hours - day_start) % 24
    return [(hour + day_start) % 24 for hour in range(since.min(), since.max() + 1)]


def _cells(grid: pd.DataFrame, unit: Unit) -> Properties:
    low, high = min(0.0, float(grid.min().min())), float(grid.max().max())
    bar = {"thickness": 10, "outlinewidth": 0, "tickvals": [low, high], "len": 1, "xpad": 6}
    return heatmap(
        x=[f"{hour:02d}" for hour in grid.columns],
        y=weekdays(unit.locale),
        z=[floats(row) for row in grid.to_numpy()],
        zmin=low,
        zmax=high if high > low else low + 1,
        colorscale=[[i / (len(SCALE) - 1), color] for i, color in enumerate(SCALE)],
        xgap=2,
        ygap=2,
        hoverongaps=False,
        colorbar={**bar, "ticktext": [unit.compact(low), unit.compact(high)]},
        hovertemplate=f"%{{y}} %{{x}}:00<br>{unit.hover('z')}<extra></extra>",
    )


def _alt(grid: pd.DataFrame, unit: Unit) -> str:
    cells = [
        (v, day, hour) for hour in grid for day, v in zip(grid.index, floats(grid[hour]), strict=True) if v is not None
    ]
    low, (high, day, hour) = min(cells)[0], max(cells)
    return unit.said.say(
        "Heat map of hours and weekdays; lowest {low}, highest {high} ({where}).",
        low=unit.full(low),
        high=unit.full(high),
        where=f"{weekdays(unit.locale)[day - 1]} {hour:02d}:00",
    )
