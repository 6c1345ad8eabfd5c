"""An executed notebook as one page of HTML: live for a screen, still for paper.

Neither asks anything of the network.
"""

import base64
import copy
import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import plotly.io as pio
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from nbconvert import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from plotly.offline import get_plotlyjs

from mozg.pages.blocks import FIGURE_MIME
from mozg.reports.figures import picture
from mozg.reports.tables import outputs
from mozg.reports.vector import for_paper
from mozg.settings import settings

Draw = Callable[[dict[str, Any]], str]

#: A4 less its margins, in CSS pixels.
PAPER_WIDTH = 680
_HEIGHT = 380
_TAG = re.compile(r"<[^>]*>")
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")


class Readable(Preprocessor):
    """Leaves in a notebook what people read: figures drawn by `draw`, one form per output, no warnings on stderr."""

    def __init__(self, draw: Draw) -> None:
        super().__init__(enabled=True)
        self._draw = draw

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


def generated(notebook: NotebookNode) -> str:
    """Return when the notebook finished, in UTC, from papermill's own record."""
    ended = notebook.metadata.get("papermill", {}).get("end_time")
    moment = datetime.fromisoformat(ended).astimezone(UTC) if ended else datetime.now(UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def templates() -> Environment:
    """Return the house's page templates, ``reports/templates``."""
    return Environment(
        loader=FileSystemLoader(settings().project_path / "reports" / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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
    body = _body(notebook, draw)
    return (
        templates()
        .get_template(template)
        .render(title=title, body=body, titled="<h1" in body, generated=generated(notebook), **more)
    )


def _body(notebook: NotebookNode, draw: Draw) -> str:
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.register_preprocessor(Readable(draw), enabled=True)
    body, _ = exporter.from_notebook_node(copy.deepcopy(notebook))
    return str(body)


def _live(figure: dict[str, Any]) -> str:
    spec = json.loads(json.dumps({key: figure[key] for key in ("data", "layout", "frames") if key in figure}))
    spec.get("layout", {}).pop("width", None)
    div = pio.to_html(
        spec,
        config={"displaylogo": False, "responsive": True, "plotlyServerURL": ""},
        include_plotlyjs=False,
        include_mathjax=False,
        full_html=False,
        default_height=f"{height(figure)}px",
        validate=False,
    )
    return f'<figure class="figure" aria-label="{html.escape(caption(figure))}">{div}</figure>'


def _still(figure: dict[str, Any]) -> str:
    svg = for_paper(picture(figure, "svg", width=PAPER_WIDTH, height=height(figure)))
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return f'<figure class="figure"><img alt="{html.escape(caption(figure))}" src="{source}"></figure>'
