"""A host's end of its fork servers: one for each way in which Python can have been started."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mozg.kernels.libraries import DEFAULTS, WHILE_IMPORTING
from mozg.kernels.orders import Files, ForkError, Order, send

#: Variables that are read when Python starts or a library is imported, so that a fork comes too late for them. No
#: others reach a fork server: what it knows, every kernel could read in its memory.
DECIDED = {
    *("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_NO_CONFIG", "JUPYTER_PLATFORM_DIRS", "LANG", "LANGUAGE"),
    *("LOGNAME", "MPLBACKEND", "MPLCONFIGDIR", "PATH", "PLOTLY_RENDERER", "SHELL", "SSL_CERT_FILE", "TMPDIR", "TZ"),
    *("USER", "VIRTUAL_ENV", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"),
}
DECIDED_PREFIXES = ("ARROW_", "LC_", "LD_", "MALLOC_", "MKL_", "NUMEXPR_", "OMP_", "OPENBLAS_", "PYTHON")
PROGRAM = f"{__package__}.zygote"
#: Fork servers of one host. One that is closed because of it leaves its kernels alone.
MOST = 4


@dataclass(frozen=True)
class Recipe:
    """What a fork server is made of: how Python is started, what it preloads, and the variables that decide."""

    python: tuple[str, ...]
    preload: tuple[str, ...]
    decided: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, python: Sequence[str], preload: Sequence[str], environment: Mapping[str, str]) -> "Recipe":
        """Return the recipe for kernels with this environment."""
        decided = {name: value for name, value in environment.items() if _is_decided(name)}
        return cls(tuple(python), tuple(preload), tuple(sorted(decided.items())))


class ForkServer:
    """A running fork server; it ends when this is closed, or the process that holds it ends."""

    def __init__(self, recipe: Recipe) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.recipe = recipe
        command = [*recipe.python, "-m", PROGRAM, str(theirs.fileno()), *recipe.preload]
        environment = {**DEFAULTS, **dict(recipe.decided), **WHILE_IMPORTING}
        with theirs:
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=environment, cwd="/", start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The fork server's process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def order(self, order: Order, stdout: int, stderr: int) -> socket.socket:
        """Order a kernel, and return where the answers will come.

        Raises:
            OSError: the fork server has ended, or the order is too large.
        """
        answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        host = os.pidfd_open(os.getpid())
        try:
            send(self._channel, order.to_bytes(), Files(theirs.fileno(), stdout, stderr, host))
        except BaseException:
            answers.close()
            raise
        finally:
            theirs.close()
            os.close(host)
        return answers

    def close(self) -> int:
        """Hang up, wait until the fork server has ended, and return its exit code. Its kernels go on."""
        self._channel.close()
        try:
            return self._process.wait(5)
        except subprocess.TimeoutExpired:  # it is still importing
            self._process.kill()
            return self._process.wait()

    def disown(self) -> None:
        """Leave it to the process that we were forked from."""
        self._channel.close()
        self._process.returncode = 0  # not ours to wait for


class ForkServers:
    """The fork servers of this process, the latest used last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[Recipe, ForkServer] = {}
        self._spoilt: set[Recipe] = set()

    def get(self, recipe: Recipe) -> ForkServer:
        """Return the fork server of a recipe, a new one if there is none or it has died.

        Raises:
            ForkError: there can be none here.
            OSError: Python could not be started.
        """
        if sys.platform != "linux":
            raise ForkError("Kernels are forked on Linux only.")
        with self._lock:
            if recipe in self._spoilt:
                raise ForkError("The fork server failed before.")
            server = self._running.pop(recipe, None)
            if server is not None and not server.is_alive:
                server.close()
                server = None
            self._running[recipe] = server or ForkServer(recipe)
            while len(self._running) > MOST:
                self._running.pop(next(iter(self._running))).close()
            return self._running[recipe]

    def give_up(self, server: ForkServer, *, for_good: bool = False) -> None:
        """Close a fork server that failed, and never start another such one if it failed by itself."""
        with self._lock:
            if self._running.get(server.recipe) is server:
                del self._running[server.recipe]
            if server.close() > 0 or for_good:
                self._spoilt.add(server.recipe)

    def running(self) -> list[ForkServer]:
        """Return the fork servers, the latest used last."""
        with self._lock:
            return list(self._running.values())

    def close(self) -> None:
        """End all fork servers."""
        with self._lock:
            while self._running:
                self._running.popitem()[1].close()

    def disown(self) -> None:
        """Forget all fork servers: this process is a copy of the one that they belong to."""
        self._lock = threading.Lock()
        while self._running:
            self._running.popitem()[1].disown()


FORK_SERVERS = ForkServers()
atexit.register(FORK_SERVERS.close)
os.register_at_fork(after_in_child=FORK_SERVERS.disown)


def _is_decided(name: str) -> bool:
    return name in DECIDED or name.startswith(DECIDED_PREFIXES)
