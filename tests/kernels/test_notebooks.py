"""Every notebook of the project puts out the same in a forked kernel as in a stock one; ``make test`` tries two."""

import json
import re
from pathlib import Path

import papermill
import pytest

from mozg.access.scope import Scope
from mozg.kernels.forkserver import FORK_SERVERS
from mozg.lake.reader import kernel_environment
from mozg.reports import engine, warm

#: One that draws most, and one that starts processes and threads of its own.
ALWAYS = {"sales", "forecast_revenue"}
NOTEBOOKS = [
    pytest.param(path, id=path.stem, marks=() if path.stem in ALWAYS else pytest.mark.soak)
    for path in sorted(Path(__file__).parents[2].joinpath("notebooks").rglob("*.ipynb"))
]
GIVEN = {"date_from": "2026-10-19", "date_to": "2026-10-25"}
#: What differs between two runs in stock kernels, too: names that are made up, the time of day, a kernel's process.
CHANCE = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b\d\d:\d\d(:\d\d)?\b|\bipykernel_\d+|\bmozg-[0-9a-f]{6,}|'[0-9a-f]{32}'"
)


def outputs(notebook, environment, kernel, folder):
    ran = papermill.execute_notebook(
        str(notebook), str(folder / f"{kernel}.ipynb"), GIVEN | {"organization": "chain"}, engine_name=engine.NAME,
        kernel_name=kernel, language="python", progress_bar=False, env=environment, run_timeout=300,
    )  # fmt: skip
    found = [cell.outputs for cell in ran.cells if cell.cell_type == "code"]
    return CHANCE.sub("…", json.dumps(found, indent=1, ensure_ascii=False)).splitlines()


@pytest.fixture
def environment(chain_organization):
    return kernel_environment(chain_organization, Scope("chain", "olga", "owner"), None, 10)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_puts_out_the_same(notebook, environment, tmp_path):
    stock, warm_ = (outputs(notebook, environment, name, tmp_path) for name in (warm.STOCK, warm.WARM))
    assert any(server.is_alive for server in FORK_SERVERS.running()), "nothing was forked"
    assert len(stock) > 50
    assert warm_ == stock
