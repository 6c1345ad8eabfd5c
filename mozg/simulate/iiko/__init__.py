"""iiko, simulated: ``cloud`` and ``server`` are its two doors, ``olap`` the reports that both of them give."""

from mozg.simulate.iiko.cloud import cloud_app
from mozg.simulate.iiko.server import server_app

__all__ = ["cloud_app", "server_app"]
