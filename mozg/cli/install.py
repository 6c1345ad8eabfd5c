"""``mozg migrate``, ``demo``, ``up`` and ``doctor``: setting up and serving.

What is slow to import (charts, notebooks, PDF) is imported by the command that needs it.
"""

import sys
from typing import Annotated

import typer

from mozg.access.organizations import Organization, organizations
from mozg.cli.options import Format, organization_named, ready
from mozg.cli.output import Shape, console, show
from mozg.errors import AccessError
from mozg.lake.reader import has_lake
from mozg.lake.refresh import refresh
from mozg.store.migrate import migrate as raise_schema

SomeOrganization = Annotated[str, typer.Option("--organization", "-o", help="May be left out where there is one.")]


def migrate() -> None:
    """Create the database's tables and roles, or bring them and the organisations' lakes up to date.

    Example: [cyan]DATABASE_URL=postgresql://admin:secret@db/mozg mozg migrate[/]
    """
    raise_schema()
    for organization in organizations():
        if has_lake(organization):
            refresh(organization)
    console.print("The database is up to date.")


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the dashboards afterwards.")] = True,
) -> None:
    """Set up a demo chain on simulated tills, run every report, and serve the dashboards.

    Example: [cyan]mozg demo --no-serve[/]
    """
    from mozg.cli import demonstration

    ready()
    demonstration.run(serve=serve)


def up(
    prefect: Annotated[bool, typer.Option("--prefect/--no-prefect", help="Run the schedules too.")] = True,
    lab: Annotated[bool, typer.Option("--lab/--no-lab", help="Serve each organisation's JupyterLab too.")] = True,
    lab_for: Annotated[list[str] | None, typer.Option(help="Only that of this organisation; may be repeated.")] = None,
) -> None:
    """Serve the API, the dashboards, JupyterLab and the schedules of every organisation until Ctrl-C.

    Example: [cyan]mozg up --no-lab[/]
    """
    from mozg.serve.supervisor import up as serve

    ready()
    serve(prefect=prefect, lab=lab, labs=lab_for or ())


def lab(
    organization: SomeOrganization = "",
    user: Annotated[str, typer.Option("--user", help="Whose address; the first who may, when left out.")] = "",
) -> None:
    """Open the notebooks in JupyterLab, signed in as one of an organisation's people, until Ctrl-C.

    Example: [cyan]mozg lab --organization demo --user analyst@demo.example[/]
    """
    from mozg.serve.lab import lab as open_lab

    open_lab(_chosen(organization), user)


def doctor(format: Format = Shape.TABLE) -> None:
    """Check what this installation needs, and say what to mend.

    Example: [cyan]mozg doctor[/]
    """
    from mozg.cli.checks import checks

    results = list(checks())
    show(({"check": r.name, "ok": "yes" if r.ok else "NO", "what": r.words} for r in results), format)
    if not all(result.ok for result in results):
        sys.exit(1)


def _chosen(name: str) -> Organization:
    if name:
        return organization_named(name)
    ready()
    known = organizations()
    if len(known) != 1:
        names = ", ".join(organization.slug for organization in known) or "none yet; `mozg demo` makes one"
        raise AccessError(f"Say whose with --organization. Known: {names}.")
    return known[0]
