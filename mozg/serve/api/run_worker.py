"""A process that executes runs, one after the other: its imports and its kernels' fork server serve all of them."""

import logging
import multiprocessing
from multiprocessing.connection import Connection

from mozg.errors import MozgError
from mozg.reports import engine
from mozg.reports.service import Started, finish_run
from mozg.reports.warm import warm_up

#: Runs after which a process makes room for a new one, for what libraries keep adds up.
RUNS = 50
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """The API's end of such a process, for one thread at a time."""

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
            logging.getLogger("mozg.api").warning("The run %s failed: %s", started.run_id, error)
        channel.send(None)
