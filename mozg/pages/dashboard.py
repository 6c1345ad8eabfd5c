"""The page in a dashboard: controls on top, sections below that run again when a reader chooses something else.

Everything here is public to its viewer, who may also send any value to any widget: widgets hold names and dates, no
secrets, and what they send is checked before it is used.
"""

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
from IPython.display import display

from mozg.errors import MozgError
from mozg.pages.actions import actions
from mozg.pages.blocks import FIGURE_MIME, Block, Bundle
from mozg.pages.choices import checked
from mozg.pages.controls import Controls
from mozg.pages.header import header
from mozg.pages.section import Section
from mozg.pages.style import STYLE

if TYPE_CHECKING:
    from mozg.pages.page import Page


class Dashboard:
    """Shows a page's header, its controls and its sections, and keeps them in step with what was chosen.

    All of it is one widget. Shown one by one, the later ones would be lost on a slow machine: a browser waits two
    seconds for a widget's model, and loading plotly.js for the first figure can take longer.
    """

    def __init__(self, page: "Page", *, period: bool, compare: bool) -> None:
        self._page = page
        self._sections: list[tuple[Section, widgets.Output]] = []
        self._layout = widgets.Layout()
        self._header = widgets.Output(layout=self._layout)
        self._said = widgets.HTML()
        self._said.add_class("mozg-said")
        self.controls = Controls(page.context, self._chosen, self._refuse, period=period, compare=compare)
        _show(self._header, [header(page.title, page.context), actions(page.name, page.context)])
        self._root = widgets.VBox([widgets.HTML(STYLE), self._header, self.controls.box, self._said])
        display(self._root)

    def add(self, section: Section) -> None:
        """Show a section here, now and after every choice."""
        output = widgets.Output(layout=self._layout)
        self._sections.append((section, output))
        _show(output, self._page.run(section).blocks)
        self._root.children = (*self._root.children, output)

    def say(self, text: str, kind: str = "status") -> None:
        """Tell the reader something, screen readers included; an empty text takes back what was said."""
        css = "mozg-failure" if kind == "alert" else "mozg-empty"
        self._said.value = f'<p class="{css}" role="{kind}">{escape(text)}</p>' if text else ""

    def _refuse(self, text: str) -> None:
        self.say(text, "alert")

    def _chosen(self, given: dict[str, Any]) -> None:
        """Read what was chosen; if it makes no sense, say so and change nothing."""
        self.say(self._page.context.write.say("Reading…"))
        try:
            context = self._page.read(checked(given, self._page.context.choices))
        except MozgError as error:
            self._refuse(self._page.context.write.told(error))
            return
        context.expect(self._page.context)
        self._page.context = context
        self.controls.follow(context)
        _show(self._header, [header(self._page.title, context), actions(self._page.name, context)])
        for section, output in self._sections:
            _show(output, self._page.run(section).blocks)
        self.say("")


def _above(block: Block) -> Bundle:
    """What stands above a block: a figure's title, and its words for those who cannot see it."""
    alt = block.bundle["text/plain"] if FIGURE_MIME in block.bundle else ""
    html = block.above + (f'<p class="mozg-unseen">{escape(alt)}</p>' if alt else "")
    return {"text/html": html} if html else {}


def _show(output: widgets.Output, blocks: list[Block] | tuple[Block, ...]) -> None:
    """Replace all that an output shows at once, without a moment of emptiness."""
    bundles = [bundle for block in blocks for bundle in (_above(block), block.shown(live=True))]
    output.outputs = tuple(
        {"output_type": "display_data", "data": bundle, "metadata": {}} for bundle in bundles if bundle
    )
