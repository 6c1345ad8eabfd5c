"""``mozg users`` and ``mozg keys``: who may sign in, and what their sign-ins are signed with.

A password is never an option's value, where every process of the machine could read it.
"""

import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from mozg.access.audit import note
from mozg.access.organizations import Organization
from mozg.access.permissions import ROLES
from mozg.access.tokens import rotate_keys
from mozg.access.users import User, add_user, address, change_user, users_of
from mozg.access.venues import choose_venues, venues_of
from mozg.cli.options import Format, OrganizationName, VenueNames, organization_named, ready
from mozg.cli.output import Shape, show
from mozg.errors import AccessError

users_app = typer.Typer(help="List, add and change the people of an organisation.", no_args_is_help=True)
keys_app = typer.Typer(help="Change the keys that sign-ins are signed with.", no_args_is_help=True)

#: Whom the audit log names for what was done here.
ACTOR = "service"
Email = Annotated[str, typer.Argument(help="The person's mail address.")]
NewPassword = Annotated[
    bool, typer.Option("--password", help="Set a password: asked for, or the first line of standard input.")
]
ROLE_HELP = f"One of {', '.join(ROLES)}."


@users_app.command("list")
def list_users(organization: OrganizationName, format: Format = Shape.TABLE) -> None:
    """List everybody of an organisation, with those who were deactivated.

    Example: [cyan]mozg users list --organization demo --format json[/]
    """
    owner = organization_named(organization)
    show(_rows(owner, users_of(owner.id)), format)


@users_app.command("add")
def add(
    email: Email,
    organization: OrganizationName,
    role: Annotated[str, typer.Option(help=ROLE_HELP)],
    name: Annotated[str, typer.Option(help="The person's name; the address when left out.")] = "",
    venues: VenueNames = None,
    password: NewPassword = False,
    format: Format = Shape.TABLE,
) -> None:
    """Add a person. Without --password, a link is printed on which they set one within seven days.

    Example: [cyan]mozg users add anna@bistro.example --organization bistro --name Anna --role manager[/]
    """
    owner = organization_named(organization)
    given = {"venues": _ids(owner, venues), "password": _password() if password else None}
    user = add_user(owner.id, email, name, role, **given)  # type: ignore[arg-type]  # an unknown role is refused there
    note(owner.id, ACTOR, "user.invited", user.email, role=user.role)
    link = {} if password else {"invitation": _link(user)}
    show([row | link for row in _rows(owner, [user])], format)


@users_app.command("change")
def change(
    email: Email,
    organization: OrganizationName,
    name: Annotated[str, typer.Option(help="A new name.")] = "",
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "",
    venues: VenueNames = None,
    every_venue: Annotated[bool, typer.Option("--every-venue", help="Limit the person to no venue.")] = False,
    active: Annotated[bool, typer.Option("--activate", help="Let a person who was deactivated sign in again.")] = False,
    password: NewPassword = False,
    format: Format = Shape.TABLE,
) -> None:
    """Change a person. A new role, password or list of venues ends their sign-ins.

    Example: [cyan]mozg users change anna@bistro.example --organization bistro --role admin --every-venue[/]
    """
    if venues and every_venue:
        raise typer.BadParameter("--venues and --every-venue say different things.")
    owner = organization_named(organization)
    changes: dict[str, Any] = {key: value for key, value in {"name": name, "role": role}.items() if value}
    if venues or every_venue:
        changes["venues"] = _ids(owner, venues)
    if active:
        changes["active"] = True
    user = _user(owner, email)
    if password:
        changes["password"] = _password()
    if not changes:
        raise typer.BadParameter("Say what to change: --name, --role, --venues, --every-venue, --activate, --password.")
    show(_rows(owner, [_changed(user, changes)]), format)


@users_app.command("deactivate")
def deactivate(email: Email, organization: OrganizationName, format: Format = Shape.TABLE) -> None:
    """Let a person sign in no longer. What they did stays on record.

    Example: [cyan]mozg users deactivate anna@bistro.example --organization bistro[/]
    """
    owner = organization_named(organization)
    user = change_user(_user(owner, email), active=False)
    note(owner.id, ACTOR, "user.removed", user.email)
    show(_rows(owner, [user]), format)


@keys_app.command("rotate")
def rotate(
    now: Annotated[
        bool, typer.Option("--now", help="Withdraw the keys before at once: everybody signs in anew.")
    ] = False,
    format: Format = Shape.TABLE,
) -> None:
    """Sign with a new key from now on. What was signed before stays good until it expires, or with --now ends.

    Example: [cyan]mozg keys rotate --now[/]
    """
    ready()
    kid = rotate_keys(at_once=now)
    show([{"key": kid, "keys before": "withdrawn" if now else "accepted until what they signed expires"}], format)


def _rows(owner: Organization, users: Iterable[User]) -> Iterable[dict[str, object]]:
    names = {venue.id: venue.name for venue in venues_of(owner)}
    for user in users:
        limited = None if user.venues is None else ", ".join(names[id_] for id_ in user.venues)
        yield {
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "venues": "all" if limited is None else limited,
            "active": user.active,
            "password": user.has_password,
        }


def _user(owner: Organization, email: str) -> User:
    wanted = address(email)
    for user in users_of(owner.id):
        if user.email == wanted:
            return user
    raise AccessError(f"{owner.slug!r} has nobody with the address {wanted}. `mozg users list` shows everybody.")


def _changed(user: User, changes: dict[str, Any]) -> User:
    changed = change_user(user, **changes)
    note(user.organization_id, ACTOR, "user.changed", user.email, fields=sorted(changes))
    return changed


def _ids(owner: Organization, names: list[str] | None) -> list[int] | None:
    return [venue.id for venue in choose_venues(owner, names)] if names else None


def _password() -> str:
    """Ask for a password where a person sits, else read it from standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _link(user: User) -> str:
    from mozg.serve.api.letters import link  # the API takes a second to import

    return link("invite", user)
