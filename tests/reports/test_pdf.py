import re
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from mozg.errors import ExportError
from mozg.reports.export import export
from mozg.reports.page import paper_page
from mozg.reports.pdf import pdf

pytestmark = pytest.mark.browser
A4 = (595, 842)


@pytest.fixture(scope="module")
def paper(exported: dict[str, Path]) -> PdfReader:
    return PdfReader(exported["pdf"])


@pytest.fixture(scope="module")
def pages(paper: PdfReader) -> list[str]:
    return [page.extract_text() for page in paper.pages]


def _objects(paper: PdfReader, kind: str) -> list[dict]:
    found = (paper.get_object(IndirectObject(number, 0, paper)) for number in range(1, paper.trailer["/Size"]))
    return [item for item in found if isinstance(item, dict) and kind in (item.get("/Type"), item.get("/Subtype"))]


def test_pages_are_a4_numbered_and_named(paper: PdfReader, pages: list[str]) -> None:
    assert len(pages) > 2
    for number, (page, text) in enumerate(zip(paper.pages, pages, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
        assert f"{number} / {len(pages)}" in text
        assert re.search(r"Made \d{4}-\d\d-\d\d \d\d:\d\d UTC", text)
        assert "Продажи за неделю" in text
    assert paper.metadata.title == "Продажи за неделю"


def test_what_people_read_is_there_and_code_is_not(pages: list[str]) -> None:
    text = "\n".join(pages)
    for shown in ("Организация: demo", "Выручка выросла на 12 %", "Год назад", "Кафе на Тверской", "Пельмени № 119"):
        assert shown in text
    for hidden in ("show_table", "import", "осторожно", "In ["):
        assert hidden not in text


def test_a_long_table_repeats_its_head(pages: list[str]) -> None:
    assert all("Последняя" in text for text in pages if "Пельмени №" in text)
    assert sum("Последняя" in text for text in pages) >= 3


def test_every_font_is_inside(paper: PdfReader) -> None:
    fonts = _objects(paper, "/FontDescriptor")
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_charts_are_lines_and_not_bitmaps(paper: PdfReader, exported: dict[str, Path]) -> None:
    assert _objects(paper, "/Image") == []
    assert exported["pdf"].stat().st_size < 500_000


def test_a_wide_table_turns_its_page_and_the_next_turns_back() -> None:
    row = "<th>Показатель</th>" * 12
    table = (
        f"<table><thead><tr>{row}</tr></thead><tbody><tr>{'<td class=number>1234567.50</td>' * 12}</tr></tbody></table>"
    )
    shown = nbformat.v4.new_output("display_data", {"text/html": table})
    cells = [
        nbformat.v4.new_markdown_cell("# Сеть"),
        nbformat.v4.new_markdown_cell("## Широкая"),
        nbformat.v4.new_code_cell(outputs=[shown]),
        nbformat.v4.new_markdown_cell("## Дальше"),
    ]
    paper = _read(pdf(paper_page(nbformat.v4.new_notebook(cells=cells), "T")))
    assert [page.mediabox.width > page.mediabox.height for page in paper.pages] == [False, True, False]
    assert "Широкая" in paper.pages[1].extract_text()


def test_a_picture_from_elsewhere_is_an_error() -> None:
    cells = [nbformat.v4.new_markdown_cell("![logo](http://127.0.0.1:9/logo.png)")]
    with pytest.raises(ExportError, match=r"http://127\.0\.0\.1:9/logo\.png, which is not inside it"):
        pdf(paper_page(nbformat.v4.new_notebook(cells=cells), "T"))


def test_a_failed_notebook_is_not_exported(tmp_path: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="нет чеков", traceback=[])
    path = tmp_path / "run.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[error])]), path)
    with pytest.raises(ExportError, match="failed in cell 0"):
        export(path, ["html"], title="T")
    assert [file.name for file in tmp_path.iterdir()] == ["run.ipynb"]


def _read(content: bytes) -> PdfReader:
    import io

    return PdfReader(io.BytesIO(content))
