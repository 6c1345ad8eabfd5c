"""Tills → record → lake."""

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State, TaskRun
from prefect.futures import wait
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.limits import create_limits, only_reader
from flows.names import run_name
from mozg.access.organizations import find_organization
from mozg.access.venues import find_venue, venues_of
from mozg.errors import StoreError, TillBusy, TillUnreachable
from mozg.lake.refresh import refresh
from mozg.sync.engine import sync_venue

#: What may be over when it is tried again. A wrong password will not be.
PASSING = (TillUnreachable, TillBusy, StoreError)
#: Seconds before each further try.
PAUSES: list[float] = [20, 60, 180]
TILLS_AT_ONCE = 8


def may_pass(task: Any, run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a failed reading is worth another try."""
    return isinstance(state.result(raise_on_failure=False), PASSING)


@task(
    task_run_name="read {venue}",
    retries=len(PAUSES),
    retry_delay_seconds=PAUSES,
    retry_condition_fn=may_pass,
    cache_policy=NO_CACHE,
)
def read_till(organization: str, venue: str) -> int:
    """Read one venue's till into the record and return how many rows were new or changed."""
    owner = find_organization(organization)
    place = find_venue(owner, venue)
    with only_reader(place):
        done = sync_venue(owner, place)
    get_run_logger().info(
        f"Read {venue} from {done.first} to {done.last}: {done.read} rows, {done.changed} of them new or changed."
    )
    return done.changed


@task(task_run_name="refresh the lake of {organization}", cache_policy=NO_CACHE)
def refresh_lake(organization: str) -> int:
    """Bring the lake up to the record and return its snapshot."""
    done = refresh(find_organization(organization))
    get_run_logger().info(f"Wrote {done.venue_days} venue-days; the lake's snapshot is {done.snapshot}.")
    return done.snapshot


@flow(
    flow_run_name=run_name("organization"),
    task_runner=ThreadPoolTaskRunner(max_workers=TILLS_AT_ONCE),  # type: ignore[arg-type]  # Prefect's own types disagree
)
def sync(organization: str) -> State[None]:
    """Read every till of an organisation, then refresh its lake.

    A till that fails does not keep the others from the lake, but the run fails with its words.
    """
    venues = [venue for venue in venues_of(find_organization(organization)) if venue.pos != "files"]
    create_limits(venues)
    readings = [read_till.submit(organization, venue.name) for venue in venues]
    wait(readings)
    snapshot = refresh_lake(organization)
    changed = sum(reading.result() for reading in readings)
    return Completed(message=f"{len(venues)} tills read, {changed} rows new or changed, snapshot {snapshot}.")
