"""Tills → record → lake → the first paints of dashboards."""

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State, TaskRun
from prefect.futures import wait
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.limits import create_limits, only_reader
from flows.names import run_name
from mozg.access.organizations import find_organization
from mozg.access.venues import find_venue, venues_of
from mozg.errors import StoreError, TillBusy, TillUnreachable
from mozg.lake.refresh import refresh
from mozg.reports.painting import repaint
from mozg.sync.engine import Parts, Synced, sync_venue

#: What may be over when it is tried again. A wrong password will not be.
PASSING = (TillUnreachable, TillBusy, StoreError)
#: Seconds before each further try.
PAUSES: list[float] = [20, 60, 180]
TILLS_AT_ONCE = 8


def may_pass(task: Any, run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a failed reading is worth another try."""
    return isinstance(state.result(raise_on_failure=False), PASSING)


@task(
    task_run_name="read {venue}, {parts}",
    retries=len(PAUSES),
    retry_delay_seconds=PAUSES,
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
)
def read_till(organization: str, venue: str, parts: Parts = "all") -> tuple[int, int]:
    """Read one venue's till into the record; return how many rows were new or changed and how many days are left."""
    owner = find_organization(organization)
    place = find_venue(owner, venue)
    with only_reader(place):
        done = sync_venue(owner, place, parts=parts)
    _log(done)
    return done.changed, done.history_left


@task(task_run_name="refresh the lake of {organization}", cache_policy=NO_CACHE)
def refresh_lake(organization: str) -> int:
    """Bring the lake up to the record and return its snapshot."""
    done = refresh(find_organization(organization))
    get_run_logger().info(f"Wrote {done.venue_days} venue-days; the lake's snapshot is {done.snapshot}.")
    return done.snapshot


@task(task_run_name="repaint the dashboards of {organization}", cache_policy=NO_CACHE)
def repaint_dashboards(organization: str) -> int:
    """Draw anew how the dashboards that people open look at first, and return how many."""
    made = repaint(find_organization(organization))
    get_run_logger().info(f"Drew {made} first paints.")
    return made


@flow(
    flow_run_name=run_name("organization"),
    task_runner=ThreadPoolTaskRunner(max_workers=TILLS_AT_ONCE),  # type: ignore[arg-type]  # Prefect's own types disagree
)
def sync(organization: str) -> State[None]:
    """Read every till of an organisation, then refresh its lake and the first paints of its dashboards; then history.

    A till that fails does not keep the others from the lake, but the run fails with the words of each. A paint that
    fails does not: its dashboard opens with the one before. History that was not read yet follows when the last days
    are shown.
    """
    venues = [venue for venue in venues_of(find_organization(organization)) if venue.pos != "files"]
    create_limits(venues)
    recent = _read(organization, [venue.name for venue in venues], "recent")
    snapshot = refresh_lake(organization)
    repaint_dashboards(organization, return_state=True)
    older = [name for name, one in recent.items() if one.state.is_completed() and one.result()[1]]
    history = _read(organization, older, "history")
    snapshot = refresh_lake(organization) if history else snapshot
    readings = [*recent.items(), *history.items()]
    failed = [f"{name}: {one.result(raise_on_failure=False)}" for name, one in readings if one.state.is_failed()]
    if failed:
        return Failed(message=" ".join(failed))
    changed = sum(one.result()[0] for _, one in readings)
    return Completed(message=f"{len(venues)} tills read, {changed} rows new or changed, snapshot {snapshot}.")


def _read(organization: str, names: list[str], parts: Parts) -> dict[str, Any]:
    readings = {name: read_till.submit(organization, name, parts) for name in names}
    wait(list(readings.values()))
    return readings


def _log(done: Synced) -> None:
    log, name = get_run_logger(), done.venue.name
    log.info(f"Read {name} from {done.first} to {done.last}: {done.read} rows, {done.changed} of them new or changed.")
    for stream, why in done.troubles.items():
        log.warning(f"{name}: {stream} could not be read. {why}")
    for day in done.differences:
        log.warning(
            f"{name}: the cash shifts of {day.business_date} come to {day.till_revenue}, its receipts to {day.revenue}."
        )
