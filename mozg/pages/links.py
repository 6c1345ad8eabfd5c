"""Links from one report to another, which shows the same days, comparison and venues as the page it is reached from.

    Column("venue", "Venue", "text", link=context.link("sales", each={"venues": "venue"}))
    further(context, context.link("menu", section=["bar"]))

An address is relative: ``menu.ipynb?date_from=2026-11-16&section=bar``. That is right on a dashboard; what is exported
gets the installation's address in front, or loses the link (`mozg.reports.links`). What a reader may see is decided
where the link leads: it carries no rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd

from mozg.pages.blocks import Block, markup
from mozg.pages.declared import Declared, declared

if TYPE_CHECKING:
    from mozg.pages.context import Context

#: How a link is known in a page's HTML.
CLASS = "mozg-link"


@dataclass(frozen=True)
class Link:
    """A report with the parameters it is opened with; ``each`` names parameters that a row's columns give."""

    title: str
    notebook: str
    given: Mapping[str, Any]
    each: Mapping[str, str]

    def named(self, title: str) -> "Link":
        """Return the same link under another title."""
        return replace(self, title=title)

    def address(self, row: Mapping[Any, Any]) -> str | None:
        """Return where the link leads from a row, or None if the row lacks a value that the link needs."""
        values = {parameter: row[column] for parameter, column in self.each.items()}
        if any(pd.isna(value) for value in values.values()):
            return None
        return address(self.notebook, {**self.given, **values})

    def around(self, text: str, row: Mapping[Any, Any]) -> str:
        """Return the text as HTML, as a link where there is one."""
        place = self.address(row)
        return escape(text) if place is None else anchor(place, text, self.title)


def link(
    context: "Context", report: str, each: Mapping[str, str] | None = None, given: Mapping[str, Any] | None = None
) -> Link | None:
    """Return the link to a report, or None where it is not declared or not for the reader's role.

    It carries what the page was asked for (period, comparison, venues, what the page is narrowed to and its other
    options), as far as the report takes it and would not show it anyway; ``given`` and ``each`` go before.

    Raises:
        ValueError: the report takes no parameter of such a name.
    """
    found = declared().get(report)
    if found is None or context.answers.lake.scope.role not in found.roles:
        return None
    named = {**(given or {}), **(each or {})}
    if unknown := named.keys() - found.parameters.keys():
        raise ValueError(f"The report {report} takes no parameter {', '.join(sorted(unknown))}.")
    kept = {name: value for name, value in asked(context).items() if _takes(found, name, value)}
    return Link(found.title(context.write.language), found.notebook, {**kept, **(given or {})}, each or {})


def further(context: "Context", *links: Link | None) -> Block:
    """Return the line that leads from a figure or a table to whole reports; nothing where there is none."""
    shown, said = [link.around(link.title, {}) for link in links if link], context.write.say("More:")
    return markup(f'<p class="mozg-further">{said} {" · ".join(shown)}</p>', empty=True) if shown else Block(empty=True)


def anchor(place: str, text: str, title: str) -> str:
    """Return a link as HTML. It opens in the same window: JupyterLab's renderer would give each a new one."""
    return f'<a class="{CLASS}" target="_self" href="{escape(place)}" title="{escape(title)}">{escape(text)}</a>'


def address(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Return a notebook's address on a dashboard with these parameters; what says nothing is left out.

    A list is written as one parameter per value, because names may have commas inside.
    """
    pairs = [(name, text) for name, value in parameters.items() for text in _texts(value)]
    return f"{notebook}?{urlencode(pairs)}" if pairs else notebook


def asked(context: "Context") -> dict[str, Any]:
    """Return what the page was asked for by the names of parameters, the period as dates."""
    choices = context.choices
    return {
        **context.options,
        "venues": choices.venues,
        "date_from": context.during.first,
        "date_to": context.during.last,
        "compare": choices.compare,
        "like_for_like": choices.like_for_like,
        **dict(choices.only),
    }


def _takes(report: Declared, name: str, value: Any) -> bool:
    taken = report.parameters.get(name, {})
    if not taken or ("choices" in taken and value not in taken["choices"]):
        return False
    return (list(value) if isinstance(value, tuple) else value) != taken.get("default")


def _texts(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    text = value.date() if isinstance(value, pd.Timestamp) else value
    return [str(text)] if text is not None else []
