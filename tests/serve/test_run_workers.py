"""Processes that execute runs: kept for the next one, and ended when none comes."""

import time

import pytest

from mozg.serve.run_workers import RUNS, Workers

pytestmark = pytest.mark.slow


def ended(worker, seconds=60):
    worker.process.join(seconds)
    return not worker.process.is_alive()


def test_a_process_that_has_executed_a_run_takes_the_next_one():
    workers = Workers()
    first = workers.take()
    workers.give_back(first)
    assert workers.take() is first
    second = workers.take()
    assert second is not first, "two runs at once have a process each"
    for worker in (first, second):
        workers.give_back(worker)
    workers.rest()
    assert ended(first)
    assert ended(second)


def test_one_that_nobody_needs_or_that_is_spent_ends():
    workers = Workers(idle=0.2)
    spent = workers.take()
    spent._runs = RUNS
    workers.give_back(spent)
    assert ended(spent)
    time.sleep(0.3)
    assert workers._waiting == []
    worker = workers.take()
    assert worker is not spent
    worker.end()
