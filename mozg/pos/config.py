"""Reading ``venue.pos_config`` with sentences for what is missing."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mozg.errors import SettingsError, TillAccessDenied
from mozg.model import Venue


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
