"""``mozg plan``: what an owner plans, from a file or from the year before."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from mozg.cli.options import OrganizationName, organization_named
from mozg.cli.output import console
from mozg.lake.reader import open_lake
from mozg.pos.files import FileOptions, read_plan

Growth = Annotated[float | None, typer.Option(help="With --year: per cent on what the year before brought.")]


def plan(
    organization: OrganizationName,
    files: Annotated[list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="CSV or Excel files.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel file; the first when left out.")] = None,
    year: Annotated[int | None, typer.Option(min=2000, max=2200, help="Plan this year by the one before.")] = None,
    growth: Growth = None,
) -> None:
    """Enter a plan: a row per venue and month (or day), with columns for revenue, checks or guests.

    A month is spread over its days by what such weekdays brought a year before. What was planned for these days
    before is replaced.

    Example: [cyan]mozg plan budget-2026.xlsx --organization bistro[/], or
    [cyan]mozg plan --year 2026 --growth 5 --organization bistro[/]
    """
    from mozg.analysis.planning import enter_plan, last_year_grown  # pandas takes a moment to import

    if bool(files) == (year is not None) or (growth is not None and year is None):
        raise typer.BadParameter("Give either files, or --year (and --growth).")
    owner = organization_named(organization)
    targets = [target for path in files or () for target in read_plan(path, FileOptions(sheet=sheet))]
    if year is not None:
        targets = last_year_grown(open_lake(owner), year, Decimal(str(growth or 0)) / 100)
    entered = enter_plan(owner, targets)
    console.print(f"{len(targets):,} targets over {entered.days:,} days of venues; {entered.changed:,} changed.")
