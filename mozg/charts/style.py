"""The house style: one Plotly template, its colours, and the frame every figure is hung in.

Colours are Okabe & Ito's (2008, "Color Universal Design"), darkened where they fell below 3:1 against
white paper (WCAG 2.2, 1.4.11), and hold apart under simulated colour blindness (a test computes both).
Good and bad are blue and vermilion and always carry a sign. The paper is white, not transparent: a
figure stays legible in a dark notebook or mail program.
"""

import html
import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from mozg.charts.figure import Figure, Properties
from mozg.charts.units import Unit

FONT = "Inter, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
PAPER = "#FFFFFF"
INK = "#1F2933"
MUTED = "#5F6B76"
GRID = "#E6EAEE"
WEEKEND = "#F1F4F7"

NOW = "#0072B2"
BEFORE = "#767676"
GOOD = NOW
BAD = "#D55E00"
BAND = "#BEDAFB"
PALETTE = (NOW, BAD, "#009E73", "#B25E92", "#6B4E00", "#2B2B2B")
# One hue, equal steps of CIELAB lightness (96 to 26): an equal step in value looks like an equal step.
SCALE = ("#EFF4FB", "#BEDAFB", "#8FC0F3", "#61A5E5", "#338BD1", "#0072B6", "#005996", "#004173")

TITLE_COLUMNS = 38
_TITLE_SIZE = 15
_TITLE_LINE = 20
#: What stands above a plot beside the lines of its title, and what is left of it without a title, in pixels.
_TITLE_TOP, _TOP = 26, 10
_LEGEND_ROW = 20
#: Between a plot and the legend above it, with the room that Plotly keeps around its entries.
_LEGEND_GAP, _LEGEND_PAD = 6, 9


def _template() -> Properties:
    axis = {
        "gridcolor": GRID,
        "linecolor": GRID,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
        "tickangle": 0,
        "tickfont": {"color": MUTED, "size": 12},
    }
    layout = {
        "font": {"family": FONT, "size": 13, "color": INK},
        "colorway": list(PALETTE),
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": BEFORE, "font": {"color": INK, "size": 13}, "align": "left"},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": 12},
        },
        "xaxis": {**axis, "ticklabelstandoff": 8},
        "yaxis": axis,
        "dragmode": False,
        "bargap": 0.3,
    }
    return {"layout": layout}


#: Plotly's template of the house; for figures of one's own: ``plotly.express.line(…, template=TEMPLATE)``.
TEMPLATE = _template()


def columns(text: str) -> int:
    """Width of `text` in columns of type: Chinese, Japanese and Korean characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def ellipsis(text: object, width: int) -> str:
    """Cut `text` to `width` columns, with an ellipsis where something was cut off."""
    whole = str(text)
    if columns(whole) <= width:
        return whole
    cut = ""
    for char in whole:
        if columns(cut + char) > width - 1:
            break
        cut += char
    return cut.rstrip() + "…"


def lines(text: object, width: int) -> list[str]:
    """Break `text` into lines of at most `width` columns: at blanks, else inside a word that is too long.

    Blanks that bind, as in *145 тыс. ₽*, are not broken at.
    """
    broken = [""]
    for piece in re.split(r"[ \t\n]+", str(text)):
        joined = f"{broken[-1]} {piece}".strip()
        if columns(joined) <= width:
            broken[-1] = joined
        else:
            broken += _pieces(piece, width)
    return [line for line in broken if line] or [""]


def _pieces(piece: str, width: int) -> list[str]:
    pieces = [""]
    for char in piece:
        if columns(pieces[-1] + char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def label(text: object, width: int = 20, rows: int = 2) -> str:
    """Write a name beside a bar: at most `rows` lines of `width` columns, safe against Plotly's own markup."""
    broken = lines(text, width)
    kept = broken[:rows]
    if len(broken) > rows:
        kept[-1] = ellipsis(kept[-1] + "…", width) if columns(kept[-1]) >= width else kept[-1] + "…"
    return "<br>".join(escape(line) for line in kept)


def escape(text: object) -> str:
    """Take the meaning out of ``<`` and ``&``: a dish may be called "Fish & <Chips>"."""
    return html.escape(str(text), quote=False)


def hang(
    figure: Figure, title: str, alt: str, unit: Unit, *, legend: Sequence[str] = (), room: int = 290, body: int = 300
) -> Figure:
    """Give `figure` the house frame: title, legend, margins, height and the text for screen readers.

    `title` is the answer in words and is wrapped, never cut (a page takes it out and writes it above, see `untitled`);
    `alt` goes after it into ``layout.meta["alt"]``;
    `legend` holds the names that the legend shows, none for no legend, and `room` its width in pixels
    on a phone; `body` is the height of the plot itself in pixels. Returns the same figure.
    """
    broken = lines(title, TITLE_COLUMNS)
    rows = _legend_rows(legend, room)
    above = _LEGEND_ROW * rows + _LEGEND_GAP + _LEGEND_PAD if 0 < rows <= 2 else 0
    top = _TITLE_TOP + _TITLE_LINE * len(broken) + above
    bottom = 40 + (_LEGEND_ROW * rows if rows > 2 else 0)
    figure.update_layout(
        template=TEMPLATE,
        title=_title(broken),
        margin={"l": 12, "r": 12, "t": top, "b": bottom},
        height=top + body + bottom,
        separators=unit.separators(),
        showlegend=bool(legend),
        meta={"title": title, "described": alt, "alt": f"{title}. {alt}", "locale": unit.locale},
    )
    place = {"y": -36 / body, "yanchor": "top"} if rows > 2 else {"y": 1 + _LEGEND_GAP / body}
    figure.update_layout(legend=place)
    return figure


def untitled(layout: dict[str, Any]) -> dict[str, Any]:
    """Return the layout of a figure of the house, as JSON has it, without title and lower: a page writes it above."""
    text = layout.get("title", {}).get("text", "")
    if not text or not layout.get("meta", {}).get("title"):
        return layout
    space, margin = _TITLE_LINE * len(text.split("<br>")) + _TITLE_TOP - _TOP, layout["margin"]
    kept = {name: value for name, value in layout.items() if name != "title"}
    return {**kept, "height": layout["height"] - space, "margin": {**margin, "t": margin["t"] - space}}


def _legend_rows(names: Sequence[str], room: int) -> int:
    """Rows that a legend takes on a phone, where Plotly gives all its entries the width of the longest."""
    if not names:
        return 0
    widths = [7 * columns(name) + 45 for name in names]
    return 1 if sum(widths) <= room else math.ceil(len(names) / max(room // max(widths), 1))


def _title(broken: list[str]) -> dict[str, object]:
    # Plotly lowers a title of one line by 0.7 em, but not one of several lines.
    lowered = 12 if len(broken) == 1 else 12 + round(0.7 * _TITLE_SIZE)
    return {
        "text": "<br>".join(f"<b>{escape(line)}</b>" for line in broken),
        "font": {"size": _TITLE_SIZE},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 12, "t": lowered},
    }


def blank(title: str, unit: Unit) -> Figure:
    """Give the figure that stands where there is nothing to draw: the title and one sentence."""
    sentence = unit.said.say("No data for this period")
    figure = Figure()
    middle = {"x": 0.5, "xref": "paper", "y": 0.5, "yref": "paper"}
    figure.add_annotation(text=sentence, showarrow=False, font={"size": 14, "color": MUTED}, **middle)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return hang(figure, title, sentence, unit, body=120)
