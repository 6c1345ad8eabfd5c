"""Reports opened as a notebook opens them, and what tests read off a page: its sections, words and tables."""

import re

import nbformat

from mozg import pages
from mozg.pages.blocks import TABLE_MIME
from mozg.settings import settings

#: What a notebook hands to its page where nobody chose anything, besides what the page takes by itself.
USUAL = {
    "categories": {"date_from": "last_28_days", "compare": "previous"},
    "channels": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "companions": {"date_from": "last_90_days"},
    "comparison": {"date_from": "last_week", "compare": "last_year", "like_for_like": False},
    "digest": {"date_from": "yesterday"},
    "double_abc": {"date_from": "last_90_days"},
    "dynamics": {"date_from": "last_90_days", "metric": "revenue", "step": "auto"},
    "go_lists": {"date_from": "last_90_days"},
    "like_for_like": {"date_from": "last_28_days", "compare": "last_year"},
    "losses": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "menu": {"date_from": "last_90_days"},
    "menu_changes": {"date_from": "last_90_days"},
    "menu_engineering": {"date_from": "last_90_days"},
    "payments": {"date_from": "last_28_days", "compare": "previous", "like_for_like": False},
    "records": {"date_from": "last_28_days"},
    "revenue_by_day": {"date_from": "month_to_date"},
    "sales": {"date_from": "last_week", "compare": "previous", "like_for_like": False},
    "tables": {"date_from": "last_28_days"},
}


def sections(name):
    """The sections that a report's notebook shows, in their order."""
    notebook = nbformat.read(settings().project_path / "notebooks" / f"{name}.ipynb", as_version=4)
    shown = (re.fullmatch(r"page\.show\((\w+)\.(\w+)\)", cell.source) for cell in notebook.cells)
    return [getattr(getattr(pages, found[1]), found[2]) for found in shown if found]


def text(shown):
    """The words that a section showed, with their markup."""
    return " ".join(block.bundle.get("text/html", "") for block in shown.blocks)


def tables(shown):
    """The tables that a section showed, by name; each row is a dict."""
    found = [block.bundle[TABLE_MIME] for block in shown.blocks if TABLE_MIME in block.bundle]
    return {
        one["name"]: [dict(zip([column["name"] for column in one["columns"]], row, strict=True)) for row in one["rows"]]
        for one in found
    }
