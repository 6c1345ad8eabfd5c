"""How a whole divides over time: kitchen and bar, hall and delivery."""

from collections.abc import Sequence

import pandas as pd

from mozg.charts.dates import date_axis
from mozg.charts.figure import Figure, Properties, bar
from mozg.charts.style import PALETTE, PAPER, blank, ellipsis, escape, hang
from mozg.charts.units import Unit, column, floats, percent
from mozg.charts.words import spoken_day


def stacked_share(
    frame: pd.DataFrame,
    x: str,
    parts: Sequence[str],
    *,
    title: str,
    unit: Unit | None = None,
    names: Sequence[str] | None = None,
) -> Figure:
    """Stack the share in % of each column of `parts` in their sum, by date `x`; hovering shows the amounts.

    One row per date. A row where a part is missing, or whose parts are negative or sum to nothing, has no
    shares and is a gap. More than six parts are drawn as the first five and "Others". `names` replaces the
    column names in the legend.
    """
    unit = unit or Unit()
    amounts = _amounts(frame, parts, names or parts, unit)
    whole = amounts.sum(axis=1, skipna=False).where((amounts >= 0).all(axis=1))
    shares = amounts.div(whole.where(whole > 0), axis=0) * 100
    if shares.dropna().empty:
        return blank(title, unit)
    days = pd.Series(pd.to_datetime(frame[x]).to_numpy())
    figure = Figure(*(_part(days, shares[n], amounts[n], c, unit) for n, c in zip(shares, PALETTE, strict=False)))
    figure.update_layout(barmode="stack", bargap=0.12 if len(days) <= 40 else 0)
    date_axis(figure, days, unit, shaded=False)
    figure.update_layout(legend={"traceorder": "normal"})
    at = [0, 25, 50, 75, 100]
    figure.update_yaxes(tickvals=at, ticktext=[percent(v / 100, unit.locale) for v in at], range=[0, 100])
    return hang(figure, title, _alt(days, shares, unit), unit, legend=figure.names(), body=280)


def _amounts(frame: pd.DataFrame, parts: Sequence[str], names: Sequence[str], unit: Unit) -> pd.DataFrame:
    columns = {name: column(frame, part) for part, name in zip(parts, names, strict=True)}
    amounts = pd.DataFrame(columns, dtype=float)
    if len(parts) <= len(PALETTE):
        return amounts
    kept = len(PALETTE) - 1
    rest = amounts.iloc[:, kept:].sum(axis=1, skipna=False)
    return amounts.iloc[:, :kept].assign(**{unit.said.say("Others ({n})", n=len(parts) - kept): rest})


def _part(days: pd.Series, share: pd.Series, amount: pd.Series, color: str, unit: Unit) -> Properties:
    name = escape(ellipsis(share.name, 24))
    return bar(
        x=[day.date().isoformat() for day in days],
        y=[None if value is None else round(value, 2) for value in floats(share)],
        customdata=floats(amount),
        name=name,
        marker={"color": color, "line": {"width": 1 if len(days) <= 40 else 0, "color": PAPER}},
        hovertemplate=f"%{{y:.1f}} %, {unit.hover('customdata')}<extra>{escape(share.name)}</extra>",
    )


def _alt(days: pd.Series, shares: pd.DataFrame, unit: Unit) -> str:
    known = shares.dropna()
    last = known.iloc[-1]
    spoken = "; ".join(f"{name} {percent(value / 100, unit.locale)}" for name, value in last.items())
    first, final = (spoken_day(days[i].date().isoformat(), unit.locale) for i in (known.index[0], known.index[-1]))
    return unit.said.say("Shares in % from {first} to {last}. Last: {list}.", first=first, last=final, list=spoken)
