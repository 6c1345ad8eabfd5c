"""Kernels that are started, interrupted, killed and ended leave nothing behind."""

import os
import random
import signal
import threading
from pathlib import Path

import psutil
import pytest
from jupyter_core.paths import jupyter_runtime_dir

from mozg.kernels.forkserver import FORK_SERVERS


def left():
    """What a process may leave behind: threads, open files, children and their children, files of connections."""
    own = psutil.Process()
    return {
        "threads": threading.active_count(),
        "files": own.num_fds(),
        "processes": len(own.children(recursive=True)),
        "connections": len(list(Path(jupyter_runtime_dir()).glob("*"))),
        "sockets": len(own.net_connections()),
    }


def interrupt(kernel):
    kernel.client.execute("import time; time.sleep(600)")
    kernel.manager.interrupt_kernel()
    kernel.manager.shutdown_kernel(now=True)


def kill(kernel):
    os.kill(kernel.pid, signal.SIGKILL)


def kill_the_fork_server(kernel):
    FORK_SERVERS.close()
    kernel.run("1")


def restart(kernel):
    kernel.manager.restart_kernel(now=True)


WAYS = {
    interrupt: 10,
    kill: 10,
    restart: 5,
    kill_the_fork_server: 1,
    (lambda kernel: kernel.run("6 * 7")): 10,
    (lambda kernel: kernel.manager.shutdown_kernel()): 5,
    (lambda kernel: None): 10,
}


def cycle(make, started, times):
    chance = random.Random(7)
    for act in chance.choices(list(WAYS), list(WAYS.values()), k=times):
        with started(make()) as kernel:
            assert kernel.is_forked
            act(kernel)


@pytest.mark.parametrize("times", [12, pytest.param(1000, marks=pytest.mark.soak)])
def test_nothing_is_left_behind(install, started, eventually, libraries, times):
    make = install(preload=libraries if times > 100 else ["numpy"])
    cycle(make, started, 3)  # what is made once and kept: event loops, ZeroMQ's context
    FORK_SERVERS.close()
    before = left()
    cycle(make, started, times)
    FORK_SERVERS.close()
    # Fewer is no fault: a service of another test may end a connection meanwhile.
    assert eventually(lambda: all(count <= before[of] for of, count in left().items())), (before, left())
