"""The simulated tills on a real port of this machine, and what one must know to connect to them."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI

from mozg.simulate.chain import Chain, rows
from mozg.simulate.gate import Gate
from mozg.simulate.iiko import cloud_app, server_app
from mozg.simulate.keys import Tokens, keys
from mozg.simulate.present import Present
from mozg.simulate.world import World


@dataclass
class Served(World):
    """A chain that answers at ``address``."""

    address: str = ""

    def venues(self, pos: str | None = None) -> list[dict[str, Any]]:
        """Return each restaurant as ``name, timezone, country, opened_on, pos, pos_config``.

        All of them are reached through the till system ``pos``, or else the first half through iikoServer and the
        other through iikoCloud.
        """
        ways = {"iiko_server": self._server, "iiko_cloud": self._cloud}
        venues = rows(self.chain.venues)
        half = (len(venues) + 1) // 2
        doors = [ways[pos or ("iiko_server" if i < half else "iiko_cloud")] for i in range(len(venues))]
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
    with socket.create_server(("127.0.0.1", port)) as listener:
        known = keys(chain.seed)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        served = Served(Present(chain), known, Tokens(known.client_secret), address=address)
        with running(_application(served), listener):
            yield served


def _application(served: Served) -> Gate:
    app = FastAPI(openapi_url=None)
    app.mount("/server", server_app(served))
    app.mount("/cloud", cloud_app(served))
    return Gate(app, served.faults, served.log)


@contextlib.contextmanager
def running(app: Gate, listener: socket.socket, **settings: Any) -> Iterator[None]:
    """Let ``app`` answer at ``listener`` for as long as the block runs; ``settings`` are uvicorn's."""
    # asyncio sets this only on sockets that say they are TCP, which those of `create_server` do not: 40 ms an answer.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none", **settings)
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
