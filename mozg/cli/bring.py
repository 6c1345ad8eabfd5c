"""``mozg import``: receipts from files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mozg.access.organizations import create_organization, organizations
from mozg.access.venues import add_venue, find_venue, venues_of
from mozg.cli.options import DAY, organization_named, ready
from mozg.cli.output import console
from mozg.lake.refresh import refresh
from mozg.pos.files import Mapping
from mozg.pos.files.suggest import suggest
from mozg.sync.imports import import_files

SHOWN_REASONS = 5


def import_(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Files that belong together.")],
    organization: Annotated[str, typer.Option("--organization", "-o", help="The organisation's short name.")] = "",
    venue: Annotated[str, typer.Option(help="The venue whose receipts these are.")] = "",
    mapping: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="What the columns mean.")] = None,
    suggest_: Annotated[bool, typer.Option("--suggest", help="Only print the mapping that the files suggest.")] = False,
    date: Annotated[datetime | None, typer.Option(formats=DAY, help="Business date of a file without dates.")] = None,
    create: Annotated[bool, typer.Option("--create", help="Add organisation and venue if they are new.")] = False,
    timezone: Annotated[str, typer.Option(help="With --create: the venue's time zone.")] = "UTC",
    currency: Annotated[str, typer.Option(help="With --create: the organisation's currency.")] = "EUR",
    day_start_hour: Annotated[int, typer.Option(min=0, max=12, help="With --create: when a business date begins.")] = 0,
) -> None:
    """Import receipts from CSV, TSV or Excel files. Importing twice changes nothing.

    Example: [cyan]mozg import june.csv --suggest > june.toml[/], then
    [cyan]mozg import june.csv --organization bistro --venue "Café Nord" --mapping june.toml[/]
    """
    if suggest_:
        typer.echo(suggest(files).dumps(), nl=False)
        return
    if not organization or not venue:
        raise typer.BadParameter("--organization and --venue say where the receipts belong.")
    if create:
        _create(organization, venue, timezone, currency, day_start_hour)
    owner = organization_named(organization)
    place = find_venue(owner, venue)
    chosen = Mapping.load(mapping) if mapping else None
    report = import_files(owner, place, files, chosen, default_date=date and date.date())
    refresh(owner)
    console.print(
        f"{venue}: {report.rows_read:,} rows read, {report.receipts:,} receipts with {report.items:,} lines, "
        f"{report.changed:,} rows of the record new or changed, {len(report.rejected):,} rejected.",
        soft_wrap=True,
    )
    if report.rejected:
        _explain([row.reason for row in report.rejected], report.rejects_file)


def _create(organization: str, venue: str, timezone: str, currency: str, day_start_hour: int) -> None:
    ready()
    if organization not in {known.slug for known in organizations()}:
        create_organization(organization, organization, currency=currency, timezone=timezone)
    owner = organization_named(organization)
    if venue not in {known.name for known in venues_of(owner)}:
        add_venue(owner, venue, timezone=timezone, day_start_hour=day_start_hour)


def _explain(reasons: list[str], file: Path | None) -> None:
    counts = sorted({reason: reasons.count(reason) for reason in set(reasons)}.items(), key=lambda pair: -pair[1])
    for reason, count in counts[:SHOWN_REASONS]:
        console.print(f"  {count:,} × {reason}", soft_wrap=True)
    console.print(f"Every rejected row with its reason: {file}", soft_wrap=True)
