"""Sparklines: a word-sized line beside a headline number (Tufte 2006, "Beautiful Evidence")."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from mozg.charts.style import NOW
from mozg.charts.units import floats

_PAD = 4.0


def sparkline(values: Iterable[object], *, alt: str = "", width: int = 120, height: int = 30, color: str = NOW) -> str:
    """Draw `values` in order as inline SVG that prints and mails; missing values are gaps, the last one a dot.

    `alt` is what a screen reader says; without it the picture is hidden from screen readers as decoration.
    The line is scaled to its own range. Without any value the SVG is empty but keeps its size.
    """
    series = floats(values)
    points = _points(series, width, height)
    drawn = "".join(_stroke([p for _, p in run], color) for ok, run in _runs(points) if ok)
    known = [point for point in points if point]
    dot = f'<circle cx="{known[-1][0]}" cy="{known[-1][1]}" r="2.5" fill="{color}"/>' if known else ""
    spoken = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {spoken}>{drawn}{dot}</svg>'


Point = tuple[float, float] | None


def _points(series: list[float | None], width: int, height: int) -> list[Point]:
    known = [value for value in series if value is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    step = (width - 2 * _PAD) / max(len(series) - 1, 1)

    def place(i: int, value: float) -> tuple[float, float]:
        rise = (value - low) / span if span else 0.5
        return round(_PAD + i * step, 1), round(height - _PAD - rise * (height - 2 * _PAD), 1)

    return [None if value is None else place(i, value) for i, value in enumerate(series)]


def _runs(points: list[Point]) -> list[tuple[bool, list[tuple[bool, Point]]]]:
    marked = [(point is not None, point) for point in points]
    return [(ok, list(run)) for ok, run in groupby(marked, key=lambda pair: pair[0])]


def _stroke(run: list[Point], color: str) -> str:
    path = " ".join(f"{point[0]},{point[1]}" for point in [*run, run[-1]] if point)
    return (
        f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
