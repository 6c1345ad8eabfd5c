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
from mozg.language import Sentence, later, words
from mozg.metrics import period
from mozg.metrics.periods import WORDS
from mozg.pages.outcome import outcome, sections
from mozg.reports.catalogue import Format, Report, load
from mozg.reports.export import export, read
from mozg.reports.parameter import Value
from mozg.reports.records import at_work
from mozg.reports.run import execute, new_run_id
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import ReportRun

BROKEN = later("The run ended by an error inside MOZG. Its service's log tells more; run the report again.")
SECTIONS = later("The report {report} ran, but these sections failed: {sections}. See {notebook}.")


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


@dataclass(frozen=True)
class Started:
    """A run that was checked and noted, and is yet to be executed by `finish_run`."""

    run_id: str
    organization: Organization
    report: Report
    parameters: Mapping[str, Value]
    formats: tuple[Format, ...]
    scope: Scope
    snapshot: int


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
    return finish_run(start_run(organization, report, parameters, formats, scope=scope, snapshot=snapshot))


def start_run(
    organization: Organization, report: str, parameters: Mapping[str, Any] | None = None,
    formats: Sequence[Format] = (), *, scope: Scope | None = None, snapshot: int | None = None,
) -> Started:  # fmt: skip
    """Check a call as `run_report` does, and note the run as running; whoever calls this must call `finish_run`.

    Raises:
        ReportError, AccessError, LakeError: see `run_report`; nothing is noted.
    """
    declared = load(report)
    scope = scope or Scope(organization.slug, "service", "owner")
    if scope.role not in declared.roles:
        raise AccessError(f"A {scope.role} may not run the report {report}; {', '.join(declared.roles)} may.")
    values = called(declared, organization, parameters or {})
    pinned = open_lake(organization, scope, snapshot).snapshot
    run_id = new_run_id(report, organization.slug)
    started = Started(run_id, organization, declared, values, tuple(formats), scope, pinned)
    _begin(started)
    return started


def finish_run(started: Started) -> RunResult:
    """Execute a run and export it; the record then tells its outcome, also of a failure.

    Raises:
        ReportError: the report failed in one of its sections.
    """
    result: RunResult | None = None
    said: str | MozgError = BROKEN
    with at_work(started.run_id):
        try:
            result = _run(started)
        except MozgError as error:
            said = error
            raise
        finally:
            _end(started, result, said)
    return result


def called(report: Report, organization: Organization, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return all parameters of a call, checked, with dates of the organisation's time zone for words.

    Raises:
        ParameterError: see `Report.validate`.
    """
    return _dates_for_words(report.validate({"organization": organization.slug, **closed_period(given)}), organization)


def closed_period(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in which a beginning that was given alone has its own end, not the report's default."""
    first = given.get("date_from")
    if first is None or "date_to" in given:
        return dict(given)
    return {**given, "date_to": first if first in WORDS else "yesterday"}


def _dates_for_words(values: Mapping[str, Value], organization: Organization) -> dict[str, Value]:
    today = datetime.now(ZoneInfo(organization.timezone)).date()
    resolved = dict(values)
    if "date_from" in values:
        span = period(str(values["date_from"]), str(values.get("date_to") or ""), today=today)
        resolved |= {"date_from": span.first.isoformat(), "date_to": span.last.isoformat()}
    elif "date_to" in values:
        resolved["date_to"] = period(str(values["date_to"]), str(values["date_to"]), today=today).last.isoformat()
    return resolved


def _run(started: Started) -> RunResult:
    began, timeout = time.monotonic(), settings().report_timeout
    organization, report = started.organization, started.report
    environment = kernel_environment(organization, started.scope, started.snapshot, minutes=timeout // 60 + 1)
    folder = settings().archive / organization.slug
    notebook = execute(report, started.parameters, environment, started.run_id, folder, timeout)
    content = read(notebook)
    if outcome(content) == "failed":
        broken = ", ".join(f"{told['name']} ({told['incident']})" for told in sections(content) if told.get("incident"))
        raise RunFailed(Sentence(SECTIONS, report=report.name, sections=broken, notebook=notebook))
    title = report.translated(organization.locale).title
    files = export(notebook, started.formats, title=title) if started.formats else {}
    return RunResult(
        run_id=started.run_id,
        report=report,
        outcome=outcome(content),
        parameters=started.parameters,
        snapshot=started.snapshot,
        notebook=notebook,
        seconds=time.monotonic() - began,
        files=files,
    )


def _begin(started: Started) -> None:
    venues = started.scope.venues
    row = {
        "organization_id": started.organization.id,
        "run_id": started.run_id,
        "report": started.report.name,
        "parameters": dict(started.parameters),
        "asked_by": started.scope.user,
        "snapshot": started.snapshot,
        "venue_ids": None if venues is None else list(venues),
    }
    with transaction(started.organization.id) as connection:
        connection.execute(insert(ReportRun), row)


def _end(started: Started, result: RunResult | None, said: str | MozgError) -> None:
    language = words(started.organization.locale)  # the record is read by the organisation's people
    made = {kind: path.name for kind, path in result.files.items()} if result else {}
    told = {"outcome": result.outcome, "error": None} if result else {"outcome": "failed", "error": language.told(said)}
    ended = update(ReportRun).where(ReportRun.run_id == started.run_id)
    with transaction(started.organization.id) as connection:
        connection.execute(ended.values(**told, files=made, ended_at=func.now()))
