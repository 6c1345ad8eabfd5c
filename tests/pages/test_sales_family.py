"""The reports on sales: each section shows something on usual days, and says so where nothing was sold."""

import re
from datetime import timedelta

import nbformat
import pytest

from mozg import pages
from mozg.pages import Page
from mozg.pages.blocks import TABLE_MIME
from mozg.settings import settings

FAMILY = {
    "digest": {"date_from": "yesterday"},
    "revenue_by_day": {"date_from": "month_to_date"},
    "comparison": {"date_from": "last_week", "compare": "last_year", "like_for_like": False},
    "dynamics": {"date_from": "last_90_days", "metric": "revenue", "step": "auto"},
    "payments": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "channels": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "losses": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "like_for_like": {"date_from": "last_28_days", "compare": "last_year"},
    "records": {"date_from": "last_28_days"},
}


def sections(name):
    """The sections that a report's notebook shows, in their order."""
    notebook = nbformat.read(settings().project_path / "notebooks" / f"{name}.ipynb", as_version=4)
    shown = (re.fullmatch(r"page\.show\((\w+)\.(\w+)\)", cell.source) for cell in notebook.cells)
    return [getattr(getattr(pages, found[1]), found[2]) for found in shown if found]


@pytest.fixture
def open_report(kernel, chain):
    def open_(name, *venues_of_scope, **given):
        kernel(*venues_of_scope)
        return Page(name, "chain", today=chain.last + timedelta(days=1), **(FAMILY[name] | given))

    return open_


def text(shown):
    return " ".join(block.bundle.get("text/html", "") for block in shown.blocks)


@pytest.mark.parametrize("name", FAMILY)
def test_each_section_has_something_to_show(open_report, name):
    page = open_report(name)
    for section in sections(name):
        shown = page.run(section)
        assert shown.outcome == "ok" or section.name == "others", (section.name, text(shown))
        for block in shown.blocks:
            for row in block.bundle.get(TABLE_MIME, {"rows": []})["rows"]:
                assert "nan" not in map(str, row)


@pytest.mark.parametrize("name", FAMILY)
def test_an_empty_period_is_said_to_be_empty(open_report, name):
    page = open_report(name, date_from="2030-01-01", date_to="2030-01-31")
    assert {page.run(section).outcome for section in sections(name)} == {"ok-empty"}
