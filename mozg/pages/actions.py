"""What a reader can do with what a dashboard shows: keep it as a file, or pass on its address."""

from html import escape

from mozg.access.permissions import may
from mozg.language import later
from mozg.pages.blocks import Block, markup
from mozg.pages.context import Context
from mozg.pages.declared import declared
from mozg.pages.links import address, link

#: From a dashboard to where its files are made.
EXPORT = "../../export"
FORMATS = {"pdf": later("PDF"), "xlsx": later("Excel"), "html": later("Web page")}


def actions(report: str, context: Context) -> Block:
    """Return the links that export what is shown now, of the same snapshot, and the one that shows it again.

    Who may not run reports is offered the latter alone; a page of no report has nothing to offer.
    """
    own = link(context, report)
    if own is None:
        return Block(empty=True)
    lake, say = context.answers.lake, context.write.say
    exact = {**own.given, "snapshot": lake.snapshot}
    places = {
        say(called): address(f"{EXPORT}/{report}/{format_}", exact)
        for format_, called in FORMATS.items()
        if format_ in declared()[report].formats and may(lake.scope.role, "reports.run", lake.scope.venues)
    }
    files = "".join(_action(place, text) for text, place in places.items())
    exporting = escape(say("Export what you see:"))
    said = f"<span>{exporting}</span>{files}" if files else ""
    again = _action(own.address({}) or "", say("Link to what you see"))
    return markup(f'<nav class="mozg-actions" aria-label="{exporting}">{said}{again}</nav>')


def _action(place: str, text: str) -> str:
    return f'<a target="_self" href="{escape(place)}">{escape(text)}</a>'
