"""Programs that start kernels by their names fork warm ones, without knowing of it: nbmake and JupyterLab."""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import nbformat
import psutil
import pytest

#: Fails in a kernel that was not forked.
FORKED = """
import os, pathlib
assert b"mozg.kernels.zygote" in pathlib.Path(f"/proc/{os.getppid()}/cmdline").read_bytes()
"""
PATIENCE = 120


@pytest.fixture
def environment(install, tmp_path):
    """Where Jupyter finds a warm kernel, and keeps its own files."""
    install(preload=["numpy"])
    own = {"JUPYTER_PATH": str(tmp_path), "HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    return os.environ | own


def test_nbmake(environment, tmp_path):
    cell = nbformat.v4.new_code_cell(FORKED)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "warm", "display_name": "warm"}})
    nbformat.write(notebook, tmp_path / "report.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbmake", "report.ipynb", "-q", "-p", "no:cacheprovider"]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert "1 passed" in said.stdout


@contextmanager
def jupyterlab(environment, folder):
    """A JupyterLab that whoever reaches it may use, as on one's own computer, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    options = ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}"]
    with (
        subprocess.Popen([*command, *options], env=environment, stderr=subprocess.DEVNULL) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client,
    ):
        try:
            yield process, client
        finally:
            process.terminate()


def answers(client):
    try:
        return client.get("/api/status").is_success
    except httpx.TransportError:
        return False


def test_jupyterlab(environment, tmp_path, eventually):
    with jupyterlab(environment, tmp_path) as (process, client):
        assert eventually(lambda: answers(client), PATIENCE)
        started = client.post("/api/kernels", content=json.dumps({"name": "warm"}))
        assert started.status_code == 201, started.text
        [fork_server] = psutil.Process(process.pid).children()
        assert "mozg.kernels.zygote" in fork_server.cmdline()
        assert len(fork_server.children()) == 1
        assert client.delete(f"/api/kernels/{started.json()['id']}").status_code == 204
        assert eventually(lambda: not fork_server.children())
    assert eventually(lambda: not fork_server.is_running())
