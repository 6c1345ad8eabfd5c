"""Links between reports: the same days, comparison and venues, for those who may read where they lead."""

import ast
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from mozg.pages import sales
from mozg.pages.blocks import TABLE_MIME
from mozg.pages.declared import declared
from mozg.pages.links import further
from mozg.pages.tables import Column, table

PAGES = Path(sales.__file__).parent


def asked(address):
    return parse_qs(urlsplit(address).query)


def test_a_link_keeps_period_and_venues_and_adds_what_its_row_gives(open_page, venue_names):
    context = open_page(venues=venue_names[:2], compare="last_year").context
    link = context.link("sales", each={"venues": "venue"})
    place = link.address({"venue": "Кафе «A, Б» & C"})
    assert place.startswith("sales.ipynb?")
    assert asked(place) == {
        "venues": ["Кафе «A, Б» & C"],
        "date_from": ["2026-10-19"],
        "date_to": ["2026-10-25"],
        "compare": ["last_year"],
    }
    assert asked(context.link("sales").address({}))["venues"] == venue_names[:2]


def test_a_link_says_only_what_the_report_would_not_show_anyway(open_page):
    place = open_page(like_for_like=True).context.link("sales").address({})
    assert asked(place) == {"like_for_like": ["true"], "date_from": ["2026-10-19"], "date_to": ["2026-10-25"]}


def test_a_report_is_asked_for_no_more_than_it_takes(open_page):
    assert asked(open_page().context.link("forecast_revenue").address({})) == {"date_to": ["2026-10-25"]}
    with pytest.raises(ValueError, match="takes no parameter colour"):
        open_page().context.link("sales", colour="red")


def test_who_may_not_read_a_report_is_not_led_to_it(open_page):
    context = open_page().context
    assert context.answers.lake.scope.role == "manager"
    assert context.link("usage") is None
    assert context.link("nowhere") is None
    assert further(context, context.link("usage")).bundle == {}


def test_a_value_that_is_missing_leads_nowhere(open_page):
    context = open_page().context
    column = Column("venue", "Venue", "text", link=context.link("sales", each={"venues": "venue"}))
    shown = table("t", "T", pd.DataFrame({"venue": ["<b>Bar</b>", None]}), [column], context.write).bundle
    assert shown["text/html"].count("<a ") == 1
    assert ">&lt;b&gt;Bar&lt;/b&gt;</a>" in shown["text/html"]
    assert shown[TABLE_MIME]["rows"] == [["<b>Bar</b>"], [None]]


def test_a_page_can_be_narrowed_and_says_so(open_page, chain):
    whole, part = open_page(compare="none"), open_page(compare="none", only={"section": ["bar"]})
    told = dict(line for line in part.context.link("sales").given.items())
    assert "section" not in told  # this report takes no such parameter
    revenue = {page: page.context.ask(("revenue", "bar_revenue")).iloc[0] for page in (whole, part)}
    assert revenue[part]["revenue"] == revenue[whole]["bar_revenue"]


def test_in_a_dashboard_what_narrows_a_page_can_be_taken_off(open_page, capsys):
    page = open_page(live=True, only={"section": ["bar"]})
    (switch,) = page._dashboard.controls._narrowed.values()
    assert switch.description == "Только кухня или бар: bar"
    switch.value = False
    assert page.context.choices.only == ()
    switch.value = True
    assert page.context.choices.only == (("section", ("bar",)),)


def test_every_report_that_is_linked_to_exists():
    """In the source, because a page leaves out links to reports that an installation has taken away."""
    calls = [node for path in PAGES.glob("*.py") for node in ast.walk(ast.parse(path.read_text())) if _links(node)]
    named = {call.args[0].value for call in calls}
    assert named <= declared().keys()
    assert "sales" in named


def _links(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "link"
