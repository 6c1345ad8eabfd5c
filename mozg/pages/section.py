"""One section of a page: run so that its failure is a sentence, and the others go on."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from mozg.errors import MozgError
from mozg.language import Words
from mozg.pages.blocks import Block, markup, sentence
from mozg.pages.context import Context

Outcome = Literal["ok", "ok-empty", "failed"]
Maker = Callable[[Context], Iterable[Block]]
#: Tells what a section shows instead where it has nothing to tell; None where it has something.
Instead = Callable[[Context], Block | None]
log = logging.getLogger("mozg.pages")


@dataclass(frozen=True)
class Section:
    """A titled part of a page; ``make`` turns a context into blocks.

    A ``bare`` one has no heading, and stands on a page without sales too.
    """

    name: str
    title: str
    make: Maker
    bare: bool = False
    instead: Instead | None = None


@dataclass(frozen=True)
class Shown:
    """What became of a section: its blocks with the heading first, and how long they took, in seconds."""

    name: str
    outcome: Outcome
    blocks: tuple[Block, ...]
    seconds: float


def section(title: str, *, instead: Instead | None = None) -> Callable[[Maker], Section]:
    """Make a section of the decorated function, which takes a context and yields blocks. ``title`` is translated.

    Where ``instead`` returns a block, that is all that the section shows, and the function is not called.
    """
    return lambda make: Section(make.__name__, title, make, instead=instead)


def run(part: Section, context: Context) -> Shown:
    """Run a section. What goes wrong becomes a block with an incident's number; its traceback goes to the log."""
    start, incident = time.perf_counter(), None
    try:
        blocks = _blocks(part, context)
        outcome: Outcome = "ok-empty" if all(block.empty for block in blocks) else "ok"
    except Exception as error:
        incident, outcome = secrets.token_hex(4), "failed"
        log.exception("Section %s failed, incident %s", part.name, incident)
        blocks = (failure(error, incident, context.write.words),)
    told = {"name": part.name, "outcome": outcome, "incident": incident}
    for block in blocks:
        context.counted.update(block.counted)
    title = "" if part.bare else f'<h2 class="mozg-heading">{escape(context.write.say(part.title))}</h2>'
    heading = markup(title, section=told)
    return Shown(part.name, outcome, (heading, *blocks), time.perf_counter() - start)


def _blocks(part: Section, context: Context) -> tuple[Block, ...]:
    if not part.bare and not context.has_sales:
        return (nothing(context),)
    block = part.instead(context) if part.instead else None
    return tuple(part.make(context)) if block is None else (block,)


def failure(error: Exception, incident: str, words: Words) -> Block:
    """Return the block that stands where something failed: a sentence of ours, never a stranger's text."""
    said = words.told(error) if isinstance(error, MozgError) else words.say("This section failed.")
    number = words.say("Incident {number}: under this number the log tells more.", number=incident)
    return markup(
        f'<div class="mozg-failure error" role="alert"><p>{escape(said)}</p>'
        f"<p><small>{escape(number)}</small></p></div>"
    )


def nothing(context: Context) -> Block:
    """Return the block of a section that has nothing to show for the period."""
    return sentence(
        context.write.say("No sales from {period}.", period=context.write.period(context.during)),
        "mozg-empty muted",
        empty=True,
    )
