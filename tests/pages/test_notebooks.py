"""The notebooks as papermill runs them, and as Voila shows them to a browser."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from mozg.access.scope import Scope
from mozg.lake.reader import kernel_environment
from mozg.pages.outcome import outcome, sections
from mozg.reports.catalogue import load
from mozg.reports.engine import kernel_environment as without_secrets
from mozg.reports.run import execute
from mozg.reports.tables import header, tables
from mozg.settings import settings

CHROMIUM = shutil.which("chromium")
SALES = 9
ALL_FIGURES = "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 7"
FORECAST = 4


@pytest.fixture
def environment(chain_organization):
    return kernel_environment(chain_organization, Scope("chain", "anna", "manager"), None, 10)


def ran(name, environment, folder, **given):
    report = load(name)
    values = report.validate({"organization": "chain"} | given)
    return nbformat.read(execute(report, values, environment, name, folder, 300), as_version=4)


@pytest.mark.slow
def test_the_sales_notebook_runs_whole(environment, tmp_path):
    run = ran("sales", environment, tmp_path, date_from="2026-10-19", date_to="2026-10-25", compare="last_year")
    assert outcome(run) == "ok"
    assert len(sections(run)) == SALES
    assert {"revenue_by_day", "by_venue", "movers"} <= {table.name for table in tables(run)}
    assert all(list(table.values()) for table in tables(run))
    assert dict(header(run, "").lines)["Организация"] == "Сеть «Проба»"


@pytest.mark.slow
def test_an_empty_period_is_a_run_without_content(environment, tmp_path):
    run = ran("sales", environment, tmp_path, date_from="2030-01-01", date_to="2030-01-31")
    assert outcome(run) == "ok-empty"


@pytest.mark.slow
def test_the_forecast_notebook_runs_whole(environment, tmp_path):
    run = ran("forecast_revenue", environment, tmp_path, date_to="2026-10-31", horizon_days=14)
    assert outcome(run) == "ok"
    assert len(sections(run)) == FORECAST
    found = {table.name: table for table in tables(run)}
    assert len({row[1] for row in found["forecast"].rows}) == 3
    assert {row[0] for row in found["forecast"].rows} == {f"2026-11-{day:02d}" for day in range(1, 15)}
    assert "да" in {row[-1] for row in found["past_errors"].rows}


@pytest.fixture
def voila(environment, tmp_path):
    """The address of a standalone Voila that shows the sales notebook for the chain."""
    notebook = nbformat.read(settings().project_path / "notebooks" / "sales.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('"demo"', '"chain"').replace('"last_week"', '"2026-10-19"', 1)
        cell.source = cell.source.replace('"last_week"', '"2026-10-25"')
    nbformat.write(notebook, tmp_path / "sales.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "voila", str(tmp_path / "sales.ipynb"), "--no-browser", f"--port={port}"]
    with (tmp_path / "voila.log").open("wb") as log:
        process = subprocess.Popen(
            [*program, "--Voila.ip=127.0.0.1"],
            env=without_secrets(environment) | {"JUPYTER_PLATFORM_DIRS": "1", "HOME": os.environ["HOME"]},
            stdout=log,
            stderr=log,
            cwd=tmp_path,
        )
        yield f"http://127.0.0.1:{port}/"
        process.terminate()
        process.wait(20)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on PATH")
def test_another_period_changes_the_page_in_a_browser(voila, tmp_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        connect(page, voila)
        page.wait_for_selector(".mozg-tile strong", timeout=90_000)
        page.wait_for_function(ALL_FIGURES, timeout=30_000)
        before = page.inner_text(".mozg-lead >> nth=0")
        page.get_by_label("С", exact=True).fill("2026-10-05")
        page.wait_for_function(f"document.querySelector('.mozg-lead').innerText !== {before!r}", timeout=30_000)
        assert "5–25" in page.inner_text(".mozg-header")
        page.wait_for_function(ALL_FIGURES, timeout=30_000)
        page.screenshot(path=tmp_path / "dashboard.png", full_page=True)
        browser.close()
    assert Path(tmp_path / "dashboard.png").stat().st_size > 50_000


def connect(page, address):
    """Open the address as soon as the server listens."""
    for _ in range(60):
        try:
            page.goto(address, timeout=60_000)
            return
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(500)
    raise TimeoutError(f"{address} does not answer")
