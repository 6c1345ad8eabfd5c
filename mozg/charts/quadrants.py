"""Four fields: things that stand out by two numbers, each against its own border."""

import pandas as pd

from mozg.charts.figure import Figure, Properties, scatter
from mozg.charts.style import BAD, GOOD, INK, MUTED, blank, columns, ellipsis, escape, hang
from mozg.charts.units import Unit, percent

#: The plot on a phone, in pixels: labels that do not overlap there overlap nowhere.
_WIDTH, _HEIGHT = 300, 340
_LETTER, _LINE = 6.6, 15
_MOST = 12
_LONGEST = 18


def quadrants(
    frame: pd.DataFrame, name: str, x: str, y: str, *, title: str, unit: Unit, axes: tuple[str, str],
    fields: tuple[str, str, str, str],
) -> Figure:  # fmt: skip
    """Draw each row of `frame` as a point by two ratios to its borders: at 1 it lies on the border.

    `axes` say what `x` and `y` are ratios of; `fields` name the four fields: above and right, above and left, below
    and right, below and left. Names stand beside as many points as have room, those first that lie farthest out;
    the pointer tells the others. Rows that lack a ratio are left out.
    """
    rows = frame.assign(x=frame[x].astype(float), y=frame[y].astype(float), name=frame[name].astype(str))
    rows = rows.dropna(subset=["x", "y"]).reset_index(drop=True)
    if rows.empty:
        return blank(title, unit)
    reach = _reach(rows["x"]), _reach(rows["y"])
    figure = Figure(_points(rows, axes, unit))
    for at, where in zip(fields, _CORNERS, strict=True):
        figure.add_annotation(text=f"<b>{escape(at)}</b>", font={"color": MUTED, "size": 12}, showarrow=False, **where)
    for label in _labels(rows, reach):
        figure.add_annotation(**label)
    figure.add_hline(y=1, line={"color": MUTED, "width": 1, "dash": "dot"})
    figure.add_vline(x=1, line={"color": MUTED, "width": 1, "dash": "dot"})
    figure.update_xaxes(**_axis(axes[0], reach[0], unit))
    figure.update_yaxes(**_axis(axes[1], reach[1], unit))
    return hang(figure, title, _alt(rows, fields, unit), unit, body=_HEIGHT)


_CORNERS = (
    {"x": 1, "xref": "paper", "xanchor": "right", "y": 1, "yref": "paper", "yanchor": "top"},
    {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 4, "y": 1, "yref": "paper", "yanchor": "top"},
    {"x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "bottom"},
    {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 4, "y": 0, "yref": "paper", "yanchor": "bottom"},
)


def _reach(values: pd.Series) -> float:
    return max(float(values.max()) * 1.12, 1.6)


def _axis(text: str, end: float, unit: Unit) -> dict[str, object]:
    at = _ticks(end)
    title = {"text": escape(text), "font": {"size": 12, "color": MUTED}}
    return {"range": [0, end], "title": title, "tickvals": at, "ticktext": [percent(one, unit.locale) for one in at]}


def _ticks(end: float) -> list[float]:
    step = 0.5 if end < 3 else 1.0 if end < 6 else 2.0
    return [step * at for at in range(int(end / step) + 1)]


def _points(rows: pd.DataFrame, axes: tuple[str, str], unit: Unit) -> Properties:
    one, two = (escape(axis) for axis in axes)
    told = [
        f"{escape(name)}<br>{one}: {percent(x, unit.locale)}<br>{two}: {percent(y, unit.locale)}"
        for name, x, y in zip(rows["name"], rows["x"], rows["y"], strict=True)
    ]
    weak = (rows["x"] < 1) & (rows["y"] < 1)
    looks = {
        "size": 9, "opacity": 0.85, "color": [BAD if bad else GOOD for bad in weak],
        "symbol": ["diamond" if bad else "circle" for bad in weak],
    }  # fmt: skip
    places = {"x": list(rows["x"]), "y": list(rows["y"])}
    return scatter(**places, mode="markers", hovertext=told, hoverinfo="text", cliponaxis=False, marker=looks)


def _labels(rows: pd.DataFrame, reach: tuple[float, float]) -> list[dict[str, object]]:
    """Give the labels that have room, those of the farthest points first."""
    scale = _WIDTH / reach[0], _HEIGHT / reach[1]
    points = [(x * scale[0], y * scale[1]) for x, y in zip(rows["x"], rows["y"], strict=True)]
    taken: list[tuple[float, float, float, float]] = [(px - 6, py - 6, px + 6, py + 6) for px, py in points]
    taken += [(0, _HEIGHT - 18, 95, _HEIGHT), (_WIDTH - 95, _HEIGHT - 18, _WIDTH, _HEIGHT)]
    taken += [(0, 0, 95, 18), (_WIDTH - 95, 0, _WIDTH, 18)]
    far = (rows["x"] - 1) ** 2 + (rows["y"] - 1) ** 2
    labels: list[dict[str, object]] = []
    for at in far.sort_values(ascending=False, kind="stable").index:
        text = ellipsis(rows["name"][at], _LONGEST)
        boxes = {side: _box(points[at], columns(text) * _LETTER, side) for side in ("left", "right")}
        side = next((side for side, box in boxes.items() if _has_room(box, taken)), None)
        if side is not None and len(labels) < _MOST:
            taken.append(boxes[side])
            labels.append(_label(rows["x"][at], rows["y"][at], text, side))
    return labels


def _has_room(box: tuple[float, ...], taken: list[tuple[float, float, float, float]]) -> bool:
    return box[0] >= 0 and box[2] <= _WIDTH and not any(_overlap(box, one) for one in taken)


def _label(x: float, y: float, text: str, side: str) -> dict[str, object]:
    shift = 8 if side == "left" else -8
    return {"x": x, "y": y, "text": escape(text), "xanchor": side, "xshift": shift, "showarrow": False,
            "font": {"size": 11, "color": INK}}  # fmt: skip


def _box(point: tuple[float, float], width: float, side: str) -> tuple[float, float, float, float]:
    left = point[0] + 7 if side == "left" else point[0] - 7 - width
    return left, point[1] - _LINE / 2, left + width, point[1] + _LINE / 2


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _alt(rows: pd.DataFrame, fields: tuple[str, str, str, str], unit: Unit) -> str:
    right, above = rows["x"] >= 1, rows["y"] >= 1
    counts = [int(part.sum()) for part in (right & above, ~right & above, right & ~above, ~right & ~above)]
    listed = "; ".join(f"{name}: {count}" for name, count in zip(fields, counts, strict=True))
    return unit.said.say("Four fields with {n} points: {list}.", n=len(rows), list=listed)
