"""Venues of an organisation: adding, finding, choosing by name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Row, insert, select, update

from mozg.access.organizations import Organization
from mozg.access.secrets import seal, unseal
from mozg.errors import AccessError
from mozg.model import Venue
from mozg.store.database import transaction
from mozg.store.tables import VenueRow


def add_venue(organization: Organization, name: str, *, timezone: str, **details: Any) -> Venue:
    """Add a venue and return it. ``details`` are fields of `mozg.model.Venue`; ``pos_config`` is sealed.

    Raises:
        AccessError: the organisation has a venue of that name, or the time zone is not in the IANA list.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise AccessError(f"Venue {name!r}: {timezone!r} is not a time zone. Use a name like Europe/Moscow.") from None
    if name in {venue.name for venue in venues_of(organization)}:
        raise AccessError(f"The organisation {organization.slug!r} has a venue {name!r} already.")
    config = details.pop("pos_config", None)
    row = {"organization_id": organization.id, "name": name, "timezone": timezone, **details}
    with transaction(organization.id) as connection:
        connection.execute(insert(VenueRow), {**row, "pos_config": seal(config) if config else None})
    return find_venue(organization, name)


def change_till(venue: Venue, pos: str, pos_config: Mapping[str, Any]) -> Venue:
    """Say anew how a venue's till is reached, and return the venue."""
    change = update(VenueRow).where(VenueRow.id == venue.id).values(pos=pos, pos_config=seal(pos_config))
    with transaction(venue.organization_id) as connection:
        connection.execute(change)
    return replace(venue, pos=pos, pos_config=dict(pos_config))


def venues_of(organization: Organization) -> list[Venue]:
    """Return the venues of an organisation by name, with their till's credentials opened."""
    query = select(VenueRow.__table__).order_by(VenueRow.name)
    with transaction(organization.id) as connection:
        return [_venue(row) for row in connection.execute(query)]


def find_venue(organization: Organization, name: str) -> Venue:
    """Return the venue of that name.

    Raises:
        AccessError: there is none; the text lists those that exist.
    """
    return choose_venues(organization, [name])[0]


def choose_venues(organization: Organization, names: Sequence[str]) -> list[Venue]:
    """Return the venues named, or all of them when ``names`` is empty.

    Raises:
        AccessError: a name is unknown.
    """
    known = {venue.name: venue for venue in venues_of(organization)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise AccessError(
            f"{organization.slug!r} has no venue {', '.join(map(repr, unknown))}. "
            f"Its venues: {', '.join(known) or 'none yet'}."
        )
    return [known[name] for name in names] if names else list(known.values())


def _venue(row: Row[Any]) -> Venue:
    return Venue(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        timezone=row.timezone,
        pos=row.pos,
        pos_config=unseal(row.pos_config) if row.pos_config else {},
        day_start_hour=row.day_start_hour,
        country=row.country,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
    )
