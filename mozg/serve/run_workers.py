"""Processes that execute runs, one after the other: their imports and their kernels' fork servers serve all of them.

Exporting a report keeps a processor busy for seconds; in a server's own process everybody else would wait. A process
that has executed a run waits for the next one, which then begins in warm kernels; when none comes for long, it ends.
"""

import logging
import multiprocessing
import threading
from multiprocessing.connection import Connection

from mozg.errors import MozgError
from mozg.reports import engine
from mozg.reports.service import Started, finish_run
from mozg.reports.warm import warm_up

#: Runs after which a process makes room for a new one, for what libraries keep adds up.
RUNS = 50
#: Seconds after which a process that nobody needed gives its memory back.
IDLE = 600.0
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """A server's end of such a process, for one thread at a time."""

    def __init__(self) -> None:
        self._runs = 0
        self._channel, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_work, args=(theirs,), name="runs", daemon=True)
        self.process.start()
        theirs.close()

    @property
    def can_go_on(self) -> bool:
        """Whether it may be given another run."""
        return self.process.is_alive() and self._runs < RUNS

    def execute(self, started: Started) -> bool:
        """Execute a run, whose record tells what failed, and tell whether the process has lived to its end."""
        self._runs += 1
        try:
            self._channel.send(started)
            self._channel.recv()
        except (EOFError, OSError):
            self.process.join()
            return False
        return True

    def end(self) -> None:
        """Let the process end, which has no run, and wait until it has."""
        self._channel.close()
        self.process.join()


class Workers:
    """The processes that wait for a run."""

    def __init__(self, idle: float = IDLE) -> None:
        self._seconds, self._lock = idle, threading.Lock()
        self._waiting: list[Worker] = []
        self._timer: threading.Timer | None = None

    def take(self) -> Worker:
        """Return a process that waits, the latest at work first, or a new one."""
        with self._lock:
            self._stop()
            spent: list[Worker] = []
            while self._waiting and not self._waiting[-1].can_go_on:
                spent.append(self._waiting.pop())
            worker = self._waiting.pop() if self._waiting else None
        for one in spent:
            one.end()
        return worker or Worker()

    def give_back(self, worker: Worker) -> None:
        """Let a process that has lived wait for its next run."""
        with self._lock:
            self._waiting.append(worker)
            self._stop()
            self._timer = threading.Timer(self._seconds, self.rest)
            self._timer.daemon = True
            self._timer.start()

    def rest(self) -> None:
        """End all processes that wait."""
        with self._lock:
            self._stop()
            waiting, self._waiting = self._waiting, []
        for worker in waiting:
            worker.end()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _work(channel: Connection) -> None:
    warm_up(engine.kernel_environment({}))
    while True:
        try:
            started = channel.recv()
        except EOFError:
            return
        try:
            finish_run(started)
        except MozgError as error:
            logging.getLogger("mozg.serve").warning("The run %s failed: %s", started.run_id, error)
        channel.send(None)
