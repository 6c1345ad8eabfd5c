"""What `mozg up` runs: how each service is started, what it is told, and how it shows that it answers."""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from sqlalchemy import URL

from mozg.access.organizations import Organization
from mozg.serve.children import Child
from mozg.settings import QUIET, settings
from mozg.store.database import admin_url

HOST = "127.0.0.1"
PREFECT_PORT = 4200
PREFECT_DATABASE = "prefect"
#: What Prefect writes when every deployment is registered and the runner begins to ask for work.
SERVED = "Your deployments are being served"
#: Seconds between two questions of the runner for work; the default of 10 makes people wait.
POLL = 3


@dataclass(frozen=True)
class Service:
    """A service that answers; ``sign_in`` says how to get in, empty where nobody signs in."""

    name: str
    address: str
    sign_in: str
    pid: int
    log: Path


@dataclass(frozen=True)
class Plan:
    """How to start a service: its module with arguments, its environment, and what it looks like when it answers."""

    name: str
    module: tuple[str, ...]
    environment: Mapping[str, str]
    answers: Callable[[Child], bool]
    address: str = ""
    sign_in: str = ""
    seconds: float = 60

    def service(self, child: Child) -> Service:
        """Return the service that this plan became."""
        return Service(self.name, self.address, self.sign_in, child.process.pid, child.log)


def dashboards(organization: Organization, port: int) -> Plan:
    """Plan the dashboards; their token is random and lasts as long as they run."""
    token = secrets.token_urlsafe(24)
    address = f"http://{HOST}:{port}/"
    return Plan(
        name="dashboards",
        module=("mozg.serve.dashboards", "--organization", organization.slug, "--port", str(port)),
        environment=environment() | {"JUPYTER_TOKEN": token},
        answers=lambda _: _answers(f"{address}login"),
        address=f"{address}?token={quote(token)}",
        sign_in="in the address",
    )


def prefect(port: int, sign_in: str) -> Plan:
    """Plan Prefect's server and pages, with its tables in a database of their own on our Postgres."""
    address = f"http://{HOST}:{port}"
    told = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": asyncpg_url(admin_url().set(database=PREFECT_DATABASE)),
        "PREFECT_SERVER_API_AUTH_STRING": sign_in,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
    }
    return Plan(
        name="prefect",
        module=("mozg.serve.prefect_server", "--port", str(port)),
        environment=environment() | prefect_client(port, sign_in) | told,
        answers=lambda _: _answers(f"{address}/api/health"),
        address=address,
        sign_in=sign_in,
        seconds=120,
    )


def flows(port: int, sign_in: str) -> Plan:
    """Plan the process that holds the schedules and runs the flows."""
    return Plan(
        name="flows",
        module=("flows.serve",),
        environment=environment() | prefect_client(port, sign_in) | {"PREFECT_RUNNER_POLL_FREQUENCY": str(POLL)},
        answers=lambda child: SERVED in child.log.read_text(errors="replace"),
    )


def prefect_client(port: int, sign_in: str) -> dict[str, str]:
    """Return the environment with which a process reaches Prefect's server on ``port``."""
    return {
        "PREFECT_HOME": str(settings().var / "prefect"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_API_AUTH_STRING": sign_in,
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }


def environment() -> dict[str, str]:
    """Return what every service is told.

    The database's address is given, so that only the supervisor looks after the embedded server.
    """
    address = admin_url().render_as_string(hide_password=False)
    return {**os.environ, **QUIET, "DATABASE_URL": address, "PYTHONUNBUFFERED": "1"}


def asyncpg_url(url: URL) -> str:
    """Return ``url`` for asyncpg, which has a name of its own for libpq's ``sslmode``."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query).render_as_string(hide_password=False)


def free_port(wished: int) -> int:
    """Return ``wished`` if it is free on loopback, else any port that is."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"There is no free port on {HOST}.")


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False
