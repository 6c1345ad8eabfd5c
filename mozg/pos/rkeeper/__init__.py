"""r_keeper 7: the restaurant's own servers, or White Server in the vendor's cloud.

Reference data and the orders of the open shift come through the XML interface, everything older through stored
procedures of the report database, which the restaurant has created once from ``procedures.sql``.
"""

from mozg.model import Venue
from mozg.pos.patience import Patience
from mozg.pos.rkeeper.local_door import LocalDoor
from mozg.pos.rkeeper.till import RkeeperTill
from mozg.pos.rkeeper.white_door import WhiteDoor

__all__ = ["RkeeperTill", "connect_local", "connect_white"]


def connect_local(venue: Venue, patience: Patience | None = None) -> RkeeperTill:
    """Return the till of a venue on its own network, not yet asked anything; see `LocalDoor` for ``pos_config``.

    Raises:
        SettingsError: a setting of the till is missing or is not what it should be.
    """
    return RkeeperTill(venue, LocalDoor(venue, patience or Patience()))


def connect_white(venue: Venue, patience: Patience | None = None) -> RkeeperTill:
    """Return the till of a venue behind White Server, not yet asked anything; see `WhiteDoor` for ``pos_config``.

    Raises:
        SettingsError: a setting of the till is missing or is not what it should be.
    """
    return RkeeperTill(venue, WhiteDoor(venue, patience or Patience()))
