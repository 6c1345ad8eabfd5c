"""What a section returns: blocks, each of which knows how it looks and what it tells a machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from mozg.charts.figure import Figure
from mozg.charts.style import untitled
from mozg.charts.toolbar import toolbar
from mozg.language.words import SOURCE

HEADER_MIME = "application/vnd.mozg.header+json"
SECTION_MIME = "application/vnd.mozg.section+json"
TABLE_MIME = "application/vnd.mozg.table+json"
TILES_MIME = "application/vnd.mozg.tiles+json"
LEAD_MIME = "application/vnd.mozg.lead+json"
FIGURE_MIME = "application/vnd.plotly.v1+json"

Bundle = dict[str, Any]
#: How a sentence looks that says what a page has to say.
LEAD = "mozg-lead"


@dataclass(frozen=True)
class Block:
    """A piece of a page: ``bundle`` maps MIME types to contents. ``empty`` blocks say that there is nothing to say.

    ``above`` is HTML that stands before it. ``counted`` holds the definitions of what it shows, by what that is called,
    in the reader's language.
    """

    bundle: Mapping[str, Any] = field(default_factory=dict)
    empty: bool = False
    counted: Mapping[str, str] = field(default_factory=dict)
    above: str = ""

    def shown(self, *, live: bool) -> Bundle:
        """Return the bundle for a notebook, or for a dashboard, which is given nothing but what people see."""
        return {mime: content for mime, content in self.bundle.items() if not (live and mime.startswith(_MACHINES))}


_MACHINES = "application/vnd.mozg."


def markup(html: str, *, empty: bool = False, counted: Mapping[str, str] | None = None, **machines: Any) -> Block:
    """Return a block of HTML that is safe already. ``machines`` are contents for machines: ``table``, ``header``, …"""
    kinds = {
        "header": HEADER_MIME,
        "section": SECTION_MIME,
        "table": TABLE_MIME,
        "tiles": TILES_MIME,
        "lead": LEAD_MIME,
    }
    told = {kinds[kind]: content for kind, content in machines.items()}
    return Block({"text/html": html, **told}, empty, counted or {})


def sentence(text: str, kind: str = LEAD, *, empty: bool = False) -> Block:
    """Return a paragraph of plain text; a mail begins with the first that leads a page."""
    told: dict[str, Any] = {"lead": text} if kind == LEAD and text else {}
    return markup(f'<p class="{kind}">{escape(text)}</p>', empty=empty, **told)


def figure(drawn: Figure) -> Block:
    """Return a figure of `mozg.charts` below its title; its words for screen readers stand in ``layout.meta.alt``."""
    spec = json.loads(drawn.to_json())
    spec["layout"] = untitled(spec["layout"])
    about = spec["layout"].setdefault("meta", {})
    about["alt"] = about.pop("described", about.get("alt", ""))
    spec["config"] = toolbar(about.get("locale", SOURCE), about.get("title", ""))
    above = f'<h3 class="mozg-title">{escape(about["title"])}</h3>' if about.get("title") else ""
    return Block({FIGURE_MIME: spec, "text/plain": str(about["alt"])}, above=above)
