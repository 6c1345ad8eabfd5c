"""The top of a page: whose numbers these are, of when, how fresh and how complete."""

from datetime import datetime
from html import escape

import pandas as pd

from mozg.pages.blocks import Block, markup
from mozg.pages.context import COVERAGE, Context


def header(title: str, context: Context) -> Block:
    """Return the header of a page as it reads now; a workbook finds the same lines in it."""
    lines = [line for line in _lines(context) if line[1]]
    listed = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in lines)
    warning = "" if context.has_sales else f'<p class="mozg-empty" role="status">{escape(_where_data_is(context))}</p>'
    told = {"title": title, "lines": [list(line) for line in lines]}
    return markup(f'<dl class="mozg-header">{listed}</dl>{warning}', header=told)


def _lines(context: Context) -> list[tuple[str, str]]:
    before = context.write.period(context.before) if context.before else ""
    return [
        ("Organisation", context.owner.name),
        ("Venues", _venues(context)),
        ("Left out, not open in both periods", ", ".join(context.left_out)),
        ("Period", context.write.period(context.during)),
        ("Compared with", before),
        ("Careful", _gaps(context)),
        ("Read from the tills", _freshness(context)),
        ("Checks with guests entered", _coverage(context)),
        ("Snapshot", str(context.answers.lake.snapshot)),
    ]


def _venues(context: Context) -> str:
    named = ", ".join(context.venues)
    return f"all {len(context.venues)}: {named}" if len(context.venues) == len(context.allowed) > 1 else named


def _freshness(context: Context) -> str:
    read = context.freshness()
    never = [name for name, moment in read.items() if moment is None]
    known = {name: moment for name, moment in read.items() if moment is not None}
    told = [_oldest(known, context)] if known else []
    return "; ".join(told + ([f"never: {', '.join(never)}"] if never else []))


def _oldest(read: dict[str, datetime], context: Context) -> str:
    name = min(read, key=lambda venue: read[venue])
    oldest, newest = context.write.moment(read[name]), context.write.moment(max(read.values()))
    return f"{oldest} ({context.owner.timezone})" if oldest == newest else f"{oldest} ({name}) or later"


def _gaps(context: Context) -> str:
    """Say where the data end inside a period: a sum over half a period must not look like a fall."""
    span = context.answers.span()
    if span is None:
        return ""
    first, last = span
    begins = min(period.first for period in (context.during, context.before) if period)
    told = [f"the data begin on {context.write.day(first)}"] if begins < first else []
    told += [f"the data end on {context.write.day(last)}"] if last < context.during.last else []
    return " and ".join(told)


def _coverage(context: Context) -> str:
    share = context.ask(COVERAGE, compare=False).iloc[0]["guest_coverage"]
    return "" if pd.isna(share) else context.write.percent(float(share))


def _where_data_is(context: Context) -> str:
    span = context.answers.span()
    told = f"There are no sales from {context.write.period(context.during)}."
    if span is None:
        return f"{told} Nothing has been read from the tills yet."
    first, last = map(context.write.day, span)
    return f"{told} The tills' data run from {first} to {last}: choose days within."
