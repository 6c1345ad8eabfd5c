"""``mozg menu``: what no till knows of the menu, for the menu reports."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from mozg.access.audit import note
from mozg.access.organizations import Organization
from mozg.access.venues import choose_venues, venues_of
from mozg.cli.options import Format, OrganizationName, VenueNames, organization_named
from mozg.cli.output import Shape, console, show
from mozg.store.database import transaction
from mozg.store.menu import Offer, offers, portions, remove_offer, save_offer, set_portions

menu_app = typer.Typer(help="Say what no till knows of the menu: portions and go-lists.", no_args_is_help=True)

#: Whom the audit log names for what was done here.
ACTOR = "service"
Dishes = Annotated[list[str], typer.Option("--dish", help="A dish by its name at the till. Repeatable.")]


@menu_app.command("portions")
def portions_(
    organization: OrganizationName,
    dish: Annotated[str, typer.Option(help="A dish by its name at the till; all that are set when left out.")] = "",
    number: Annotated[str, typer.Option("--set", help="Portions in one unit: 5 for a bottle, 0 for a box.")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="A unit of it is one portion again.")] = False,
    format: Format = Shape.TABLE,
) -> None:
    """Show or set how many portions one sold unit of a dish is; reports count it from the next refresh on.

    Example: [cyan]mozg menu portions --organization bistro --dish "Saperavi, bottle" --set 5[/]
    """
    owner = organization_named(organization)
    with transaction(owner.id) as connection:
        if number or forget:
            set_portions(connection, owner.id, {dish: None if forget else _decimal(number, "--set")})
        rows = [{"dish": name, "portions": told} for name, told in portions(connection).items() if dish in ("", name)]
    if number or forget:
        note(owner.id, ACTOR, "menu.changed", dish)
    show(rows, format)


@menu_app.command("go-lists")
def go_lists(organization: OrganizationName, format: Format = Shape.TABLE) -> None:
    """List the go-lists.

    Example: [cyan]mozg menu go-lists --organization bistro --format json[/]
    """
    owner = organization_named(organization)
    with transaction(owner.id) as connection:
        show([_row(owner, offer) for offer in offers(connection)], format)


@menu_app.command("go-list")
def go_list(
    name: Annotated[str, typer.Argument(help="The list's name.")],
    organization: OrganizationName,
    dishes: Dishes,
    starts_on: Annotated[str, typer.Option("--from", help="The first day on which it is valid.")],
    ends_on: Annotated[str, typer.Option("--to", help="The last day; without it, until further notice.")] = "",
    venues: VenueNames = None,
    target: Annotated[str, typer.Option(help="Per cent of revenue that its dishes should have.")] = "",
) -> None:
    """Keep a go-list, dishes that waiters are to offer; one of that name is replaced.

    Example: [cyan]mozg menu go-list Autumn -o bistro --dish "Pumpkin soup" --dish Duck --from 2026-10-01 --target 12[/]
    """
    owner = organization_named(organization)
    chosen = tuple(venue.id for venue in choose_venues(owner, venues)) if venues else None
    share = _decimal(target, "--target") / 100 if target else None
    last = _day(ends_on, "--to") if ends_on else None
    with transaction(owner.id) as connection:
        save_offer(connection, owner.id, Offer(name, tuple(dishes), _day(starts_on, "--from"), last, chosen, share))
    note(owner.id, ACTOR, "menu.changed", name)
    console.print(f"Kept the go-list {name}.")


@menu_app.command("forget-go-list")
def forget_go_list(
    name: Annotated[str, typer.Argument(help="The list's name.")], organization: OrganizationName
) -> None:
    """Forget a go-list.

    Example: [cyan]mozg menu forget-go-list Autumn --organization bistro[/]
    """
    owner = organization_named(organization)
    with transaction(owner.id) as connection:
        remove_offer(connection, name)
    note(owner.id, ACTOR, "menu.changed", name)
    console.print(f"Forgot the go-list {name}.")


def _row(owner: Organization, offer: Offer) -> dict[str, object]:
    names = {venue.id: venue.name for venue in venues_of(owner)}
    where = "all" if offer.venue_ids is None else ", ".join(names.get(id_, str(id_)) for id_ in offer.venue_ids)
    share = None if offer.target is None else offer.target * 100
    return {
        "go-list": offer.name, "dishes": ", ".join(offer.dishes), "from": offer.starts_on, "to": offer.ends_on,
        "venues": where, "target %": share,
    }  # fmt: skip


def _decimal(text: str, option: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not a number.", param_hint=option) from None


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-10-01.", param_hint=option) from None
