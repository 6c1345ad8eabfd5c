import io
import json
import re
from pathlib import Path

import nbformat
import plotly.graph_objects as go
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from mozg.errors import ExportError
from mozg.pages.blocks import FIGURE_MIME
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
        assert re.search(r"Made \w{3} \d+, \d{4}, \d\d:\d\d UTC", text)
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


NAMES = "Борщ Ёжик 麻婆豆腐 点心 宮保鷄丁 ラーメン 김치 ₽ ₸"


def test_names_in_any_of_the_guests_scripts_are_letters_and_not_boxes() -> None:
    drawn = go.Figure(go.Bar(x=[1], y=["麻婆豆腐"], orientation="h", text=["寿司"]))
    bundle = {FIGURE_MIME: json.loads(drawn.to_json())}
    cells = [
        nbformat.v4.new_markdown_cell(f"{NAMES} **{NAMES}**"),
        nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", bundle)]),
    ]
    paper = _read(pdf(paper_page(nbformat.v4.new_notebook(cells=cells), "T")))
    drawn_letters = set().union(*map(_letters, _objects(paper, "/Type0")))
    assert set(NAMES.replace(" ", "")) - drawn_letters == set()
    assert all(name in paper.pages[0].extract_text() for name in ("麻婆豆腐", "寿司", "김치"))


def _letters(font: dict) -> set[str]:
    """The letters that an embedded font has outlines for: a box for an unknown one is its glyph 0."""
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    file = next(descriptor[name] for name in ("/FontFile2", "/FontFile3") if name in descriptor)
    glyphs = TTFont(io.BytesIO(file.get_object().get_data()), fontNumber=0).getGlyphSet()
    order = list(glyphs.keys())
    pairs = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", font["/ToUnicode"].get_object().get_data().decode())
    return {bytes.fromhex(text).decode("utf-16-be") for code, text in pairs if 0 < int(code, 16) < len(order)}


def test_charts_are_lines_and_not_bitmaps(paper: PdfReader, exported: dict[str, Path]) -> None:
    assert _objects(paper, "/Image") == []
    assert exported["pdf"].stat().st_size < 500_000


def test_a_wide_table_turns_its_page_and_the_next_turns_back() -> None:
    row = "<th>Показатель</th>" * 14
    table = (
        f"<table><thead><tr>{row}</tr></thead><tbody><tr>{'<td class=number>1234567.50</td>' * 14}</tr></tbody></table>"
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
    return PdfReader(io.BytesIO(content))
