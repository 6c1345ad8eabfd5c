"""Running a report for somebody: check, pin the lake, run, export, and keep the record of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, update

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.errors import AccessError, MozgError, RunFailed
from mozg.lake.reader import kernel_environment, open_lake
from mozg.metrics import period
from mozg.metrics.periods import WORDS
from mozg.pages.outcome import outcome, sections
from mozg.reports.catalogue import Format, Report, load
from mozg.reports.export import export, read
from mozg.reports.parameter import Value
from mozg.reports.run import execute, new_run_id
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun


@dataclass(frozen=True)
class RunResult:
    """One finished run. ``files`` maps formats to paths; ``parameters`` hold dates, not words."""

    run_id: str
    report: Report
    outcome: str
    parameters: Mapping[str, Value]
    snapshot: int
    notebook: Path
    seconds: float
    files: dict[str, Path] = field(default_factory=dict)


def run_report(
    organization: Organization, report: str, parameters: Mapping[str, Any] | None = None,
    formats: Sequence[Format] = (), *, scope: Scope | None = None, snapshot: int | None = None,
) -> RunResult:  # fmt: skip
    """Run ``report`` once and export it in ``formats``; without a scope, as the service, which sees every venue.

    Words such as ``yesterday`` become dates of the organisation's time zone, and the lake is pinned to ``snapshot``
    (by default the newest), so that the same call with the recorded values gives the same digits.

    Raises:
        ReportError: the report is unknown, wrongly called, or failed in one of its sections.
        AccessError: the scope's role may not run this report.
        LakeError: there is no lake, or no such snapshot.
    """
    started = time.monotonic()
    declared = load(report)
    scope = scope or Scope(organization.slug, "service", "owner")
    if scope.role not in declared.roles:
        raise AccessError(f"A {scope.role} may not run the report {report}; {', '.join(declared.roles)} may.")
    given = {"organization": organization.slug, **_closed_period(parameters or {})}
    values = dates_for_words(declared.validate(given), organization)
    pinned = open_lake(organization, scope, snapshot).snapshot
    run_id = new_run_id(report, organization.slug)
    _begin(organization, run_id, report, values, scope, pinned)
    try:
        result = _run(organization, declared, values, formats, scope, pinned, run_id, started)
    except MozgError as error:
        _end(organization, run_id, "failed", {}, str(error))
        raise
    _end(organization, run_id, result.outcome, result.files, None)
    return result


def dates_for_words(values: Mapping[str, Value], organization: Organization) -> dict[str, Value]:
    """Return parameters whose ``date_from`` and ``date_to`` are ISO dates in the organisation's time zone."""
    today = datetime.now(ZoneInfo(organization.timezone)).date()
    resolved = dict(values)
    if "date_from" in values:
        span = period(str(values["date_from"]), str(values.get("date_to") or ""), today=today)
        resolved |= {"date_from": span.first.isoformat(), "date_to": span.last.isoformat()}
    elif "date_to" in values:
        resolved["date_to"] = period(str(values["date_to"]), str(values["date_to"]), today=today).last.isoformat()
    return resolved


def _closed_period(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in which a beginning that was given alone has its own end, not the report's default."""
    first = given.get("date_from")
    if first is None or "date_to" in given:
        return dict(given)
    return {**given, "date_to": first if first in WORDS else "yesterday"}


def _run(
    organization: Organization, report: Report, values: Mapping[str, Value], formats: Sequence[Format],
    scope: Scope, snapshot: int, run_id: str, started: float,
) -> RunResult:  # fmt: skip
    timeout = settings().report_timeout
    environment = kernel_environment(organization, scope, snapshot, minutes=timeout // 60 + 1)
    notebook = execute(report, values, environment, run_id, settings().archive / organization.slug, timeout)
    content = read(notebook)
    if outcome(content) == "failed":
        broken = ", ".join(f"{told['name']} ({told['incident']})" for told in sections(content) if told.get("incident"))
        raise RunFailed(f"The report {report.name} ran, but these sections failed: {broken}. See {notebook}.")
    files = export(notebook, formats, title=report.title) if formats else {}
    seconds = time.monotonic() - started
    return RunResult(run_id, report, outcome(content), values, snapshot, notebook, seconds, files)


def _begin(
    organization: Organization, run_id: str, report: str, values: Mapping[str, Value], scope: Scope, snapshot: int
) -> None:
    row = {
        "organization_id": organization.id,
        "run_id": run_id,
        "report": report,
        "parameters": dict(values),
        "asked_by": scope.user,
        "snapshot": snapshot,
    }
    with transaction(organization.id) as connection:
        connection.execute(insert(ReportRun), row)


def _end(organization: Organization, run_id: str, result: str, files: Mapping[str, Path], error: str | None) -> None:
    names = {kind: path.name for kind, path in files.items()}
    ended = update(ReportRun).where(ReportRun.run_id == run_id)
    with transaction(organization.id) as connection:
        connection.execute(ended.values(outcome=result, files=names, error=error, ended_at=func.now()))
