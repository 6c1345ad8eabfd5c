"""Reading ``venue.pos_config`` with sentences for what is missing."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mozg.errors import SettingsError, TillAccessDenied
from mozg.model import Venue
from mozg.pos.pace import Allowance

#: The group of calls of a till that does not tell groups apart.
ALL_CALLS = "all calls"


def required(venue: Venue, *names: str) -> list[str]:
    """Return the named settings of a venue's till.

    Raises:
        SettingsError: one of them is missing or empty.
    """
    missing = [name for name in names if not venue.pos_config.get(name)]
    if missing:
        raise SettingsError(
            f"The till of venue {venue.name!r} ({venue.pos}) lacks {', '.join(missing)}. "
            "Add them to the venue's till settings with `mozg venues`."
        )
    return [str(venue.pos_config[name]) for name in names]


def limits(venue: Venue) -> dict[str, Allowance] | None:
    """Return how often each group of calls may be made as the venue's settings say, or None if they do not.

    Raises:
        SettingsError: they say it in a way that cannot be read.
    """
    given: Mapping[str, Any] | None = venue.pos_config.get("limits")
    if given is None:
        return None
    try:
        return {group: Allowance(*map(int, numbers)) for group, numbers in given.items()}
    except (AttributeError, TypeError, ValueError):
        raise SettingsError(
            f"The limits of venue {venue.name!r} ({venue.pos}) cannot be read. They name groups of calls with a number "
            f'of calls, a span in seconds, and how many may come at once: {{"{ALL_CALLS}": [150, 600, 30]}}.'
        ) from None


def limit(venue: Venue, usual: Allowance | None) -> Allowance | None:
    """Return how often a till may be called that has one limit for all calls: as the venue's settings say, or usual.

    Raises:
        SettingsError: the settings say it in a way that cannot be read, or name groups that the till has not.
    """
    given = limits(venue)
    if given is None:
        return usual
    if set(given) != {ALL_CALLS}:
        raise SettingsError(
            f"The limits of venue {venue.name!r} ({venue.pos}) name {', '.join(given) or 'nothing'}, but this till has "
            f'one for all calls. Write it as {{"{ALL_CALLS}": [300, 60, 5]}}.'
        )
    return given[ALL_CALLS]


def unseen(till: str, setting: str, value: str, known: Mapping[str | None, str]) -> TillAccessDenied:
    """Return the error for a restaurant that the sign-in does not see; ``known`` are those that it does."""
    seen = ", ".join(f"{name} ({key})" for key, name in known.items()) or "none"
    return TillAccessDenied(
        f"{till} shows this sign-in no restaurant {value!r}. Set {setting} to one of those that it shows: {seen}."
    )


def zone_of(venue: Venue) -> ZoneInfo:
    """Return the time zone of a venue, which no till tells with its times.

    Raises:
        SettingsError: there is no zone of that name.
    """
    try:
        return ZoneInfo(venue.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"Venue {venue.name!r} has an unknown time zone, {venue.timezone!r}. Give it one like 'Europe/Moscow'."
        ) from None
