"""Runs that were asked for and wait for their turn: few at a time, each in a process that does nothing else."""

import logging
import queue
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException

from mozg.errors import MozgError
from mozg.reports.records import fail_abandoned, fail_run
from mozg.reports.service import Started
from mozg.serve.run_workers import Worker, Workers

AT_ONCE = 2
#: Runs of one organisation that wait or go on at the same time, so that none keeps the others waiting for long.
MOST_OF_ONE = 8
WAIT = {"Retry-After": "30"}
_LOG = logging.getLogger("mozg.api")


class Place:
    """A place in the queue, to be taken by one run."""

    def __init__(self) -> None:
        self.started: Started | None = None

    def take(self, started: Started) -> None:
        """Let ``started`` be executed when its turn comes."""
        self.started = started


class Queue:
    """The runs that wait, the threads that take them, and the processes that execute them."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Started] = queue.Queue()
        self._lock, self._of = threading.Lock(), Counter[int]()
        self._threads: list[threading.Thread] = []
        self._idle = Workers()
        self._going: dict[str, Worker] = {}
        self._closed = False

    @contextmanager
    def place(self, organization_id: int) -> Iterator[Place]:
        """Keep a place for one of the organisation's runs, which the block notes and puts into it.

        Raises:
            HTTPException: 429, too many of its runs wait already.
        """
        with self._lock:
            if self._of[organization_id] >= MOST_OF_ONE:
                raise HTTPException(429, f"{MOST_OF_ONE} of your runs wait already. Try again later.", WAIT)
            self._of[organization_id] += 1
        place = Place()
        try:
            yield place
        finally:
            if place.started is None:
                self._leave(organization_id)
        if place.started is not None:
            self._work()
            self._waiting.put(place.started)

    def clean_up(self) -> None:
        """Mark runs that an earlier process left unfinished as failed."""
        self._closed = False
        try:
            for run_id in fail_abandoned():
                _LOG.warning("The run %s was left unfinished, and is marked as failed.", run_id)
        except MozgError as error:
            _LOG.warning("Unfinished runs could not be looked for: %s", error)

    def close(self) -> None:
        """End what is executed; the record tells of it when the service is started again."""
        self._closed = True
        with self._lock:
            for worker in self._going.values():
                worker.process.terminate()
        self._idle.rest()

    def _work(self) -> None:
        with self._lock:
            while len(self._threads) < AT_ONCE:
                thread = threading.Thread(target=self._serve, name="runs", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self) -> None:
        while True:
            started = self._waiting.get()
            try:
                self._execute(started)
            except (MozgError, OSError) as error:
                _LOG.error("The run %s could not be executed: %s", started.run_id, error)
            finally:
                self._leave(started.organization.id)

    def _execute(self, started: Started) -> None:
        with self._lock:
            if self._closed:
                return
            worker = self._going[started.run_id] = self._idle.take()
        lived = worker.execute(started)
        with self._lock:
            del self._going[started.run_id]
            if lived and not self._closed:
                self._idle.give_back(worker)
        if not lived and not self._closed:
            _LOG.error("The process of the run %s ended with code %s.", started.run_id, worker.process.exitcode)
            fail_run(started.organization.id, started.run_id)

    def _leave(self, organization_id: int) -> None:
        with self._lock:
            self._of[organization_id] -= 1


QUEUE = Queue()
