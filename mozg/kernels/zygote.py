"""The fork server: ``python -m mozg.kernels.zygote CHANNEL MODULE … [MODULE:FUNCTION …]``.

It imports the modules, calls the functions, and then forks a kernel for every order until its host hangs up. It opens
nothing and has one thread; what is not so it would hand on to every kernel, so it refuses to fork instead.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from mozg.kernels import libraries
from mozg.kernels.kernel import become
from mozg.kernels.orders import Files, ForkError, Order, receive, send

#: What every kernel imports while it starts.
KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "ipykernel_launcher"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic"),
    *("IPython.utils.wildcard", "faulthandler", "pdb", "psutil", "sqlite3", "tornado.platform.asyncio"),
)


def prepare(wanted: Iterable[str]) -> dict[str, str]:
    """Import modules, and call functions given as ``module:function``; return the variables that this has set."""
    gc.disable()
    before = dict(os.environ)
    for name in (*KERNEL, *wanted):
        module, _, function = name.partition(":")
        imported = importlib.import_module(module)
        if function:
            gc.enable()  # what a function leaves behind would lie between what every kernel keeps
            getattr(imported, function)()
            gc.disable()
    libraries.settle()
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def serve(channel: socket.socket) -> tuple[Order, Files] | None:
    """Fork for every order. In a fork, return the order that it is for; in the fork server, None at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for kernels: they leave no zombies
    while True:
        message, opened = receive(channel, len(Files._fields))
        if not message:
            return None
        files = Files(*opened)
        if _fork(channel, files) == 0:
            channel.close()
            return Order.of_bytes(message), files
        for descriptor in files:
            os.close(descriptor)


def _fork(channel: socket.socket, files: Files) -> int:
    """Fork and tell the host of it; return 0 in the fork, and anything else in the fork server."""
    answer = socket.socket(fileno=os.dup(files.answer))
    try:
        check({0, 1, 2, channel.fileno(), answer.fileno(), *files})
        pid = os.fork()
        if pid:
            _introduce(pid, answer)
    except (ForkError, OSError) as refusal:
        _tell(answer, json.dumps({"refused": str(refusal)}).encode())
        return -1
    finally:
        answer.close()
    return pid


def _introduce(pid: int, answer: socket.socket) -> None:
    pidfd = os.pidfd_open(pid)
    try:
        if not _tell(answer, json.dumps({"pid": pid}).encode(), [pidfd]):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)  # nobody would ever end it
    finally:
        os.close(pidfd)


def _tell(answer: socket.socket, message: bytes, files: Sequence[int] = ()) -> bool:
    try:
        send(answer, message, files)
    except (BrokenPipeError, ConnectionResetError):  # whoever ordered has given up waiting
        return False
    return True


def check(known: Container[int]) -> None:
    """Look whether a fork would be clean; ``known`` are the files that may be open sockets.

    Raises:
        ForkError: there is a second thread, or an open socket that is not known.
    """
    threads = max(threading.active_count(), len(list(Path("/proc/self/task").iterdir())))
    if threads != 1:
        raise ForkError(f"The fork server has {threads} threads; one of the preloaded libraries starts them.")
    for file in Path("/proc/self/fd").iterdir():
        if int(file.name) not in known and _is_socket(file):
            raise ForkError("The fork server has an open socket; one of the preloaded libraries opens it.")


def _is_socket(file: Path) -> bool:
    try:
        return str(file.readlink()).startswith("socket:")
    except FileNotFoundError:  # the folder itself, which was open while it was read
        return False


def main(arguments: Sequence[str]) -> None:
    """Prepare and serve; a fork goes on as a kernel."""
    del sys.path[0]  # the folder that we were started in
    channel = socket.socket(fileno=int(arguments[0]))
    set_by_libraries = prepare(arguments[1:])
    if ordered := serve(channel):
        become(*ordered, set_by_libraries)


if __name__ == "__main__":
    main(sys.argv[1:])
