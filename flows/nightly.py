"""The night's work: tills, then forecasts, then reports."""

from prefect import flow
from prefect.client.schemas import State
from prefect.states import Completed

from flows.forecast import REPORT, forecast
from flows.names import run_name
from flows.reports import report
from flows.sync import sync
from mozg.reports.catalogue import all_reports


@flow(flow_run_name=run_name("organization"))
def nightly(organization: str, everything: bool = False) -> State[None]:
    """Read the tills, forecast, and run the reports that have no hour of their own, or with ``everything`` all.

    Each step is done even if one before it failed: reports say how fresh their data are. The run then fails with
    the words of the first step that did.
    """
    names = [one.name for one in all_reports() if one.name != REPORT and (everything or one.schedule is None)]
    states = [sync(organization, return_state=True), forecast(organization, return_state=True)]
    states += [report(organization, name, return_state=True) for name in names]
    for state in states:
        state.result()
    return Completed(message=f"Tills read, revenue forecast, {len(names)} other reports run.")
