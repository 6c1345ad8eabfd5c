"""``mozg migrate``, ``demo``, ``up`` and ``doctor``: setting up and serving.

What is slow to import (charts, notebooks, PDF) is imported by the command that needs it.
"""

import sys
from typing import Annotated

import typer

from mozg.cli.options import Format, OrganizationName, organization_named, ready
from mozg.cli.output import Shape, console, show
from mozg.store.migrate import migrate as raise_schema


def migrate() -> None:
    """Create the database's tables and roles, or bring them up to date.

    Example: [cyan]DATABASE_URL=postgresql://admin:secret@db/mozg mozg migrate[/]
    """
    raise_schema()
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
    organization: OrganizationName,
    prefect: Annotated[bool, typer.Option("--prefect/--no-prefect", help="Run the schedules too.")] = True,
) -> None:
    """Serve an organisation's dashboards and schedules until Ctrl-C.

    Example: [cyan]mozg up --organization demo[/]
    """
    from mozg.serve.supervisor import up as serve

    serve(organization_named(organization), prefect=prefect)


def doctor(format: Format = Shape.TABLE) -> None:
    """Check what this installation needs, and say what to mend.

    Example: [cyan]mozg doctor[/]
    """
    from mozg.cli.checks import checks

    results = list(checks())
    show(({"check": r.name, "ok": "yes" if r.ok else "NO", "what": r.words} for r in results), format)
    if not all(result.ok for result in results):
        sys.exit(1)
