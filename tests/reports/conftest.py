"""Small notebooks that display what a report displays, run by papermill in a real kernel."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, sync_playwright

from mozg.reports import catalogue, figures
from mozg.reports.catalogue import Report
from mozg.reports.export import export
from mozg.reports.run import execute

SETUP = """
import json
import plotly.graph_objects as go
from IPython.display import display

def show_table(name, title, columns, rows):
    kind = lambda k: "" if k in ("text", "date", "weekday") else "number"
    cell = lambda v, k: f'<td class="{kind(k)}">{"—" if v is None else v}</td>'
    head = "".join(f'<th class="{kind(k)}">{l}</th>' for _, l, k in columns)
    body = "".join("<tr>" + "".join(cell(v, c[2]) for v, c in zip(row, columns)) + "</tr>" for row in rows)
    table = {"name": name, "title": title, "rows": rows,
             "columns": [{"name": n, "label": l, "kind": k} for n, l, k in columns]}
    page = f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    display({"text/html": page, "application/vnd.mozg.table+json": table, "text/plain": title}, raw=True)

def show_header(title, lines):
    page = "<p class=muted>" + "<br>".join(f"{label}: {value}" for label, value in lines) + "</p>"
    header = {"title": title, "lines": lines}
    display({"text/html": page, "application/vnd.mozg.header+json": header, "text/plain": title}, raw=True)
"""

PARAMETERS = """
organization: str = ""
venues: list[str] = []
date_from: str = "last_week"
date_to: str = "last_week"
"""

SALES = [
    "# Продажи за неделю",
    """show_header("Продажи за неделю", [["Организация", organization], ["Заведения", ", ".join(venues)],
    ["Период", f"{date_from} – {date_to}"], ["Сравнение", "=нет"], ["Снимок", "42"]])""",
    "## Выручка по дням",
    """
days = [f"2026-01-{day:02d}" for day in range(1, 29)]
figure = go.Figure(go.Scatter(x=days, y=[1000 + 37 * (d * d % 17) for d in range(28)], name="Этот период"))
figure.add_scatter(x=days, y=[1000 + 31 * (d * d % 13) for d in range(28)], name="Год назад")
figure.update_layout(title="<b>Выручка выросла на 12 %</b>", height=360, meta={"alt": "Выручка выросла. График."})
figure.show()""",
    "## Когда полно",
    """
heat = go.Figure(go.Heatmap(z=[[(h * d) % 11 if (h + d) % 7 else None for h in range(14)] for d in range(7)],
    x=[f"{h:02d}" for h in range(9, 23)], y="Пн Вт Ср Чт Пт Сб Вс".split(), xgap=2, ygap=2))
heat.update_layout(title="Час и день недели")
heat.show()""",
    "## По заведениям",
    """
show_table("by_venue", "Выручка по заведениям", [["venue", "Заведение", "text"], ["day", "День", "date"],
    ["revenue", "Выручка", "money"], ["checks", "Чеки", "integer"], ["share", "Доля", "percent"]],
    [["Кафе на Тверской", "2026-01-01", "120500.50", 310, 0.615], ["=1+1", "2026-01-02", None, None, None],
     ["+7 999 000", "2026-01-03", "-20.10", 3, 0.385]])
show_table("dishes", "Блюда",
    [["dish", "Блюдо", "text"], ["revenue", "Выручка", "money"], ["at", "Последняя", "datetime"]],
    [[f"Пельмени № {n}", f"{n * 13.5:.2f}", "2026-01-03T21:40:00+03:00"] for n in range(120)])""",
    "import sys; print('осторожно', file=sys.stderr)\nprint('Итого: 120 блюд')",
]
GIVEN = {
    "organization": "demo",
    "venues": ["Тверская", "Арбат"],
    "date_from": "2026-01-01",
    "date_to": "2026-01-31",
}
TITLE = "Продажи за неделю"


def _notebook(path: Path, cells: list[str], parameters: str = PARAMETERS) -> Path:
    """Write a notebook of `cells` (Markdown when they begin with #) after a parameters cell, and return its path."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    for source in cells:
        kind = nbformat.v4.new_markdown_cell if source.startswith("#") else nbformat.v4.new_code_cell
        made.cells.append(kind(source))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


@pytest.fixture(scope="session")
def sales() -> Report:
    return catalogue.load("sales")


@pytest.fixture(scope="session")
def write(sales: Report) -> Callable[..., Report]:
    """Make a report whose notebook holds the given cells."""

    def written(folder: Path, *cells: str, parameters: str = PARAMETERS) -> Report:
        return replace(sales, notebook=_notebook(folder / "notebooks" / "sales.ipynb", list(cells), parameters))

    return written


@pytest.fixture(scope="session")
def executed(write: Callable[..., Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sales")
    return execute(write(folder, SETUP, *SALES), GIVEN, {}, "sales-demo-20260201T070000-0a1b", folder, 120)


@pytest.fixture(scope="session")
def exported(executed: Path) -> dict[str, Path]:
    return export(executed, ["html", "pdf", "xlsx"], title=TITLE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file: as long as it is open, no event loop can be run in this thread."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=figures.browser(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session", autouse=True)
def _no_browser_left() -> object:
    yield
    figures.close()
