"""Making first paints: the report's own notebook, run by papermill with the rights of those who will look at it.

Unlike a run that somebody asked for, it leaves no record and no files: nobody would look for them.

    python -m mozg.reports.painting demo sales --role manager --venues 1,2
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from nbformat import NotebookNode
from sqlalchemy import func, select

from mozg.access.organizations import Organization, find_organization
from mozg.access.scope import Role, Scope
from mozg.access.users import users_of
from mozg.errors import AccessError, ReportError, RunFailed
from mozg.lake.reader import kernel_environment, open_lake
from mozg.pages.outcome import outcome
from mozg.reports.catalogue import Report, all_reports, load
from mozg.reports.export import read
from mozg.reports.first_paint import Paint, keep, paint_of, today
from mozg.reports.page import still_body, templates
from mozg.reports.run import execute, new_run_id
from mozg.reports.service import called
from mozg.settings import be_quiet, settings
from mozg.store.database import transaction
from mozg.store.tables import ReportView

#: Who opened a dashboard within this time is expected to open it again.
LATELY = timedelta(days=30)
#: Of each paint, whose it is: it shows no name of a person, so everybody with the same rights gets the same one.
PAINTER = "first-paint"
_POLITE = 10


def make(organization: Organization, report: Report, scope: Scope) -> Paint:
    """Draw the report for a scope with its default parameters, keep the paint in the place of the last, return it.

    Raises:
        AccessError: the scope's role may not see the report.
        LakeError: there is no lake.
        ReportError: the report failed, or could not be drawn.
    """
    if scope.role not in report.roles:
        raise AccessError(f"A {scope.role} may not see the report {report.name}; {', '.join(report.roles)} may.")
    day, snapshot = today(organization), open_lake(organization, scope).snapshot
    notebook = _run(organization, report, scope, snapshot)
    if outcome(notebook) == "failed":
        raise RunFailed(f"The report {report.name} ran for its first paint, but a section failed; its log tells more.")
    html = templates().get_template("paint.html.j2").render(body=still_body(notebook))
    paint = Paint(html, snapshot, day, datetime.now(UTC))
    keep(organization, report, scope, paint)
    return paint


def repaint(organization: Organization) -> int:
    """Make anew what was opened lately and would look different now; return how many paints were made.

    Raises:
        LakeError: there is no lake.
        RunFailed: some could not be made; all others were.
    """
    old = [(report, scope) for report, scope in wanted(organization) if not _is_current(organization, report, scope)]
    failed = [error for report, scope in old if (error := _failure(organization, report, scope))]
    if failed:
        raise RunFailed(f"{len(failed)} of {len(old)} first paints could not be made. {' '.join(failed)}")
    return len(old)


def wanted(organization: Organization) -> list[tuple[Report, Scope]]:
    """Return each report with each scope that opened it as a dashboard lately and may still do so, none twice."""
    people = {user.id: user for user in users_of(organization.id) if user.active}
    pairs = {(name, people[id_].role, people[id_].venues) for name, id_ in _lately(organization) if id_ in people}
    reports = {report.name: report for report in all_reports()}
    return [
        (reports[name], Scope(organization.slug, PAINTER, role, venues))
        for name, role, venues in sorted(pairs, key=str)
        if name in reports and role in reports[name].roles
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make one paint as the command line says, at a low priority: somebody may be waiting for the processor."""
    parser = argparse.ArgumentParser(prog="python -m mozg.reports.painting", description=make.__doc__)
    parser.add_argument("organization")
    parser.add_argument("report")
    parser.add_argument("--role", choices=get_args(Role), required=True)
    parser.add_argument("--venues", help="ids with commas between; all venues if not given")
    given = parser.parse_args(arguments)
    os.nice(_POLITE)
    be_quiet()
    venues = None if given.venues is None else tuple(int(id_) for id_ in given.venues.split(",") if id_)
    organization = find_organization(given.organization)
    make(organization, load(given.report), Scope(organization.slug, PAINTER, given.role, venues))


def _run(organization: Organization, report: Report, scope: Scope, snapshot: int) -> NotebookNode:
    timeout = settings().report_timeout
    environment = kernel_environment(organization, scope, snapshot, minutes=timeout // 60 + 1)
    values = called(report, organization, {})
    with tempfile.TemporaryDirectory(prefix="mozg-paint-") as folder:
        run_id = new_run_id(report.name, organization.slug)
        return read(execute(report, values, environment, run_id, Path(folder), timeout))


def _failure(organization: Organization, report: Report, scope: Scope) -> str:
    try:
        make(organization, report, scope)
    except ReportError as error:
        return str(error)
    return ""


def _lately(organization: Organization) -> list[tuple[str, int | None]]:
    seen = ReportView.channel == "dashboard", ReportView.opened_at > func.now() - LATELY
    query = select(ReportView.report, ReportView.user_id).where(*seen).distinct()
    with transaction(organization.id) as connection:
        return [(name, id_) for name, id_ in connection.execute(query)]


def _is_current(organization: Organization, report: Report, scope: Scope) -> bool:
    paint = paint_of(organization, report, scope)
    return paint is not None and paint.is_current(organization)


if __name__ == "__main__":
    main()
