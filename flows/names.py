"""Names under which people find a flow run in Prefect."""

from collections.abc import Callable
from datetime import UTC, datetime

from prefect.runtime import flow_run


def run_name(*parameters: str) -> Callable[[], str]:
    """Return a function that names the run it is called in: flow, ``parameters``, day; "sync demo 2026-11-23"."""

    def name() -> str:
        given = flow_run.get_parameters()
        words = [str(flow_run.get_flow_name()), *(str(given[one]) for one in parameters)]
        return " ".join([*words, f"{datetime.now(UTC):%Y-%m-%d}"])

    return name
