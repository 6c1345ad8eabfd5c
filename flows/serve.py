"""The process that holds the schedules of every organisation and runs the flows: ``python -m flows.serve``."""

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron

from flows.forecast import forecast
from flows.limits import create_limits
from flows.nightly import nightly
from flows.reports import report
from flows.sync import sync
from mozg.access.organizations import Organization, organizations
from mozg.access.venues import venues_of
from mozg.reports.catalogue import all_reports

HOURLY, NIGHTLY = "{minute} * * * *", "{minute} 4 * * *"
AT_ONCE = 2


def deployments() -> list[RunnerDeployment]:
    """Return the deployments of every organisation of this installation; their hours are in its time zone."""
    return [one for organization in organizations() for one in deployments_of(organization)]


def deployments_of(organization: Organization) -> Iterator[RunnerDeployment]:
    """Yield ``sync/<slug>``, ``forecast/<slug>``, ``nightly/<slug>`` and ``report/<slug>-<report>`` for each report."""
    slug = organization.slug
    minute = minute_of(organization)
    yield _deployment(sync, organization, slug, HOURLY.format(minute=minute))
    yield _deployment(forecast, organization, slug, None)
    yield _deployment(nightly, organization, slug, NIGHTLY.format(minute=minute))
    for declared in all_reports():
        cron = declared.schedule.cron if declared.schedule else None
        yield _deployment(report, organization, f"{slug}-{declared.name}", cron, {"name": declared.name})


def minute_of(organization: Organization) -> int:
    """Return the minute at which an organisation's tills are read: its own, or all would be asked at once."""
    return crc32(organization.slug.encode()) % 60


def main() -> None:
    """Create the limits, register the deployments, and run what is due until SIGTERM."""
    create_limits(venue for organization in organizations() for venue in venues_of(organization))
    serve(*deployments(), limit=AT_ONCE)


def _deployment(
    flow: Flow[..., Any],
    organization: Organization,
    name: str,
    cron: str | None,
    parameters: dict[str, str] | None = None,
) -> RunnerDeployment:
    # A run that is due while the one before still runs is not worth queueing: that one does the same work.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    made = flow.to_deployment(
        name,
        schedule=Cron(cron, timezone=organization.timezone) if cron else None,
        parameters={"organization": organization.slug, **(parameters or {})},
        tags=[organization.slug],
        concurrency_limit=None if flow is report else alone,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs
    return made


if __name__ == "__main__":
    main()
