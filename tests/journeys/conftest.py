"""`up` in a process of its own, as `mozg up` runs it, with everything it starts."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from mozg.settings import settings
from mozg.store.database import admin_engine, admin_url
from mozg.store.migrate import create_database

os.environ["PREFECT_HOME"] = str(settings().var / "prefect")
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
def empty_database() -> Iterator[str]:
    """The address of a database of its own on the same server: other tests leave hundreds of organisations."""
    name = f"{admin_url().database}_whole"
    create_database(name)
    yield admin_url().set(database=name).render_as_string(hide_password=False)
    with admin_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def whole(database: None, empty_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    output = tmp_path_factory.mktemp("up") / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("whole.py")],
            env={**os.environ, "DATABASE_URL": empty_database},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
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
