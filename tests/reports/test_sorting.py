"""In a browser tables sort by value, show all their rows and are kept as CSV; elsewhere they are read as they are."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from mozg.lake.reader import Owner
from mozg.pages import tables
from mozg.pages.links import Link
from mozg.pages.tables import Column, table
from mozg.pages.writing import HouseWriter
from mozg.reports.page import live_page

pytestmark = pytest.mark.browser
ZONE = ZoneInfo("Europe/Moscow")
#: Written to be sorted wrongly as text: 9 before 10, minus before plus, letters by code.
AMOUNTS = ("9", "10.5", "-1234.5", "1000000", "0.05", None, "99.99", "0", "12345.67", "-0.5")
ROWS = pd.DataFrame(
    {
        "dish": ["Ёжик", "борщ", "Яблоко", "арбуз", "№ 10", "№ 9", "=1+1", 'Суп, "дня"', None, "-"],
        "revenue": [None if amount is None else Decimal(amount) for amount in AMOUNTS],
        "units": [3, 20, 100, None, 0, 7, 12345, 1, 2, 5],
        "share": [0.615, 0.0449, -0.3, 1.0, None, 0.001, 0.0, 0.1, 12.5, -0.05],
        "day": [date(2026, 1, number) for number in range(10, 0, -1)],
        "at": [datetime(2026, 1, number, 9, 5, tzinfo=ZONE) for number in range(1, 11)],
    }
)
TO_SALES = Link("Sales", "sales.ipynb", {"date_from": date(2026, 1, 1)}, {"dish": "dish", "date_to": "day"})
COLUMNS = [
    *(Column("dish", "Dish", "text", link=TO_SALES), Column("revenue", "Revenue", "money", signed=True)),
    *(Column("units", "Units sold", "number"), Column("share", "Share", "percent")),
    *(Column("day", "Day", "date"), Column("at", "When", "datetime")),
]


@pytest.fixture(scope="module")
def show(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Page]]:
    """Open a page with one table."""
    page = browser.new_page()

    def shown(*, locale: str = "ru", currency: str = "RUB", first: int | None = None) -> Page:
        write = HouseWriter(Owner("demo", "Demo", currency, locale, "Europe/Moscow", "RU"))
        block = table("dishes", "Dishes", ROWS, COLUMNS, write, shown=None if first is None else ROWS.head(first))
        bundle = {mime: content for mime, content in block.bundle.items() if mime == "text/html"}
        cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", bundle)])
        path = tmp_path_factory.mktemp("page") / "page.html"
        path.write_text(live_page(nbformat.v4.new_notebook(cells=[cell]), "T"))
        page.goto(path.as_uri())
        return page

    yield shown
    page.close()


def column(page: Page, number: int) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(f"tbody tr > :nth-child({number})").all_inner_texts()]


def places(page: Page) -> list[int]:
    """Which of the rows stand in the table, by their units, which are all different."""
    known = ["—" if pd.isna(units) else f"{units:,.0f}".replace(",", " ") for units in ROWS["units"]]
    return [known.index(text) for text in column(page, 3)]


def press(page: Page, head: str) -> None:
    page.get_by_role("button", name=head, exact=True).press("Enter")


@pytest.mark.parametrize("first", [None, 3])
def test_numbers_sort_by_value_the_largest_first_and_missing_ones_last(show: Callable, first: int | None) -> None:
    page = show(first=first)
    head = page.get_by_role("columnheader", name="Выручка")
    press(page, "Выручка")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert places(page) == [3, 8, 6, 1, 0, 4, 7, 9, 2, 5][:first]
    press(page, "Выручка")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert places(page) == [2, 9, 7, 4, 0, 1, 6, 8, 3, 5][:first]
    press(page, "Выручка")
    assert head.get_attribute("aria-sort") is None
    assert places(page) == list(range(10))[:first]


def test_texts_sort_as_people_sort_them_and_dates_by_time(show: Callable) -> None:
    page = show()
    press(page, "Блюдо")
    names = column(page, 1)
    assert [name for name in names if name[0].isalpha()] == ["арбуз", "борщ", "Ёжик", 'Суп, "дня"', "Яблоко"]
    assert names.index("№ 9") < names.index("№ 10") < names.index("—")
    press(page, "День")
    assert places(page) == list(range(9, -1, -1))
    assert page.locator("[aria-sort]").count() == 1


@pytest.mark.parametrize(("locale", "currency"), [("ru", "RUB"), ("en_GB", "GBP"), ("de", "EUR"), ("en", "JPY")])
def test_rows_that_come_later_are_written_like_those_that_are_there(show: Callable, locale: str, currency: str) -> None:
    whole = [column(show(locale=locale, currency=currency), number) for number in range(1, 7)]
    page = show(locale=locale, currency=currency, first=1)
    page.locator(".mozg-tools button").first.click()
    assert [column(page, number) for number in range(1, 7)] == whole
    page.locator(".mozg-tools button").first.click()
    assert len(column(page, 1)) == 1


def test_links_of_rows_that_come_later_lead_to_their_own_rows(show: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mozg.reports.links._base", lambda: "https://chain.example/")
    whole = show().locator("tbody a").evaluate_all("all => all.map(one => one.href)")
    page = show(first=1)
    page.locator(".mozg-tools button").first.click()
    links = page.locator("tbody a")
    assert links.count() == len(ROWS) - 1  # one dish has no name
    same = "all => all.map(one => [one.textContent, [...new URL(one.href).searchParams].sort().join()])"
    assert ["борщ", "date_from,2026-01-01,date_to,2026-01-09,dish,борщ"] in links.evaluate_all(same)
    assert [link.split("?")[0] for link in links.evaluate_all("all => all.map(one => one.href)")] == [
        link.split("?")[0] for link in whole
    ]


def test_a_table_is_kept_as_csv_whole_and_in_its_order(show: Callable, tmp_path: Path) -> None:
    page = show(first=2)
    press(page, "Выручка")
    with page.expect_download() as download:
        page.get_by_role("button", name="Сохранить как CSV").click()
    assert download.value.suggested_filename == "dishes.csv"
    download.value.save_as(tmp_path / "dishes.csv")
    with (tmp_path / "dishes.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:2] == ["Блюдо", "Выручка"]
    assert [row[1] for row in rows] == ["1000000", "12345.67", "99.99", "10.5", "9", "0.05", "0", "-0.5", "-1234.5", ""]
    names = {row[0] for row in rows}
    assert {'Суп, "дня"', "'=1+1", ""} <= names


def test_without_a_script_and_on_paper_there_is_no_control() -> None:
    write = HouseWriter(Owner("demo", "Demo", "RUB", "ru", "Europe/Moscow", "RU"))
    html = table("dishes", "Dishes", ROWS, COLUMNS, write).bundle["text/html"]
    assert not re.search("<button|<script|onclick", html)


def test_a_table_too_large_for_a_page_is_left_to_the_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mozg.pages.sortable.MOST_CELLS", 59)
    write = HouseWriter(Owner("demo", "Demo", "RUB", "ru", "Europe/Moscow", "RU"))
    block = table("dishes", "Dishes", ROWS, COLUMNS, write, shown=ROWS.head(2))
    assert "data-table" not in block.bundle["text/html"]
    assert len(block.bundle[tables.TABLE_MIME]["rows"]) == 10
