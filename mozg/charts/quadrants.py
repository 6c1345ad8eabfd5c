"""Four fields: things that stand out by two numbers, each against its own border."""

import pandas as pd

from mozg.charts.figure import Figure, Properties, scatter
from mozg.charts.style import BAD, GOOD, INK, MUTED, blank, columns, ellipsis, escape, hang
from mozg.charts.units import Unit, percent

Fields = tuple[str, str, str, str]
Box = tuple[float, float, float, float]
#: The plot on a phone, in pixels: labels that do not overlap there overlap nowhere.
_WIDTH, _HEIGHT = 300, 340
_LETTER, _LINE = 6.6, 15
_MOST = 12
_LONGEST = 18
#: The names of the fields: their size, and the paper that a border behind them shines through.
_FIELD, _VEIL = 12, "rgba(255,255,255,0.85)"
_BOLD = 8.2
#: Where the name of a point may stand, the best place first.
_SIDES = {
    "right of": {"xanchor": "left", "xshift": 7},
    "left of": {"xanchor": "right", "xshift": -7},
    "above": {"xanchor": "center", "yanchor": "bottom", "yshift": 6},
    "below": {"xanchor": "center", "yanchor": "top", "yshift": -6},
}


def quadrants(
    frame: pd.DataFrame, name: str, x: str, y: str, *, title: str, unit: Unit, axes: tuple[str, str],
    fields: Fields,
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
        text, font = f"<b>{escape(at)}</b>", {"color": MUTED, "size": _FIELD}
        figure.add_annotation(text=text, font=font, bgcolor=_VEIL, borderpad=1, showarrow=False, **where)
    for label in _labels(rows, reach, fields):
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


def _labels(rows: pd.DataFrame, reach: tuple[float, float], fields: Fields) -> list[dict[str, object]]:
    """Give the labels that have room, those of the farthest points first."""
    scale = _WIDTH / reach[0], _HEIGHT / reach[1]
    points = [(x * scale[0], y * scale[1]) for x, y in zip(rows["x"], rows["y"], strict=True)]
    taken = [(px - 6, py - 6, px + 6, py + 6) for px, py in points]
    taken += _corners(fields)
    far = (rows["x"] - 1) ** 2 + (rows["y"] - 1) ** 2
    order = list(far.sort_values(ascending=False, kind="stable").index)
    labels: dict[int, dict[str, object]] = {}
    # First those that cross no border; the farthest points whose names have to cross one still get room.
    for borders, most in ((_borders(scale), _MOST - 4), ([], _MOST)):
        for at in order:
            text = ellipsis(rows["name"][at], _LONGEST)
            boxes = {side: _box(points[at], columns(text) * _LETTER, side) for side in _SIDES}
            side = next((side for side, box in boxes.items() if _has_room(box, [*taken, *borders])), None)
            if side is not None and at not in labels and len(labels) < most:
                taken.append(boxes[side])
                labels[at] = _label(rows["x"][at], rows["y"][at], text, side)
    return list(labels.values())


def _borders(scale: tuple[float, float]) -> list[Box]:
    """Where the two borders lie: a name that crosses one seems to stand in both fields."""
    return [(scale[0] - 2, 0, scale[0] + 2, _HEIGHT), (0, scale[1] - 2, _WIDTH, scale[1] + 2)]


def _corners(fields: Fields) -> list[Box]:
    """Where the names of the fields stand."""
    widths = [columns(name) * _BOLD + 8 for name in fields]
    lefts = [_WIDTH - widths[0], 0, _WIDTH - widths[2], 0]
    bottoms = [_HEIGHT - 18, _HEIGHT - 18, 0, 0]
    return [(x, y, x + width, y + 18) for x, y, width in zip(lefts, bottoms, widths, strict=True)]


def _has_room(box: Box, taken: list[Box]) -> bool:
    return (
        box[0] >= 0
        and box[1] >= 0
        and box[2] <= _WIDTH
        and box[3] <= _HEIGHT
        and not any(_overlap(box, one) for one in taken)
    )


def _label(x: float, y: float, text: str, side: str) -> dict[str, object]:
    """Write a name beside its point, on paper that keeps a border behind it apart from the letters."""
    return {"x": x, "y": y, "text": escape(text), **_SIDES[side], "showarrow": False, "bgcolor": _VEIL, "borderpad": 0,
            "font": {"size": 11, "color": INK}}  # fmt: skip


def _box(point: tuple[float, float], width: float, side: str) -> Box:
    left = {"right of": point[0] + 7, "left of": point[0] - 7 - width}.get(side, point[0] - width / 2)
    bottom = {"above": point[1] + 7, "below": point[1] - 7 - _LINE}.get(side, point[1] - _LINE / 2)
    return left, bottom, left + width, bottom + _LINE


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _alt(rows: pd.DataFrame, fields: Fields, unit: Unit) -> str:
    right, above = rows["x"] >= 1, rows["y"] >= 1
    counts = [int(part.sum()) for part in (right & above, ~right & above, right & ~above, ~right & ~above)]
    listed = "; ".join(f"{name}: {count}" for name, count in zip(fields, counts, strict=True))
    return unit.said.say("Four fields with {n} points: {list}.", n=len(rows), list=listed)
