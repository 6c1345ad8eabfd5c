"""Real kernels of kernelspecs that are made for a test."""

import json
import logging
import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from mozg.kernels import provisioner
from mozg.kernels.forkserver import FORK_SERVERS

LIBRARIES = [
    *("numpy", "pandas", "pyarrow", "duckdb", "plotly.graph_objects", "matplotlib.pyplot", "sqlalchemy", "ipywidgets")
]
ARGV = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


class Kernel:
    """A kernel, the manager that started it, and a client of it."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    @property
    def pid(self):
        return self.manager.provisioner.pid

    @property
    def is_forked(self):
        return self.manager.provisioner._pidfd is not None

    def run(self, code, timeout=60):
        """What the code prints, shows or raises."""
        heard = []
        # After an error a kernel turns away what it was sent before it told of it: not wanted here, where one waits.
        self.client.execute_interactive(code, timeout=timeout, output_hook=heard.append, stop_on_error=False)
        return "".join(map(_words, heard)).strip()

    def begin(self, code, timeout=60):
        """Send code that prints, and return when it has begun to."""
        self.client.execute(code, stop_on_error=False)
        while self.client.get_iopub_msg(timeout=timeout)["msg_type"] != "stream":
            pass


def _words(message):
    content = message["content"]
    if message["msg_type"] == "error":
        return f"{content['ename']}: {content['evalue']}"
    return content.get("text") or str(content.get("data", {}).get("text/plain", ""))


@pytest.fixture
def install(tmp_path):
    """Write a kernelspec; return what makes managers of kernels of it."""

    def write(name="warm", argv=ARGV, env=None, **config):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        spec = {"argv": argv, "display_name": name, "language": "python", "env": env or {}, "metadata": {}}
        if name != "stock":
            spec["metadata"]["kernel_provisioner"] = {"provisioner_name": "warm", "config": config}
        (folder / "kernel.json").write_text(json.dumps(spec))
        specs = KernelSpecManager(kernel_dirs=[str(tmp_path / "kernels")], ensure_native_kernel=False)
        return lambda **more: KernelManager(kernel_name=name, kernel_spec_manager=specs, **more)

    return write


@contextmanager
def _started(manager, **given):
    """A kernel that is ready, and shut down at the end."""
    given.setdefault("env", dict(os.environ))
    manager.start_kernel(**given)
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


@pytest.fixture
def warm(install):
    """A kernel that was forked from a process with the usual libraries."""
    with _started(install(preload=LIBRARIES)()) as kernel:
        assert kernel.is_forked
        yield kernel


@pytest.fixture
def warnings(caplog):
    """The sentences that the provisioner logs from now on, as if it had logged none before."""
    provisioner._warn.cache_clear()
    caplog.set_level(logging.WARNING, provisioner.__name__)
    return lambda: [record.message for record in caplog.records if record.name == provisioner.__name__]


@pytest.fixture(scope="session", autouse=True)
def _no_fork_server_is_left():
    yield
    FORK_SERVERS.close()


def _servers():
    return FORK_SERVERS.running()


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _eventually(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="session")
def started():
    """``with started(manager) as kernel``: a kernel that is ready, and shut down at the end."""
    return _started


@pytest.fixture(scope="session")
def servers():
    """The fork servers of this process."""
    return _servers


@pytest.fixture(scope="session")
def runs():
    """Whether there is such a process, zombies aside."""
    return _runs


@pytest.fixture(scope="session")
def eventually():
    """Wait until something is true, and tell whether it came so."""
    return _eventually


@pytest.fixture(scope="session")
def libraries():
    """What a usual fork server preloads."""
    return LIBRARIES
