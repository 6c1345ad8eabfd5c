"""The top of a page: whose numbers these are, of when, how fresh and how complete."""

from datetime import datetime
from html import escape

import pandas as pd

from mozg.language import later
from mozg.metrics import DIMENSIONS
from mozg.pages.blocks import Block, markup
from mozg.pages.context import COVERAGE, Context

#: Whether the data begin after the beginning, and end before the end.
_GAPS = {
    (True, False): later("the data begin on {first}"),
    (False, True): later("the data end on {last}"),
    (True, True): later("the data begin on {first} and end on {last}"),
}


def header(title: str, context: Context) -> Block:
    """Return the header of a page as it reads now; a workbook finds the same lines in it."""
    lines = [line for line in _lines(context) if line[1]]
    listed = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in lines)
    warning = "" if context.has_sales else f'<p class="mozg-empty" role="status">{escape(_where_data_is(context))}</p>'
    write = context.write
    told = {"title": title, "lines": [list(line) for line in lines], "language": write.language}
    told |= {"locale": write.locale, "timezone": write.zone.key, "currency": context.owner.currency}
    return markup(f'<dl class="mozg-header">{listed}</dl>{warning}', header=told)


def _lines(context: Context) -> list[tuple[str, str]]:
    before = context.write.period(context.before) if context.before else ""
    say = context.write.say
    return [
        (say("Organisation"), context.owner.name),
        (say("Venues"), _venues(context)),
        (say("Left out, not open in both periods"), ", ".join(context.left_out)),
        (say("Period"), context.write.period(context.during)),
        (say("Compared with"), before),
        *_narrowed(context),
        (say("Careful"), _gaps(context)),
        (say("Read from the tills"), _freshness(context)),
        (say("Checks with guests entered"), _coverage(context)),
        (say("Snapshot"), str(context.answers.lake.snapshot)),
    ]


def _narrowed(context: Context) -> list[tuple[str, str]]:
    only = context.choices.only
    return [(context.write.say("Only {dimension}", dimension=_called(name, context)), ", ".join(v)) for name, v in only]


def _called(dimension: str, context: Context) -> str:
    return context.write.say(DIMENSIONS[dimension].title).lower()


def _venues(context: Context) -> str:
    named = ", ".join(context.venues)
    if len(context.venues) == len(context.allowed) > 1:
        return context.write.say("all {n}: {names}", n=len(context.venues), names=named)
    return named


def _freshness(context: Context) -> str:
    read = context.freshness()
    never = [name for name, moment in read.items() if moment is None]
    known = {name: moment for name, moment in read.items() if moment is not None}
    told = [_oldest(known, context)] if known else []
    return "; ".join(told + ([context.write.say("never: {names}", names=", ".join(never))] if never else []))


def _oldest(read: dict[str, datetime], context: Context) -> str:
    name = min(read, key=lambda venue: read[venue])
    oldest, newest = context.write.moment(read[name]), context.write.moment(max(read.values()))
    if oldest == newest:
        return context.write.say("{moment} ({place} time)", moment=oldest, place=context.write.place())
    return context.write.say("{moment} ({venue}) or later", moment=oldest, venue=name)


def _gaps(context: Context) -> str:
    """Say where the data end inside a period: a sum over half a period must not look like a fall."""
    span = context.answers.span()
    if span is None:
        return ""
    first, last = span
    begins = min(period.first for period in (context.during, context.before) if period)
    starts, ends = begins < first, last < context.during.last
    text = _GAPS.get((starts, ends), "")
    return context.write.say(text, first=context.write.day(first), last=context.write.day(last)) if text else ""


def _coverage(context: Context) -> str:
    if context.choices.only:  # not every dimension can narrow the number of checks
        return ""
    share = context.ask(COVERAGE, compare=False).iloc[0]["guest_coverage"]
    return "" if pd.isna(share) else context.write.percent(float(share))


def _where_data_is(context: Context) -> str:
    span = context.answers.span()
    period = context.write.period(context.during)
    if span is None:
        return context.write.say(
            "There are no sales from {period}. Nothing has been read from the tills yet.", period=period
        )
    first, last = map(context.write.day, span)
    return context.write.say(
        "There are no sales from {period}. The tills' data run from {first} to {last}: choose days within.",
        period=period,
        first=first,
        last=last,
    )
