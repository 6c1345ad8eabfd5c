"""``mozg sync``: what the tills have, into the record and the lake."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mozg.access.organizations import Organization
from mozg.access.venues import choose_venues
from mozg.cli.options import DAY, Format, OrganizationName, VenueNames, organization_named
from mozg.cli.output import Shape, console, errors, show
from mozg.errors import StoreError, TillError
from mozg.lake.refresh import refresh
from mozg.model import Venue
from mozg.sync.engine import Parts, Step, Synced, sync_venue

SHOWN_DAYS = 5


def sync(
    organization: OrganizationName,
    venues: VenueNames = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="How far back history is wanted; remembered.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Last business date; today when left out.")
    ] = None,
    format: Format = Shape.TABLE,
) -> None:
    """Read the tills and bring the lake up to date: the last days of every venue first, then history.

    It may be stopped at any moment: the next one goes on where this one was. A till that fails does not keep the
    others from being read.

    Example: [cyan]mozg sync --organization demo --since 2023-01-01[/]
    """
    owner = organization_named(organization)
    chosen = [venue for venue in choose_venues(owner, venues or []) if venue.pos != "files"]
    span = {"since": since and since.date(), "until": until and until.date()}
    done, failed = _read_in_turn(owner, chosen, "recent", span)
    behind = [one.venue for one in done if one.history_left]
    more, failed_later = _read_in_turn(owner, behind, "history", span) if behind else ([], {})
    show(map(synced_row, [*done, *more]), format, "Read from the tills")
    if format is Shape.TABLE:
        for sentence in (words for one in (*done, *more) for words in remarks(one)):
            console.print(sentence, soft_wrap=True)
    for name, why in (failed | failed_later).items():
        errors.print(f"[red]{name} was not read:[/] {why}", soft_wrap=True)
    if failed or failed_later:
        raise typer.Exit(1)


def read_tills(
    owner: Organization, venues: Iterable[Venue], bars: Progress, *, since: date | None = None,
    until: date | None = None, parts: Parts = "all",
) -> tuple[list[Synced], dict[str, str]]:  # fmt: skip
    """Sync ``venues`` with one progress bar each; return what was done, and by venue why it was not."""
    tasks = [(venue, bars.add_task(venue.name, total=None, left="")) for venue in venues]
    done, failed = [], {}
    for venue, task in tasks:

        def watch(step: Step, task: Any = task) -> None:
            bars.update(task, total=step.days, completed=step.days_done, left=left(step.seconds_left))

        try:
            done.append(sync_venue(owner, venue, since=since, until=until, watch=watch, parts=parts))
        except (TillError, StoreError) as error:
            failed[venue.name] = str(error)
    return done, failed


def progress() -> Progress:
    """Return progress bars in days, drawn on standard error so that data stay clean."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("days"))
    return Progress(*columns, TimeElapsedColumn(), TextColumn("{task.fields[left]}"), console=errors)


def left(seconds: float | None) -> str:
    """Return how long it will still take in words; nothing where that is not known or soon."""
    if seconds is None or seconds < 1:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min left" if hours else f"{minutes} min left" if minutes else f"{rest} s left"


def synced_row(done: Synced) -> dict[str, object]:
    """Return what a venue's sync did as a row to print."""
    return {
        "venue": done.venue.name,
        "from": done.first,
        "to": done.last,
        "rows read": done.read,
        "rows changed": done.changed,
        "days that differ": len(done.differences),
        "seconds": round(done.seconds, 1),
    }


def remarks(done: Synced) -> list[str]:
    """Return what people should know of a venue's sync besides its figures, in sentences."""
    found = [
        f"{done.venue.name}: {stream.replace('_', ' ')} could not be read. {why}"
        for stream, why in done.troubles.items()
    ]
    if done.differences:
        days = [f"{one.business_date}: {one.till_revenue} there, {one.revenue} here" for one in done.differences]
        more = "; …" if len(days) > SHOWN_DAYS else ""
        found.append(
            f"{done.venue.name}: on {len(days)} days the cash shifts of the till do not agree with its receipts "
            f"({'; '.join(days[:SHOWN_DAYS])}{more}). The report quality lists them."
        )
    return found


def _read_in_turn(
    owner: Organization, venues: list[Venue], parts: Parts, span: dict[str, Any]
) -> tuple[list[Synced], dict[str, str]]:
    with progress() as bars:
        done = read_tills(owner, venues, bars, parts=parts, **span)
    refresh(owner)
    return done
