"""iiko: one till behind two doors, the cloud's back office and the restaurant's own server.

Both speak the same report (SALES OLAP), in two dialects; `questions` holds what is asked and `records` what becomes
of the answers. `connect_cloud` and `connect_server` are the entry points that `mozg.pos.connect` finds.
"""

from mozg.model import Venue
from mozg.pos.iiko.cloud_door import CloudDoor
from mozg.pos.iiko.server_door import ServerDoor
from mozg.pos.iiko.till import IikoTill
from mozg.pos.patience import Patience

__all__ = ["IikoTill", "connect_cloud", "connect_server"]


def connect_cloud(venue: Venue, patience: Patience | None = None) -> IikoTill:
    """Return the till of a venue behind iikoCloud, not yet signed in; see `CloudDoor` for ``pos_config``.

    Raises:
        SettingsError: a setting of the till is missing.
    """
    return IikoTill(venue, CloudDoor(venue, patience or Patience()))


def connect_server(venue: Venue, patience: Patience | None = None) -> IikoTill:
    """Return the till of a venue behind iikoServer, not yet signed in; see `ServerDoor` for ``pos_config``.

    Raises:
        SettingsError: a setting of the till is missing.
    """
    return IikoTill(venue, ServerDoor(venue, patience or Patience()))
