"""``mozg venues``: the restaurants of an organisation, and how their tills are reached."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from mozg.access.venues import add_venue, change_venue, check_zone, choose_venues, find_venue, venues_of
from mozg.cli.options import Format, OrganizationName, VenueNames, organization_named
from mozg.cli.output import Shape, console, errors, show
from mozg.errors import MozgError, SettingsError
from mozg.model import Venue
from mozg.sync.check import check_till

FILES = "files"
venues_app = typer.Typer(help="List, add, change and check the venues of an organisation.", no_args_is_help=True)
Till = Annotated[str, typer.Option("--till", help="The till's kind, for example iiko_cloud; or files.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting of the till, name=value. Repeatable. Secrets are better in a file."),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings", exists=True, dir_okay=False, help="The till's settings as a TOML file of names and values."
    ),
]
Unchecked = Annotated[bool, typer.Option("--unchecked", help="Do not connect to the till first.")]


@venues_app.command("list")
def list_venues(organization: OrganizationName, format: Format = Shape.TABLE) -> None:
    """List an organisation's venues.

    Example: [cyan]mozg venues list --organization demo[/]
    """
    show(
        (
            {"venue": venue.name, "timezone": venue.timezone, "till": venue.pos, "opened on": venue.opened_on}
            for venue in venues_of(organization_named(organization))
        ),
        format,
    )


@venues_app.command("add")
def add(
    organization: OrganizationName,
    name: Annotated[str, typer.Option(help="The venue's name.")],
    timezone: Annotated[str, typer.Option(help="IANA name, for example Europe/Paris.")],
    till: Till = FILES,
    set_: Sets = None,
    settings: SettingsFile = None,
    country: Annotated[str, typer.Option(help="ISO 3166 code, for holidays.")] = "",
    day_start_hour: Annotated[int, typer.Option(min=0, max=12, help="Local hour at which a business date begins.")] = 0,
    unchecked: Unchecked = False,
) -> None:
    """Add a venue. Its till is connected to first: if that fails, you are told why and nothing is added.

    Example: [cyan]mozg venues add --organization bistro --name "Café Nord" --timezone Europe/Paris
    --till iiko_cloud --set organization_id=… --settings secrets.toml[/]
    """
    owner = organization_named(organization)
    check_zone(timezone)
    config = _config(settings, set_)
    venue = Venue(0, owner.id, name, timezone, till, config, day_start_hour, country or None)
    if not unchecked:
        _check(venue)
    details: dict[str, Any] = {
        "pos": till,
        "pos_config": config,
        "day_start_hour": day_start_hour,
        "country": country or None,
    }
    add_venue(owner, name, timezone=timezone, **details)
    console.print(f"Added the venue {name}.")


@venues_app.command("change")
def change(
    organization: OrganizationName,
    name: Annotated[str, typer.Option(help="The venue's name.")],
    till: Annotated[str, typer.Option("--till", help="Another kind of till, or files.")] = "",
    set_: Sets = None,
    settings: SettingsFile = None,
    timezone: Annotated[str, typer.Option(help="Another time zone.")] = "",
    unchecked: Unchecked = False,
) -> None:
    """Change how a venue's till is reached. Settings that you do not name stay, unless the till is of another kind.

    Example: [cyan]mozg venues change --organization bistro --name "Café Nord" --set login=reports[/]
    """
    venue = find_venue(organization_named(organization), name)
    kept = {} if till and till != venue.pos else venue.pos_config
    zone = timezone or venue.timezone
    check_zone(zone)
    changes: dict[str, Any] = {"pos": till or venue.pos, "pos_config": kept | _config(settings, set_), "timezone": zone}
    if not unchecked:
        _check(replace(venue, **changes))
    change_venue(venue, **changes)
    console.print(f"Changed the venue {name}.")


@venues_app.command("check")
def check(organization: OrganizationName, venues: VenueNames = None) -> None:
    """Connect to the tills and tell who answers, or what is wrong with each.

    Example: [cyan]mozg venues check --organization bistro[/]
    """
    failed = False
    for venue in choose_venues(organization_named(organization), venues or []):
        try:
            _check(venue, about=f"{venue.name}: ")
        except MozgError as error:
            failed = True
            errors.print(f"[red]{venue.name}:[/] {error}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


def _check(venue: Venue, about: str = "") -> None:
    if venue.pos == FILES:
        return
    console.print(about + " ".join(check_till(venue).sentences()), soft_wrap=True, markup=False)


def _config(file: Path | None, pairs: list[str] | None) -> dict[str, Any]:
    return (_read(file) if file else {}) | dict(map(_pair, pairs or []))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not a TOML file of names and values: {error}.") from error


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"{text!r} is not name=value.", param_hint="--set")
    return name.strip(), value
