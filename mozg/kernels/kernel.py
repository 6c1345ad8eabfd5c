"""From a fresh fork to a kernel that could as well have been started the usual way."""

import atexit
import gc
import importlib.util
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, NoReturn

from mozg.kernels import libraries
from mozg.kernels.orders import BOUND, Files, Order


def become(order: Order, files: Files, set_by_libraries: Mapping[str, str]) -> NoReturn:
    """Be the kernel that was ordered until the process ends; call this in the main thread of a fresh fork.

    ``set_by_libraries`` are variables of the environment that libraries set when they are imported.
    """
    _own_session()
    _own_output(files)
    _own_surroundings(order, set_by_libraries)
    libraries.refresh()
    from ipykernel.kernelapp import IPKernelApp

    # 1 means: do not look at the parent process, which is the fork server. We look at the host instead.
    app = IPKernelApp.instance()
    app.initialize([*order.arguments, "--IPKernelApp.parent_handle=1"])
    app.poller = HostWatch(files.host)
    libraries.join()
    with socket.socket(fileno=files.answer) as answer:
        answer.send(BOUND)
    app.start()
    _leave(app.shell.user_ns)


def _leave(variables: dict[str, Any]) -> NoReturn:
    """End as forks do: with all that was left to be done, but without taking the interpreter apart.

    That would touch every object of the libraries, and the operating system would copy each page of them first.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # as multiprocessing does: waits for threads
    atexit._run_exitfuncs()
    variables.clear()  # files that cells left open are written out
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class HostWatch(threading.Thread):
    """Ends the kernel, and what it has started, as soon as the process that ordered it has ended."""

    def __init__(self, host: int) -> None:
        super().__init__(name="host-watch", daemon=True)
        self._host = host

    def run(self) -> None:
        """Wait for the host's end."""
        watch = select.poll()
        watch.register(self._host, select.POLLIN)
        watch.poll()
        os.killpg(0, signal.SIGKILL)


def _own_session() -> None:
    os.setsid()  # interrupts go to the whole session, as with stock kernels
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _own_output(files: Files) -> None:
    os.dup2(files.stdout, 1)
    os.dup2(files.stderr, 2)
    os.close(files.stdout)
    os.close(files.stderr)


def _own_surroundings(order: Order, set_by_libraries: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update({**set_by_libraries, **order.environment})
    time.tzset()
    os.chdir(order.folder)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    assert launcher is not None
    assert launcher.origin is not None
    sys.argv = [launcher.origin, *order.arguments]
