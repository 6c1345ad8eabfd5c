"""The revenue forecast: its report, and its points for whoever asks later how good it was."""

from prefect import flow, get_run_logger
from prefect.client.schemas import State
from prefect.states import Completed

from flows.names import run_name
from flows.reports import told, wanted
from mozg.access.organizations import find_organization
from mozg.reports.points import keep_points
from mozg.reports.service import run_report

REPORT = "forecast_revenue"


@flow(flow_run_name=run_name("organization"))
def forecast(organization: str) -> State[None]:
    """Run the revenue forecast's report and keep what it forecast."""
    owner = find_organization(organization)
    result = run_report(owner, REPORT, {}, wanted(REPORT, None))
    kept = keep_points(owner, result)
    get_run_logger().info(f"Kept {kept} forecast days.")
    return Completed(message=told(result))
