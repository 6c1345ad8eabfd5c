"""How the numbers of a page are counted: the definitions of what its sections have shown, folded away at its end.

    page.show(definitions)

Metrics in tiles and tables bring their definitions along (`mozg.metrics`). A section that shows something else, the
letters of an ABC analysis for one, yields `explained` beside it.
"""

from collections.abc import Iterator
from html import escape

from mozg.pages.blocks import Block, markup
from mozg.pages.context import Context
from mozg.pages.section import Section


def explained(term: str, definition: str) -> Block:
    """Return a block that shows nothing where it stands, and the definition of a term at the page's end."""
    return Block(empty=True, counted={term: definition})


def _definitions(context: Context) -> Iterator[Block]:
    if not context.counted:
        return
    said = context.write.say("How is this counted")
    listed = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{escape(' '.join(text.split()))}</dd></div>"
        for term, text in context.counted.items()
    )
    html = f'<details class="mozg-counted"><summary>{escape(said)}</summary><dl>{listed}</dl></details>'
    yield markup(html, empty=True)


definitions = Section("definitions", "How is this counted", _definitions, bare=True)
