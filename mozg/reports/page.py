"""An executed notebook as one page of HTML: live for a screen, still for paper, and a still body for a first paint.

None of them asks anything of the network.
"""

import base64
import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import plotly.io as pio
from babel.dates import format_skeleton, get_timezone_location
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from nbconvert import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from plotly.offline import get_plotlyjs

from mozg.charts.toolbar import toolbar
from mozg.language import words
from mozg.language.words import SOURCE
from mozg.pages.blocks import FIGURE_MIME
from mozg.reports.figures import picture
from mozg.reports.links import outward
from mozg.reports.tables import header, outputs
from mozg.reports.title import titled
from mozg.reports.vector import for_paper
from mozg.settings import settings

Draw = Callable[[dict[str, Any]], str]

#: A4 less its margins, in CSS pixels.
PAPER_WIDTH = 680
#: How much lower than on a screen lines over days are drawn on paper, so that two stand on a page with their tables.
LOWER = 0.8
#: How wide figures are drawn for screens, in CSS pixels: up to which screen, and the width that all others get.
SCREENS = {640: 360, 1000: 720}
DESK_WIDTH = 1240
_HEIGHT = 380
_TAG = re.compile(r"<[^>]*>")
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")


class Readable(Preprocessor):
    """Leaves in a notebook what people read: figures drawn by `draw`, one form per output, no warnings on stderr.

    Links between reports are made `outward` where the page leaves the dashboards.
    """

    def __init__(self, draw: Draw, *, outward: bool) -> None:
        super().__init__(enabled=True)
        self._draw, self._outward = draw, outward

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Change every code cell's outputs; called by nbconvert."""
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [output for output in map(self._readable, cell.outputs) if output is not None]
        return nb, resources

    def _readable(self, output: NotebookNode) -> NotebookNode | None:
        if "data" not in output:
            return None if output.get("name") == "stderr" else output
        if FIGURE_MIME in output.data:
            output.data = NotebookNode({"text/html": self._draw(output.data[FIGURE_MIME])})
            return output
        if "text/html" in output.data and self._outward:
            output.data["text/html"] = outward(output.data["text/html"])
        best = next((mime for mime in _SHOWN if mime in output.data), None)
        output.data = NotebookNode({} if best is None else {best: output.data[best]})
        return output if best else None


def live_page(notebook: NotebookNode, title: str) -> str:
    """Return a page with live figures, plotly.js once and inside, for any width, light and dark."""
    plotly = get_plotlyjs() if any(outputs(notebook, FIGURE_MIME)) else ""
    return _page(notebook, title, _live, "report.html.j2", plotly=plotly)


def paper_page(notebook: NotebookNode, title: str) -> str:
    """Return a page with figures as SVG, for `mozg.reports.pdf`.

    Raises:
        ExportError: a figure could not be drawn.
    """
    return _page(notebook, title, _still, "paper.html.j2")


def still_body(notebook: NotebookNode) -> str:
    """Return what a page shows, without scripts: figures are pictures, drawn for a phone, a tablet and a desk.

    Raises:
        ExportError: a figure could not be drawn.
    """
    return _body(notebook, _pictures, outward=False)


def generated(notebook: NotebookNode) -> str:
    """Return when the notebook finished, by papermill's own record, as the organisation writes it and in its time."""
    about, ended = header(notebook, ""), notebook.metadata.get("papermill", {}).get("end_time")
    moment = datetime.fromisoformat(ended) if ended else datetime.now(UTC)
    local = moment.astimezone(ZoneInfo(about.timezone))
    written = f"{format_skeleton('yMMMd', local, locale=about.locale)}, {local:%H:%M}"
    if about.timezone == "UTC":
        return f"{written} UTC"
    place = get_timezone_location(about.timezone, locale=about.locale, return_city=True)
    return words(about.locale).say("{moment} ({place} time)", moment=written, place=place)


def templates() -> Environment:
    """Return the house's page templates, ``reports/templates``."""
    return Environment(
        loader=FileSystemLoader(settings().project_path / "reports" / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def spoken(locale: str) -> dict[str, Any]:
    """Return what a template needs to say its texts in the language of ``locale``."""
    said = words(locale)
    return {"language": said.language, "say": said.say, "count": said.count}


def caption(figure: dict[str, Any]) -> str:
    """Return a figure's words for those who cannot see it: the house's alternative text, or the title."""
    layout = figure.get("layout", {})
    meta, title = layout.get("meta"), layout.get("title")
    if isinstance(meta, dict) and meta.get("alt"):
        return str(meta["alt"])
    text = title.get("text") if isinstance(title, dict) else title
    return _TAG.sub(" ", text or "")


def height(figure: dict[str, Any]) -> int:
    """Return a figure's own height in CSS pixels, or the house's."""
    return int(figure.get("layout", {}).get("height") or _HEIGHT)


def _page(notebook: NotebookNode, title: str, draw: Draw, template: str, **more: str) -> str:
    body, said = _body(notebook, draw, outward=True), spoken(header(notebook, title).language)
    return (
        templates()
        .get_template(template)
        .render(title=title, body=body, titled="<h1" in body, generated=generated(notebook), **said, **more)
    )


def _body(notebook: NotebookNode, draw: Draw, *, outward: bool) -> str:
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.register_preprocessor(Readable(draw, outward=outward), enabled=True)
    body, _ = exporter.from_notebook_node(titled(notebook))
    return str(body)


def _live(figure: dict[str, Any]) -> str:
    spec = json.loads(json.dumps({key: figure[key] for key in ("data", "layout", "frames") if key in figure}))
    spec.get("layout", {}).pop("width", None)
    div = pio.to_html(
        spec,
        config=figure.get("config") or toolbar(SOURCE),
        include_plotlyjs=False,
        include_mathjax=False,
        full_html=False,
        default_height=f"{height(figure)}px",
        validate=False,
    )
    return f'<figure class="figure" aria-label="{html.escape(caption(figure))}">{div}</figure>'


def _still(figure: dict[str, Any]) -> str:
    over_days = figure.get("layout", {}).get("xaxis", {}).get("type") == "date"
    tall = round(height(figure) * LOWER) if over_days else height(figure)
    svg = for_paper(picture(figure, "svg", width=PAPER_WIDTH, height=tall))
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return f'<figure class="figure"><img alt="{html.escape(caption(figure))}" src="{source}"></figure>'


def _pictures(figure: dict[str, Any]) -> str:
    sources = "".join(
        f'<source media="(max-width: {most}px)" srcset="{_address(figure, width)}">' for most, width in SCREENS.items()
    )
    image = f'<img alt="{html.escape(caption(figure))}" src="{_address(figure, DESK_WIDTH)}">'
    return f'<figure class="figure" style="height: {height(figure)}px"><picture>{sources}{image}</picture></figure>'


def _address(figure: dict[str, Any], width: int) -> str:
    """The figure as an address that holds it. Text, because a page is sent compressed, and base64 hardly can be."""
    svg = for_paper(picture(figure, "svg", width=width, height=height(figure)))
    return "data:image/svg+xml," + quote(svg, safe="/:;=()!*")
