"""``mozg organizations``: who is served."""

from typing import Annotated

import typer

from mozg.access.organizations import create_organization, organizations
from mozg.cli.options import Format, ready
from mozg.cli.output import Shape, console, show

organizations_app = typer.Typer(help="List and add organisations.", no_args_is_help=True)


@organizations_app.command("list")
def list_organizations(format: Format = Shape.TABLE) -> None:
    """List organisations.

    Example: [cyan]mozg organizations list --format json[/]
    """
    ready()
    show(
        (
            {"organization": known.slug, "name": known.name, "currency": known.currency, "timezone": known.timezone}
            for known in organizations()
        ),
        format,
    )


@organizations_app.command("add")
def add_organization(
    slug: Annotated[str, typer.Argument(help="Short name: a–z, 0–9, - and _.")],
    name: Annotated[str, typer.Option(help="Full name; the short one when left out.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217 code, for example EUR.")] = "EUR",
    locale: Annotated[str, typer.Option(help="How numbers are written: en, ru, de …")] = "en",
    country: Annotated[str, typer.Option(help="ISO 3166 code, for holidays.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA name, for example Europe/Paris.")] = "UTC",
) -> None:
    """Add an organisation, with database role and lake of its own.

    Example: [cyan]mozg organizations add bistro --name "Bistro Group" --currency EUR --timezone Europe/Paris[/]
    """
    ready()
    create_organization(
        slug, name or slug, currency=currency, locale=locale, country=country or None, timezone=timezone
    )
    console.print(f"Added the organisation {slug}.")
