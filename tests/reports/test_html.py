import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from mozg.pages.blocks import HEADER_MIME
from mozg.reports.page import live_page, paper_page

pytestmark = pytest.mark.browser
DRAWN = "() => document.querySelectorAll('.js-plotly-plot .main-svg').length > 2"
COLOUR = "element => getComputedStyle(element).backgroundColor"
CUT = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Open a file; give the page and everything it asked for or complained about."""
    pages = []

    def opened(path: Path, width: int = 1440, scheme: str = "light") -> tuple[Page, list[str]]:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        heard: list[str] = []
        page.on("request", lambda request: heard.append(request.url))
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(path.as_uri())
        return page, [address for address in heard if not address.startswith(("file:", "data:", "blob:"))]

    yield opened
    for page in pages:
        page.close()


@pytest.mark.parametrize(
    ("width", "scheme", "background"), [(390, "light", "rgb(255, 255, 255)"), (1440, "dark", "rgb(20, 20, 20)")]
)
def test_the_page_opens_offline_asks_for_nothing_and_fits(
    visit: Callable, exported: dict[str, Path], width: int, scheme: str, background: str
) -> None:
    page, heard = visit(exported["html"], width, scheme)
    page.wait_for_function(DRAWN)
    assert heard == []
    assert page.evaluate(CUT) <= 0
    assert page.eval_on_selector("body", COLOUR) == background
    assert page.eval_on_selector(".figure", COLOUR) == "rgb(255, 255, 255)"
    for figure in page.query_selector_all(".js-plotly-plot .main-svg"):
        assert figure.bounding_box()["width"] <= width - 36


def test_figures_are_live_and_numbers_stand_right(visit: Callable, exported: dict[str, Path]) -> None:
    page, _ = visit(exported["html"], 1080)  # so narrow that a pointer in the middle is near a day
    page.wait_for_function(DRAWN)
    page.locator(".js-plotly-plot .nsewdrag").first.hover()
    page.wait_for_selector(".hoverlayer .hovertext")
    align = "cells => cells.map(cell => getComputedStyle(cell).textAlign)"
    assert page.eval_on_selector_all("tbody tr:first-child td", align)[:5] == [
        "left",
        "left",
        "right",
        "right",
        "right",
    ]
    digits = page.eval_on_selector("table", "element => getComputedStyle(element).fontVariantNumeric")
    assert digits == "tabular-nums"


def test_no_code_no_warnings_no_machine_tables(exported: dict[str, Path]) -> None:
    text = exported["html"].read_text()
    body = text[text.index("<main>") :]
    assert "Итого: 120 блюд" in body
    assert "Снимок: 42" in body
    for hidden in ("осторожно", "show_table(", "vnd.mozg", "import plotly"):
        assert hidden not in body
    assert text.count("<h1") == 1
    assert text.count("plotly.js v") == 1


def test_a_page_without_figures_carries_no_plotly(tmp_path: Path) -> None:
    bare = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Всё спокойно.")])
    page = live_page(bare, "Итоги <дня>")
    assert "<h1>Итоги &lt;дня&gt;</h1>" in page
    assert len(page) < 20_000


def test_a_page_that_wants_the_network_does_not_get_it(visit: Callable, tmp_path: Path) -> None:
    wants = nbformat.v4.new_markdown_cell(
        '![logo](https://example.org/logo.png)\n\n<script src="//example.org/x.js"></script>'
    )
    path = tmp_path / "wants.html"
    path.write_text(live_page(nbformat.v4.new_notebook(cells=[wants]), "T"))
    page, heard = visit(path)
    assert page.evaluate("() => document.images[0].naturalWidth") == 0
    assert all("Content Security Policy" in line or "example.org" in line for line in heard)
    assert page.evaluate("() => performance.getEntriesByType('resource').filter(e => e.transferSize).length") == 0


def _report(language: str, heading: str, title: str) -> nbformat.NotebookNode:
    header = {"title": title, "lines": [["Организация", "Проба"]], "language": language}
    shown = nbformat.v4.new_output("display_data", {"text/html": "<p>Чеки</p>", HEADER_MIME: header})
    cells = [nbformat.v4.new_markdown_cell(heading), nbformat.v4.new_code_cell(outputs=[shown])]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_page_is_in_the_language_of_its_report() -> None:
    notebook = _report("ru", "# Sales\n\nA word.", "Продажи <*>")
    for page in (live_page(notebook, "Продажи"), paper_page(notebook, "Продажи")):
        assert '<html lang="ru">' in page
        assert re.search(r"[Сс]оздано \w{3} \d", page)
        assert re.search(r"<h1[^>]*>Продажи &lt;\*&gt;</h1>", page)
        assert "A word." in page
        assert "Sales" not in page
    assert "# Sales" in notebook.cells[0].source


def test_a_page_without_a_header_keeps_its_heading_and_is_english() -> None:
    page = live_page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Sales")]), "T")
    assert '<html lang="en">' in page
    assert "Sales</h1>" in page
