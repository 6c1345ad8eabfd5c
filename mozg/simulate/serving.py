"""The simulated tills on a real port of this machine, and what one must know to connect to them."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI

from mozg.simulate.chain import Chain, rows
from mozg.simulate.faults import Faults, Gate, Log
from mozg.simulate.iiko_cloud import cloud_app
from mozg.simulate.iiko_server import server_app
from mozg.simulate.keys import Keys, Licence, Tokens, keys
from mozg.simulate.olap import Olap


@dataclass
class Served:
    """A chain that answers: its address, its credentials, its faults, and a log of what was asked."""

    chain: Chain
    address: str
    keys: Keys
    tokens: Tokens
    licence: Licence = field(default_factory=Licence)
    faults: Faults = field(default_factory=Faults)
    log: Log = field(default_factory=Log)

    def venues(self) -> list[dict[str, Any]]:
        """Return each restaurant as ``name, timezone, country, opened_on, pos, pos_config``.

        The first half is reached through iikoServer, the other through iikoCloud.
        """
        venues = rows(self.chain.venues)
        doors = [self._server if i < (len(venues) + 1) // 2 else self._cloud for i in range(len(venues))]
        return [
            {"name": row.name, "timezone": row.timezone, "country": row.country, "opened_on": row.opened_on,
             **door(row.external_id)}
            for row, door in zip(venues, doors, strict=True)
        ]  # fmt: skip

    def _server(self, department: str) -> dict[str, Any]:
        secrets = {"login": self.keys.login, "password": self.keys.password, "department_id": department}
        return {"pos": "iiko_server", "pos_config": {"base_url": f"{self.address}/server", **secrets}}

    def _cloud(self, organization: str) -> dict[str, Any]:
        secrets = {
            "api_key": self.keys.api_key,
            "app_id": self.keys.app_id,
            "client_secret": self.keys.client_secret,
            "organization_id": organization,
        }
        return {"pos": "iiko_cloud", "pos_config": {"base_url": f"{self.address}/cloud", **secrets}}


@contextlib.contextmanager
def serve(chain: Chain, port: int = 0) -> Iterator[Served]:
    """Serve ``chain`` on 127.0.0.1 at ``port`` (0: any free one) for as long as the block runs.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server(("127.0.0.1", port)) as listener, contextlib.closing(Olap(chain)) as olap:
        known = keys(chain.seed)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        served = Served(chain, address, known, Tokens(known.client_secret))
        with _running(_application(served, olap), listener):
            yield served


def _application(served: Served, olap: Olap) -> Gate:
    app = FastAPI(openapi_url=None)
    app.mount("/server", server_app(served.chain, olap, served.keys, served.licence))
    app.mount("/cloud", cloud_app(served.chain, olap, served.keys, served.tokens, served.faults))
    return Gate(app, served.faults, served.log)


@contextlib.contextmanager
def _running(app: Gate, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="simulated tills", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    if not server.started:
        raise OSError("The simulated tills could not start; the log above says why.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
