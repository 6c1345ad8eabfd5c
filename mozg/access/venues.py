"""Venues of an organisation: adding, finding, choosing by name."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

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
    check_zone(timezone, f"Venue {name!r}: ")
    config = details.pop("pos_config", None)
    row = {"organization_id": organization.id, "name": name, "timezone": timezone, **details}
    with transaction(organization.id) as connection, _one_name(name):
        connection.execute(insert(VenueRow), {**row, "pos_config": seal(config) if config else None})
    return find_venue(organization, name)


def check_zone(timezone: str, about: str = "") -> None:
    """Do nothing if a time zone is in the IANA list.

    Raises:
        AccessError: it is not; the text begins with ``about``.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for a folder of zones, such as Europe
        raise AccessError(f"{about}{timezone!r} is not a time zone. Use a name like Europe/Moscow.") from None


def change_venue(venue: Venue, **changes: Any) -> Venue:
    """Change fields of a venue other than its ids and return it; ``pos_config`` is sealed, None forgets it.

    Raises:
        AccessError: another venue of the organisation has that name, or the time zone is not in the IANA list.
    """
    changed = replace(venue, **changes)
    check_zone(changed.timezone, f"Venue {changed.name!r}: ")
    values = dict(changes)
    if "pos_config" in values:
        changed = replace(changed, pos_config=values["pos_config"] or {})
        values["pos_config"] = seal(changed.pos_config) if changed.pos_config else None
    with transaction(venue.organization_id) as connection, _one_name(changed.name):
        if values:
            connection.execute(update(VenueRow).where(VenueRow.id == venue.id).values(values))
    return changed


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


def venue_of_id(organization: Organization, venue_id: int) -> Venue:
    """Return the venue of that number.

    Raises:
        AccessError: the organisation has none.
    """
    query = select(VenueRow.__table__).where(VenueRow.id == venue_id)
    with transaction(organization.id) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise AccessError(f"The organisation {organization.slug!r} has no venue {venue_id}.")
    return _venue(row)


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


@contextmanager
def _one_name(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise AccessError(f"The organisation has a venue {name!r} already.") from None


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
