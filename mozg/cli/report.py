"""``mozg run`` and ``mozg deliver``: reports.

What is slow to import (charts, notebooks, PDF) is imported by the command that needs it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mozg.cli.options import Format, From, OrganizationName, To, VenueNames, organization_named, split
from mozg.cli.output import Shape, console, show
from mozg.errors import DeliveryError
from mozg.settings import settings

if TYPE_CHECKING:
    from mozg.reports.service import RunResult

Report = Annotated[str, typer.Argument(help="The report's name, as in reports/<name>.toml.")]
Parameters = Annotated[list[str] | None, typer.Option("--parameter", "-p", help="name=value; repeatable.")]


def run(
    report: Report,
    organization: OrganizationName,
    venues: VenueNames = None,
    date_from: From = "",
    date_to: To = "",
    formats: Annotated[str, typer.Option(help="Comma-separated: html, pdf, xlsx.")] = "html,pdf,xlsx",
    snapshot: Annotated[int | None, typer.Option(help="Repeat a run on the lake as it was then.")] = None,
    parameter: Parameters = None,
    format: Format = Shape.TABLE,
) -> None:
    """Run a report once and print where its files are.

    Example: [cyan]mozg run sales --organization demo --from last_month --formats html,pdf -p compare=last_year[/]
    """
    from mozg.reports.service import run_report

    owner = organization_named(organization)
    given = _parameters(parameter or [], venues, date_from, date_to)
    result = run_report(owner, report, given, split(formats), snapshot=snapshot)  # type: ignore[arg-type]
    show(run_rows([result]), format, f"{result.report.title}: {result.outcome} in {result.seconds:.1f} s")


def deliver(
    report: Report,
    organization: OrganizationName,
    to: Annotated[list[str], typer.Option(help="Mail address; repeatable.")],
    venues: VenueNames = None,
    date_from: From = "",
    date_to: To = "",
    parameter: Parameters = None,
) -> None:
    """Run a report and mail it. The same report goes to the same address once.

    Example: [cyan]mozg deliver sales --organization demo --from yesterday --to owner@example.com[/]
    """
    from mozg.reports.deliver import mail_run
    from mozg.reports.service import run_report

    owner = organization_named(organization)
    server = settings().smtp_url
    if server is None:
        raise DeliveryError("No mail server is set. Put SMTP_URL into .env, for example smtp://localhost:25.")
    result = run_report(owner, report, _parameters(parameter or [], venues, date_from, date_to), ["pdf", "xlsx"])
    for address in to:
        console.print(f"{address}: {mail_run(owner, result, address, server.get_secret_value())}")


def run_rows(results: "Sequence[RunResult]") -> list[dict[str, Any]]:
    """Return the files of finished runs as rows to print."""
    return [
        {"report": result.report.name, "file": kind, "path": str(path), "snapshot": result.snapshot}
        for result in results
        for kind, path in {"notebook": result.notebook, **result.files}.items()
    ]


def _parameters(pairs: list[str], venues: list[str] | None, date_from: str, date_to: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise typer.BadParameter(f"-p {pair!r} must look like name=value.")
        given[name] = value
    named = {"venues": venues, "date_from": date_from, "date_to": date_to}
    return given | {name: value for name, value in named.items() if value}
