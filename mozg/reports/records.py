"""The record of runs: who may see which, where their files are, and which of them nobody works on any more."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Row, cast, func, select, update

from mozg.access.organizations import Organization, organizations
from mozg.access.users import User
from mozg.language import later
from mozg.reports.catalogue import Format, readable
from mozg.settings import settings
from mozg.store.database import app_engine, transaction
from mozg.store.tables import ReportRun

#: A run is noted a moment before somebody begins to work on it.
A_MOMENT = timedelta(seconds=5)
ABANDONED = later("The process that ran this report was ended before the report was done. Run the report again.")


@dataclass(frozen=True)
class Run:
    """One run of a report as it stands. ``formats`` are those whose files were made; ``number`` grows with time."""

    number: int
    run_id: str
    report: str
    outcome: str
    parameters: Mapping[str, Any]
    asked_by: str
    snapshot: int | None
    started_at: datetime
    ended_at: datetime | None
    formats: tuple[Format, ...]
    error: str | None

    @property
    def reason(self) -> str | None:
        """Why it failed, in the organisation's language; where its files lie is nobody's business and left out.

        What has no values of its own is kept in English, for `Words.say` to say in the reader's language.
        """
        return self.error and self.error.replace(f"{settings().archive}/", "")


def runs(
    user: User, *, report: str | None = None, before: int | None = None, limit: int = 50,
    failed_since: datetime | None = None,
) -> list[Run]:  # fmt: skip
    """Return the newest runs that ``user`` may see, newest first; ``before`` is the number of one, and left out.

    With ``failed_since``, only runs that failed and were begun at that moment or later.
    """
    query = select(ReportRun.__table__).where(_visible(user)).order_by(ReportRun.id.desc()).limit(limit)
    if report is not None:
        query = query.where(ReportRun.report == report)
    if before is not None:
        query = query.where(ReportRun.id < before)
    if failed_since is not None:
        query = query.where(ReportRun.outcome == "failed", ReportRun.started_at >= failed_since)
    with transaction(user.organization_id) as connection:
        return [_run(row) for row in connection.execute(query)]


def run_of(user: User, run_id: str) -> Run | None:
    """Return one run, or None where there is none of that id that ``user`` may see."""
    query = select(ReportRun.__table__).where(ReportRun.run_id == run_id, _visible(user))
    with transaction(user.organization_id) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _run(row)


def file_of(organization: Organization, run: Run, format_: Format) -> Path | None:
    """Return the path of a run's file, or None where it was never made or is kept no longer.

    The path is made of the run's id alone, and it must lie in the organisation's own folder.
    """
    folder = (settings().archive / organization.slug).resolve()
    path = (folder / f"{run.run_id}.{format_}").resolve()
    return path if format_ in run.formats and path.parent == folder and path.is_file() else None


@contextmanager
def at_work(run_id: str) -> Iterator[None]:
    """Say that this process works on a run, in a way that ends with the process however it ends."""
    with app_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(_key(run_id))))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_key(run_id))))


def fail_abandoned() -> list[str]:
    """Mark runs that nobody works on any more as failed, in every organisation, and return their ids."""
    return [run_id for organization in organizations() for run_id in _fail_abandoned(organization.id)]


def fail_run(organization_id: int, *run_ids: str) -> None:
    """Mark runs whose process is known to have ended as failed, where they do not tell an outcome yet."""
    ended = update(ReportRun).where(ReportRun.run_id.in_(run_ids), ReportRun.outcome == "running")
    with transaction(organization_id) as connection:
        connection.execute(ended.values(outcome="failed", error=ABANDONED, ended_at=func.now()))


def _fail_abandoned(organization_id: int) -> list[str]:
    running = select(ReportRun.run_id).where(
        ReportRun.outcome == "running", ReportRun.started_at < func.now() - A_MOMENT
    )
    with transaction(organization_id) as connection:
        left = [run_id for run_id in connection.scalars(running) if _is_abandoned(connection, run_id)]
    fail_run(organization_id, *left)
    return left


def _is_abandoned(connection: Connection, run_id: str) -> bool:
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_key(run_id)))))


def _key(run_id: str) -> ColumnElement[int]:
    return func.hashtextextended(run_id, 0)


def _visible(user: User) -> ColumnElement[bool]:
    named = [report.name for report in readable(user.role)]
    visible = ReportRun.report.in_(named)
    if user.venues is None:
        return visible
    return visible & ReportRun.venue_ids.bool_op("<@")(cast(list(user.venues), ARRAY(BigInteger)))


def _run(row: Row[Any]) -> Run:
    return Run(
        number=row.id,
        run_id=row.run_id,
        report=row.report,
        outcome=row.outcome,
        parameters=row.parameters,
        asked_by=row.asked_by,
        snapshot=row.snapshot,
        started_at=row.started_at,
        ended_at=row.ended_at,
        formats=tuple(row.files or ()),
        error=row.error,
    )
