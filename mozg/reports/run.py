"""One run of a report: papermill executes its notebook into the archive, under a readable id."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from mozg.errors import RunFailed
from mozg.language import Sentence, later
from mozg.reports import engine
from mozg.reports.catalogue import Report
from mozg.reports.parameter import Value
from mozg.reports.warm import STOCK, kernel_of_next_run

#: What notebooks that people keep say of their kernel.
KERNEL = STOCK
IN_A_CELL = later("The report {report} failed in cell {cell}: {error}. The notebook as far as it got is {notebook}.")
TOO_LONG = later(
    "The report {report} failed because it took longer than {seconds} seconds. The notebook as far as it got is "
    "{notebook}."
)
DIED = later(
    "The report {report} failed because its kernel died, most likely for lack of memory. The notebook as far as it got "
    "is {notebook}."
)


def new_run_id(report: str, organization: str, now: datetime | None = None) -> str:
    """Return a run's id, ``<report>-<organization>-<YYYYMMDDTHHMMSS>-<4 hex>`` in UTC; it is its files' stem."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    owner = re.sub(r"[^a-z0-9_]+", "-", organization.lower()).strip("-")
    return f"{report}-{owner}-{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"


def execute(
    report: Report, parameters: Mapping[str, Value], env: Mapping[str, str], run_id: str, folder: Path, timeout: int
) -> Path:
    """Run `report` once and return the executed notebook, ``<folder>/<run_id>.ipynb``.

    `parameters` come from `Report.validate`. `env` is given to the kernel and written nowhere. `timeout` is in
    seconds, for the whole run.

    Raises:
        RunFailed: there is no such notebook, the id is taken, a cell failed, or time ran out.
    """
    output = folder / f"{run_id}.ipynb"
    if not report.notebook.is_file():
        raise RunFailed(f"The report {report.name} has no notebook: {report.notebook} does not exist.")
    if output.exists():
        raise RunFailed(f"{output} exists already. Run the report again for a new id.")
    folder.mkdir(parents=True, exist_ok=True)
    where = {"report": report.name, "notebook": output}
    try:
        _papermill(report, parameters, env, output, timeout)
    except PapermillExecutionError as error:
        of = {"cell": error.cell_index, "error": f"{error.ename}: {error.evalue}".rstrip(".")}
        raise RunFailed(Sentence(IN_A_CELL, **of, **where)) from error
    except CellTimeoutError as error:
        raise RunFailed(Sentence(TOO_LONG, seconds=timeout, **where)) from error
    except DeadKernelError as error:
        raise RunFailed(Sentence(DIED, **where)) from error
    return output


def _papermill(
    report: Report, parameters: Mapping[str, Value], env: Mapping[str, str], output: Path, timeout: int
) -> None:
    papermill.execute_notebook(
        str(report.notebook),
        str(output),
        parameters=dict(parameters),
        engine_name=engine.NAME,
        kernel_name=kernel_of_next_run(),
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,  # once at the end, or where it fails, is enough
        env=env,
        run_timeout=timeout,
    )
