"""Options that several commands share, and what they mean."""

from typing import Annotated

import typer

from mozg.access.organizations import Organization, find_organization
from mozg.cli.output import Shape
from mozg.settings import settings
from mozg.store.migrate import migrate

OrganizationName = Annotated[str, typer.Option("--organization", "-o", help="The organisation's short name.")]
VenueNames = Annotated[
    list[str] | None, typer.Option("--venues", help="Venues by name; all when left out. Repeatable.")
]
Format = Annotated[Shape, typer.Option("--format", help="How to print the data.")]
From = Annotated[str, typer.Option("--from", help="First business date, or a word such as last_week.")]
To = Annotated[str, typer.Option("--to", help="Last business date, or a word; may be left out after a word.")]
DAY = ["%Y-%m-%d"]


def organization_named(name: str) -> Organization:
    """Return the organisation, the embedded database brought up to date first.

    Raises:
        AccessError: there is none of that name.
    """
    ready()
    return find_organization(name)


def ready() -> None:
    """Bring the embedded database up to date; one of your own is only ever changed by ``mozg migrate``."""
    if settings().database_url is None:
        migrate()


def split(words: str) -> list[str]:
    """Return the words of a comma-separated option."""
    return [word.strip() for word in words.split(",") if word.strip()]
