"""What a section returns: blocks, each of which knows how it looks and what it tells a machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import plotly.graph_objects as go

HEADER_MIME = "application/vnd.mozg.header+json"
SECTION_MIME = "application/vnd.mozg.section+json"
TABLE_MIME = "application/vnd.mozg.table+json"
FIGURE_MIME = "application/vnd.plotly.v1+json"

Bundle = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """A piece of a page: ``bundle`` maps MIME types to contents. ``empty`` blocks say that there is nothing to say."""

    bundle: Mapping[str, Any] = field(default_factory=dict)
    empty: bool = False

    def shown(self, *, live: bool) -> Bundle:
        """Return the bundle for a notebook, or for a dashboard, which is given nothing but what people see."""
        return {mime: content for mime, content in self.bundle.items() if not (live and mime.startswith(_MACHINES))}


_MACHINES = "application/vnd.mozg."


def markup(html: str, *, empty: bool = False, **machines: Any) -> Block:
    """Return a block of HTML that is safe already. ``machines`` are contents for machines: ``table``, ``header``, …"""
    kinds = {"header": HEADER_MIME, "section": SECTION_MIME, "table": TABLE_MIME}
    return Block({"text/html": html, **{kinds[kind]: content for kind, content in machines.items()}}, empty)


def sentence(text: str, kind: str = "mozg-lead", *, empty: bool = False) -> Block:
    """Return a paragraph of plain text."""
    return markup(f'<p class="{kind}">{escape(text)}</p>', empty=empty)


def figure(drawn: go.Figure) -> Block:
    """Return a figure of `mozg.charts`; its words for screen readers stand in ``layout.meta.alt``."""
    spec = json.loads(drawn.to_json())
    return Block({FIGURE_MIME: spec, "text/plain": str(spec["layout"].get("meta", {}).get("alt", ""))})
