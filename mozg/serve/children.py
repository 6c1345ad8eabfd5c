"""Child processes of the supervisor: started in sessions of their own, with a log each, and all ended together.

On Linux they are asked to end even where the supervisor was killed and could not ask: the system does it
(``PR_SET_PDEATHSIG``, prctl(2)).
"""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from mozg.errors import ServiceError

#: Seconds that a child is given to end by itself.
GRACE = 15.0
#: Seconds in which what a child had started must end after it.
_LAST_WORDS = 2.0
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_SET_PARENT_DEATH_SIGNAL = 1
_TAIL = 20
_LOOK = 0.2


@dataclass(frozen=True)
class Child:
    """One process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Do nothing as long as the process runs.

        Raises:
            ServiceError: it has ended; the text has the end of its log.
        """
        code = self.process.poll()
        if code is not None:
            raise ServiceError(f"{self.name} has ended with {code}. Its log, {self.log}, ends with:\n{self.tail()}")

    def tail(self) -> str:
        """Return the last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_TAIL:])


class Children:
    """The processes that were started in a ``with`` block; at its end none of them is left, nor any they started."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._all: list[Child] = []

    def start(self, name: str, module: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start ``python -m module…``, with its log in ``<logs>/<name>.log``; the log before is kept beside it.

        The child is asked to end when the thread that calls this has ended.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        if log.exists():
            log.replace(self._logs / f"{name}.previous.log")
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        child = Child(name, process, log)
        self._all.append(child)
        return child

    def check(self) -> None:
        """Do nothing as long as every child runs.

        Raises:
            ServiceError: one of them has ended.
        """
        for child in self._all:
            child.check()

    def wait(self, child: Child, answers: Callable[[], bool], seconds: float, stop: Callable[[], bool]) -> bool:
        """Wait until ``child`` answers; return False if we were asked to ``stop`` before it did.

        Raises:
            ServiceError: a child has ended, or this one did not answer in time.
        """
        deadline = time.monotonic() + seconds
        while not stop():
            self.check()
            if answers():
                return True
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"{child.name} did not answer within {seconds:g} seconds. "
                    f"Its log, {child.log}, ends with:\n{child.tail()}"
                )
            time.sleep(_LOOK)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ask the last one started to end first, and end by force what is left after the grace."""
        family = [process for child in self._all for process in _with_descendants(child.process.pid)]
        for child in reversed(self._all):
            _end(child.process)
        _wait(family)
        for process in filter(_alive, family):
            _kill(process)
        _wait(family)


def _end_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _with_descendants(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _wait(family: list[psutil.Process]) -> None:
    deadline = time.monotonic() + _LAST_WORDS
    while any(map(_alive, family)) and time.monotonic() < deadline:
        time.sleep(_LOOK)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
