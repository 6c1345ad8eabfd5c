"""Every report on what was sold: each section shows something on usual days, and says so where nothing was sold."""

import pytest

from mozg.pages.blocks import TABLE_MIME
from mozg.reports.catalogue import all_reports
from tests.shown import USUAL, sections, tables, text

#: They tell of other things than sales: who reads reports, what will be sold, how good the books are.
OTHERS = {"usage", "forecast_revenue", "quality"}


def test_every_report_on_sales_is_walked():
    assert set(USUAL) == {report.name for report in all_reports()} - OTHERS
    assert all(sections(name) for name in USUAL)


@pytest.mark.parametrize("name", USUAL)
def test_each_section_has_something_to_show(open_report, name):
    page, titles = open_report(name), []
    for section in sections(name):
        shown = page.run(section)
        assert shown.outcome == "ok" or section.name == "others", (section.name, text(shown))
        assert ".." not in text(shown)
        titles += [block.bundle[TABLE_MIME]["title"] for block in shown.blocks if TABLE_MIME in block.bundle]
        assert "nan" not in {str(cell) for rows in tables(shown).values() for row in rows for cell in row.values()}
    assert len(set(titles)) == len(titles), "each sheet of a workbook says what it holds"


@pytest.mark.parametrize("name", USUAL)
def test_an_empty_period_is_said_to_be_empty(open_report, name):
    page = open_report(name, date_from="2030-01-01", date_to="2030-01-31")
    assert {page.run(section).outcome for section in sections(name)} == {"ok-empty"}
