"""What `mozg up` runs: how each service is started, what it is told, and how it shows that it answers."""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import URL

from mozg.access.organizations import Organization, organizations
from mozg.serve.children import Child
from mozg.settings import QUIET, settings
from mozg.store.database import admin_url

HOST = "127.0.0.1"
PREFECT_PORT, API_PORT, LAB_PORT = 4200, 8000, 8888
PREFECT_DATABASE = "prefect"
#: What Prefect writes when every deployment is registered and the runner begins to ask for work.
SERVED = "Your deployments are being served"
#: Seconds between two questions of the runner for work; the default of 10 makes people wait.
POLL = 3
#: How people sign in to everything that stands behind the sign-in page.
ACCOUNT = "your address and password"


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
    seconds: float = 180

    def service(self, child: Child) -> Service:
        """Return the service that this plan became."""
        return Service(self.name, self.address, self.sign_in, child.process.pid, child.log)


def api(port: int, told: Mapping[str, str]) -> Plan:
    """Plan the REST API with the sign-in page."""
    address = f"http://{HOST}:{port}"
    return Plan(
        name="api",
        module=("mozg.serve.api", "--port", str(port)),
        environment={**environment(), **told},
        answers=lambda _: _answers(f"{address}/api/v1/health"),
        address=f"{address}/docs",
        sign_in=ACCOUNT,
    )


def dashboards(port: int, told: Mapping[str, str], labs: Mapping[str, str]) -> Plan:
    """Plan the dashboards of every organisation; ``labs`` holds the address of each organisation's JupyterLab."""
    address = f"http://{HOST}:{port}/"
    links = [f"--lab={slug}={lab}" for slug, lab in labs.items()]
    return Plan(
        name="dashboards",
        module=("mozg.serve.dashboards", "--port", str(port), *links),
        environment={**environment(), **told},
        answers=lambda _: _answers(address),
        address=address,
        sign_in=ACCOUNT,
    )


def lab(organization: Organization, port: int, told: Mapping[str, str]) -> Plan:
    """Plan the JupyterLab of one organisation."""
    address = f"http://{HOST}:{port}/"
    return Plan(
        name=f"lab-{organization.slug}",
        module=("mozg.serve.lab", "--organization", organization.slug, "--port", str(port)),
        environment={**environment(), **told},
        answers=lambda _: _answers(f"{address}api"),
        address=address,
        sign_in=ACCOUNT,
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


def flows(port: int, sign_in: str, told: Mapping[str, str]) -> Plan:
    """Plan the process that holds the schedules and runs the flows."""
    return Plan(
        name="flows",
        module=("flows.serve",),
        environment={
            **environment(),
            **prefect_client(port, sign_in),
            **told,
            "PREFECT_RUNNER_POLL_FREQUENCY": str(POLL),
        },
        answers=lambda child: SERVED in child.log.read_text(errors="replace"),
        seconds=180 + 5 * len(organizations()),  # each has its own deployments to be registered
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


def sign_in_settings(api_port: int, dashboards_port: int, *lab_ports: int) -> dict[str, str]:
    """Return where people sign in, and where they go from there, and which pages they may be sent back to.

    An address elsewhere stays as it was configured: then a proxy stands before the services.
    """
    here = httpx.URL(settings().address).host in {HOST, "localhost"}
    own = [f"http://{HOST}:{port}" for port in (dashboards_port, *lab_ports)]
    return {
        "MOZG_DASHBOARDS_ADDRESS": settings().dashboards_address or own[0],
        "MOZG_ADDRESS": f"http://{HOST}:{api_port}" if here else settings().address,
        "MOZG_TRUSTED_ORIGINS": " ".join([*(settings().trusted_origins or "").split(), *own]),
    }


def free_ports(*wished: int) -> list[int]:
    """Return for each wished port itself if it is free on loopback, else any that is; no port twice."""
    with ExitStack() as held:
        found: list[int] = []
        for port in wished:
            bound = held.enter_context(_bound(0 if port in found else port))
            found.append(bound.getsockname()[1])
        return found


def free_port(wished: int) -> int:
    """Return ``wished`` if it is free on loopback, else any port that is."""
    (port,) = free_ports(wished)
    return port


def _bound(wished: int) -> socket.socket:
    for port in (wished, 0):
        bound = socket.socket()
        if port:  # a service that has just ended leaves its port in TIME_WAIT
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
        except OSError:
            bound.close()
        else:
            return bound
    raise OSError(f"There is no free port on {HOST}.")


def _answers(address: str) -> bool:
    try:
        # Plain HTTP on loopback: to read the machine's certificates would take 50 ms of each look.
        return httpx.get(address, timeout=5, verify=False).status_code < httpx.codes.BAD_REQUEST  # noqa: S501
    except httpx.TransportError:
        return False
