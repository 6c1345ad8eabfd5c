"""Bars by name: a ranking against its comparison period, and the movers up and down."""

from typing import Literal

import pandas as pd

from mozg.charts.figure import Figure, Properties, bar
from mozg.charts.style import BAD, BEFORE, GOOD, INK, MUTED, NOW, blank, escape, hang, label
from mozg.charts.units import Unit, change, floats, percent

_ROW = 34
_OTHERS = "\u0000others"


def ranked_bars(
    frame: pd.DataFrame,
    name: str,
    value: str,
    before: str | None = None,
    *,
    title: str,
    unit: Unit | None = None,
    top: int = 15,
    additive: bool = False,
) -> Figure:
    """Rank the rows of `frame` by `value`, largest on top, with the value and its change from `before`.

    One row per `name`. A thin grey bar below shows `before`. Beyond `top` rows the rest becomes one bar
    "Others (n)" when the values are `additive` (revenue is, an average check is not), else it is left out
    and the figure says so. Rows without a value are left out: a missing value has no rank.
    """
    unit = unit or Unit()
    rows = _ranked(frame, name, value, before)
    if rows.empty:
        return blank(title, unit)
    shown = _cut(rows, top, additive)
    names = [_name(row, len(rows) - top, unit) for row in shown["name"]]
    figure = Figure(_bar(shown, names, [NOW if n != _OTHERS else MUTED for n in shown["name"]], unit))
    if before:
        figure.add_traces(_bar_before(shown, unit))
    _write_values(figure, [_value_and_change(now, then, unit) for now, then in _pairs(shown)])
    note = (
        unit.said.say("The first {shown} of {all}", shown=top, all=len(rows))
        if len(rows) > len(shown) and not additive
        else ""
    )
    return _lay(figure, names, title, unit, note=note)


def movers(
    frame: pd.DataFrame, name: str, delta: str, *, title: str, unit: Unit | None = None, top: int = 8,
    better: Literal["up", "down"] = "up",
) -> Figure:  # fmt: skip
    """Show the `top` largest rises and the `top` largest falls of `delta`, from the best rise to the worst fall.

    One row per `name`; `delta` is a difference in `unit`. What is `better` is blue, what is worse vermilion; rises
    have a plus, falls a minus. Rows that did not move, or whose change is unknown, are left out.
    """
    unit = unit or Unit()
    rows = _ranked(frame, name, delta, None)
    moved = rows[rows["value"] != 0]
    if moved.empty:
        return blank(title, unit)
    up, down = moved[moved["value"] > 0].head(top), moved[moved["value"] < 0].tail(top)
    shown = pd.concat([up, down])
    names = [str(row) for row in shown["name"]]
    colors = [GOOD if (v > 0) == (better == "up") else BAD for v in shown["value"]]
    figure = Figure(_bar(shown, names, colors, unit))
    _write_values(figure, [("+" if v > 0 else "") + unit.compact(v) for v in shown["value"]])
    figure.add_vline(x=0, line={"color": MUTED, "width": 1})
    return _lay(figure, names, title, unit)


def _ranked(frame: pd.DataFrame, name: str, value: str, before: str | None) -> pd.DataFrame:
    """Columns name, value, before (floats, NaN where missing), largest value first."""
    if frame.empty:
        return pd.DataFrame({"name": [], "value": [], "before": []})
    then = floats(frame[before]) if before else [None] * len(frame)
    rows = pd.DataFrame({"name": list(frame[name]), "value": floats(frame[value]), "before": then})
    rows = rows.astype({"value": float, "before": float}).dropna(subset="value")
    return rows.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)


def _cut(rows: pd.DataFrame, top: int, additive: bool) -> pd.DataFrame:
    rest = rows.iloc[top:]
    if rest.empty or not additive:
        return rows.head(top)
    sums = rest[["value", "before"]].sum(min_count=1)
    return pd.concat([rows.head(top), pd.DataFrame([{"name": _OTHERS, **sums}])], ignore_index=True)


def _name(raw: object, rest: int, unit: Unit) -> str:
    return unit.said.say("Others ({n})", n=rest) if raw == _OTHERS else str(raw)


def _pairs(rows: pd.DataFrame) -> list[tuple[float, float | None]]:
    return [(now, None if pd.isna(then) else then) for now, then in zip(rows["value"], rows["before"], strict=True)]


def _bar(rows: pd.DataFrame, names: list[str], colors: list[str], unit: Unit) -> Properties:
    return bar(
        x=list(rows["value"]),
        y=list(range(len(rows))),
        orientation="h",
        width=0.56,
        marker={"color": colors},
        name=unit.said.say("This period"),
        customdata=[escape(name) for name in names],
        hovertemplate=f"%{{customdata}}<br>{unit.hover('x')}<extra></extra>",
    )


def _bar_before(rows: pd.DataFrame, unit: Unit) -> Properties:
    return bar(
        x=floats(rows["before"]),
        y=list(range(len(rows))),
        orientation="h",
        width=0.16,
        offset=0.28,
        marker={"color": BEFORE},
        name=unit.said.say("Comparison"),
        hovertemplate=f"{unit.hover('x')}<extra>{unit.said.say('Comparison')}</extra>",
    )


def _value_and_change(now: float, then: float | None, unit: Unit) -> str:
    ratio = change(now, then)
    return unit.compact(now) + (f"  {percent(ratio, unit.locale, signed=True)}" if ratio is not None else "")


def _write_values(figure: Figure, texts: list[str]) -> None:
    """Write the numbers as a column at the right edge, in a margin of fixed width: never cut on a phone."""
    at = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "showarrow": False, "align": "left"}
    font = {"size": 12, "color": INK}
    figure.update_layout(annotations=[at | {"y": i, "text": text, "font": font} for i, text in enumerate(texts)])


def _lay(figure: Figure, names: list[str], title: str, unit: Unit, *, note: str = "") -> Figure:
    texts = [written["text"] for written in figure.layout["annotations"]]
    values = [f"{name} {text}" for name, text in zip(names, texts, strict=True)]
    spoken = unit.said.say("Bar chart of {n}: {list}.", n=len(names), list="; ".join(values))
    alt = f"{spoken} {note}".strip()
    legend = figure.names() if len(figure.data) > 1 else []
    hang(figure, title, alt, unit, legend=legend, room=100, body=_ROW * len(names) + 8)
    figure.update_layout(margin={"r": 14 + 7 * max(map(len, texts)), "b": 36 if note else 12})
    at = list(range(len(names)))
    figure.update_yaxes(tickvals=at, ticktext=[label(name, 18) for name in names], range=[len(names) - 0.5, -0.5])
    figure.update_yaxes(showgrid=False, tickfont={"color": INK}, ticklabelstandoff=6)
    figure.update_xaxes(showticklabels=False, showgrid=False)
    if note:
        where = {"x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "top", "yshift": -6}
        figure.add_annotation(text=note, showarrow=False, font={"size": 12, "color": MUTED}, **where)
    return figure
