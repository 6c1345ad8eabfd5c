"""An analyst comes in, finds the notebooks, and works."""

import subprocess
import sys
import time

import httpx
import nbformat
import pytest
from playwright.sync_api import sync_playwright

from mozg.access.sessions import COOKIE
from mozg.reports import figures
from mozg.serve import services

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kernel(ann):
    return ann.start_kernel()


def test_it_opens_at_the_analysts_own_notebooks(ann):
    page = ann.come_in()
    assert page.status_code == 200
    assert page.url.path == f"/lab/workspaces/{ann.folder}/tree/{ann.folder}/notebooks"
    listed = ann.send("GET", f"/api/contents/{ann.folder}/notebooks").json()["content"]
    assert {"sales.ipynb", "forecast_revenue.ipynb"} <= {file["name"] for file in listed}


@pytest.mark.browser
def test_the_page_opens_a_notebook_runs_it_and_asks_nobody_else(ann, server):
    outside = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(figures.browser()), args=["--no-sandbox"])
        page = browser.new_page()
        page.context.add_cookies([{"name": COOKIE, "value": ann.cookie, "url": server[1]}])
        own = (server[1], server[1].replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(own) or outside.append(request.url))
        page.goto(f"{server[1]}/")
        page.dblclick(".jp-DirListing-item >> text=sales.ipynb", timeout=60_000)
        page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=60_000)
        page.click("text=Run")
        page.click("text=Run All Cells")
        page.wait_for_selector(".jp-OutputArea-output >> text=When it is busy", timeout=60_000)
        browser.close()
    assert outside == []


def test_every_section_of_the_sales_notebook_runs(ann, kernel):
    """As it was put there for this organisation, and cell by cell."""
    saved = ann.send("GET", f"/api/contents/{ann.folder}/notebooks/sales.ipynb").json()["content"]
    notebook = nbformat.from_dict(saved)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert 'organization = "ours"' in "".join(cells)
    period = 'date_from = date_to = "2026-03-02"\ncompare = "none"'
    printed = ann.run(kernel, *cells[:2], period, *cells[2:])
    assert "10 000" in "".join(printed).replace("\xa0", " ").replace(",", " ")
    assert [text for text in printed if "Traceback" in text or '"incident": "' in text] == []


def test_commands_of_a_cell_run_and_show_what_they_print(ann, kernel):
    printed = ann.run(kernel, "!psql -Atc 'SELECT count(*) FROM receipts'", "%%bash\necho $HOME", "a = 'tt'\n!{a}y")
    assert printed[0].strip() == "100"
    assert ann.folder in printed[1]
    assert "not a tty" in printed[2]


def test_a_restarted_kernel_is_within_the_same_walls(ann, kernel):
    answer = ann.send("POST", f"/api/kernels/{kernel}/restart")
    assert answer.status_code == 200, answer.text
    (printed,) = ann.run(kernel, "import os\ntry: os.listdir('/proc')\nexcept OSError as error: print(error.errno)")
    assert printed.strip() == "13"
    assert ann.send("POST", f"/api/kernels/{kernel}/interrupt").status_code == 204


def test_a_deleted_notebook_comes_back(ann):
    path = f"/api/contents/{ann.folder}/notebooks/sales.ipynb"
    assert ann.send("DELETE", path).status_code == 204
    assert ann.send("GET", path).status_code == 404
    ann.come_in()
    assert ann.send("GET", path).status_code == 200


@pytest.fixture
def from_the_terminal(ours, ann, project):
    """`mozg lab`, with a browser that does nothing; its output and the address that it prints."""
    code = (
        "from mozg.access.organizations import find_organization as f\nfrom mozg.serve.lab import lab\nlab(f('ours'))"
    )
    environment = {**services.environment(), "MOZG_PROJECT": str(project), "BROWSER": "true"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    line = process.stdout.readline()
    yield process, line.split()[-1]
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


def test_whoever_starts_it_in_a_terminal_is_signed_in_once(from_the_terminal):
    process, address = from_the_terminal
    base = address.rpartition("/let-in/")[0]
    assert base.startswith("http://127.0.0.1:")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{base}/api")
            break
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.2)
    assert httpx.get(f"{base}/let-in/{'x' * 32}").status_code == 403
    with httpx.Client() as browser:
        assert browser.get(f"{base}/desk").headers["location"].startswith("http://127.0.0.1:8000/sign-in?next=")
        assert browser.get(address).headers["location"] == "/desk"
        assert browser.get(f"{base}/", follow_redirects=True).url.path.startswith("/lab/workspaces/")
    assert httpx.get(address).status_code == 403
