"""`up` in a process of its own, as `mozg up` runs it, with everything it starts."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from mozg.access.organizations import create_organization
from mozg.access.users import add_user
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.settings import settings
from mozg.simulate import Chain, serve
from mozg.sync.engine import sync

os.environ["PREFECT_HOME"] = str(settings().var / "prefect")
UP = """
    import json
    from mozg.serve.supervisor import up

    def ready(services):
        told = [[one.name, one.address, one.sign_in, one.pid] for one in services]
        print("READY", json.dumps(told), flush=True)

    up(ready=ready)
"""
PATIENCE = 240


@dataclass
class Whole:
    """A running installation: its process, its printed output, and its services by name: address, sign-in, pid."""

    process: subprocess.Popen[bytes]
    output: Path
    services: dict[str, tuple[str, str, int]]

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(90)


@pytest.fixture
def api(whole: Whole) -> Iterator[httpx.Client]:
    """Prefect's API, signed in."""
    address, sign_in, _ = whole.services["prefect"]
    user, password = sign_in.split(":")
    with httpx.Client(base_url=f"{address}/api", auth=(user, password), timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def whole(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    _organization()
    output = tmp_path_factory.mktemp("up") / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(UP)], stdout=file, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while "READY" not in output.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "READY" in output.read_text(), output.read_text()
        told = json.loads(output.read_text().partition("READY ")[2])
        yield Whole(process, output, {name: (address, sign_in, pid) for name, address, sign_in, pid in told})
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(90)
        shutil.rmtree(settings().archive / "whole", ignore_errors=True)


def _organization() -> None:
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=8, first=last - timedelta(days=20), last=last, venues=1)
    organization = create_organization("whole", "Целиком", currency="RUB", timezone="Europe/Moscow")
    add_user(organization.id, "olga@whole.example", "Olga", "owner", password="several words in a row")
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first)
    refresh(organization)
