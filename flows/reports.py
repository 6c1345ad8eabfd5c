"""One run of one report."""

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas import State
from prefect.states import Completed

from flows.names import run_name
from mozg.access.organizations import find_organization
from mozg.reports.catalogue import load
from mozg.reports.service import RunResult, run_report


@flow(flow_run_name=run_name("name", "organization"))
def report(
    organization: str, name: str, parameters: dict[str, Any] | None = None, formats: list[str] | None = None
) -> State[None]:
    """Run the report ``name`` and export it, by default in every format that it declares."""
    result = run_report(find_organization(organization), name, parameters or {}, wanted(name, formats))
    return Completed(message=told(result))


def wanted(name: str, formats: list[str] | None) -> list[Any]:
    """Return ``formats``, or those that the report declares when none are named."""
    return list(load(name).formats) if formats is None else formats


def told(result: RunResult) -> str:
    """Say in the log what a run made, and return it in short."""
    files = ", ".join(str(path) for path in result.files.values()) or str(result.notebook)
    get_run_logger().info(f"{result.run_id} took {result.seconds:.1f} s and ended as {result.outcome}: {files}.")
    return f"{result.run_id}: {result.outcome}."
