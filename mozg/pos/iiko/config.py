"""Reading ``venue.pos_config`` with sentences for what is missing."""

from mozg.errors import SettingsError
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
