"""A fork server, whose memory every kernel inherits, knows no secret of its host."""

import os
import re
from contextlib import suppress
from pathlib import Path

import pytest

SECRET = "hush-1f6c0d9a7e"


def memory(pid):
    """What is written in a process's own memory."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if "w" in rights and "[vvar" not in line:
                file.seek(int(start, 16))
                yield file.read(int(end, 16) - int(start, 16))


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", SECRET)
    return SECRET.encode()


def test_no_secret_of_the_host_is_in_a_fork_server(install, started, servers, secret):
    if os.geteuid() and Path("/proc/sys/kernel/yama/ptrace_scope").read_text().strip() != "0":
        pytest.skip("this kernel of the operating system shows nobody the memory of another process")
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with started(install(preload=["numpy"])(), env=kept) as kernel:
        assert kernel.is_forked
        server = servers()[-1].pid
        assert secret not in Path(f"/proc/{server}/environ").read_bytes()
        assert not any(secret in part for part in memory(server))
        assert not any(secret in part for part in memory(kernel.pid))
        assert any(b"ipykernel" in part for part in memory(server)), "memory was read at all"


def test_a_kernels_own_secret_is_not_its_neighbours(install, started, servers, secret):
    make = install(preload=["numpy"])
    with started(make(), env=os.environ | {"OWN": "mine"}) as one, started(make(), env={**os.environ}) as other:
        assert one.run("import os; print(os.environ['OWN'])") == "mine"
        assert other.run("import os; print('OWN' in os.environ)") == "False"
        assert b"OWN=" not in Path(f"/proc/{servers()[-1].pid}/environ").read_bytes()


def opened(pid):
    """What a process opened beside its standard streams, but for what it closes meanwhile."""
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if int(file.name) > 2:
                yield str(file.readlink())


def test_a_kernel_holds_no_way_to_the_fork_server(warm):
    files = list(opened(warm.pid))
    assert any("pidfd" in file for file in files)
    paths = [file for file in files if file.startswith("/")]
    assert all("ipython" in path or path.startswith(("/dev/", "/proc/")) for path in paths), paths
