"""Poster, a till in the vendor's cloud: one HTTP API for its menu, its people and its checks."""

from mozg.model import Venue
from mozg.pos.patience import Patience
from mozg.pos.poster.till import PosterTill

__all__ = ["PosterTill", "connect"]


def connect(venue: Venue, patience: Patience | None = None) -> PosterTill:
    """Return the till of a venue, not yet asked anything; see `PosterTill` for ``pos_config``.

    Raises:
        SettingsError: a setting of the till is missing.
    """
    return PosterTill(venue, patience or Patience())
