"""An analyst's JupyterLab: a real one, with a real kernel."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from jupyter_client import BlockingKernelClient

from mozg.settings import settings

pytestmark = pytest.mark.slow
QUESTION = """
import os
from mozg.lake.reader import lake_of_kernel
from mozg.metrics import query
secrets = [name for name in ("MOZG_SECRET_KEY", "DATABASE_URL") if name in os.environ]
print(query(lake_of_kernel("chain"), ["checks"]).checks[0], secrets or "none")
"""


@pytest.fixture
def server(chain_organization, tmp_path):
    """JupyterLab's address and token, as `mozg lab` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = {"ServerApp": {"allow_root": True, "open_browser": False, "port": port, "port_retries": 0}}
    config["IdentityProvider"] = {"token": "letmein"}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(config))
    code = (
        "from mozg.access.organizations import find_organization\nfrom mozg.serve.lab import lab\n"
        "lab(find_organization('chain'))"
    )
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(tmp_path),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "MOZG_SECRET_KEY": settings().secret.decode(),
    }
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
    try:
        yield _answering(f"http://127.0.0.1:{port}", process), tmp_path / "runtime"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _answering(address, process):
    for _ in range(300):
        assert process.poll() is None, "JupyterLab ended while it started"
        try:
            httpx.get(f"{address}/api", timeout=5).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return address
    raise AssertionError("JupyterLab did not answer within a minute")


def test_a_kernel_reads_its_organisation_and_finds_no_secret(server):
    address, runtime = server
    headers = {"Authorization": "token letmein"}
    kernel = httpx.post(f"{address}/api/kernels", headers=headers, json={"name": "python3"}, timeout=60).json()
    client = BlockingKernelClient()
    client.load_connection_file(str(runtime / f"kernel-{kernel['id']}.json"))
    client.start_channels()
    try:
        printed = []
        client.wait_for_ready(timeout=60)
        client.execute_interactive(
            QUESTION, timeout=60, output_hook=lambda m: printed.append(m["content"].get("text", str(m["content"])))
        )
    finally:
        client.stop_channels()
    checks, secrets = next(text for text in printed if text[:1].isdigit()).split()
    assert int(checks) > 10_000
    assert secrets == "none"


def test_it_asks_for_a_token(server):
    address, _ = server
    assert httpx.get(f"{address}/api/kernels").status_code == 403
