"""A simulated chain on a real port, and venues that know the way to it."""

from datetime import date

import pytest

from mozg.model import Venue
from mozg.pos.iiko import Patience
from mozg.simulate import Chain, serve


@pytest.fixture(scope="session")
def chain():
    return Chain.generate(7, date(2026, 10, 5), date(2026, 11, 8))


@pytest.fixture(scope="session")
def serving(chain):
    with serve(chain) as served:
        yield served


@pytest.fixture
def served(serving):
    """The served chain with nothing left over from the test before."""
    serving.faults.queue.clear()
    serving.faults.legacy_sign_in = True
    serving.licence.restart()
    serving.log.paths.clear()
    serving.log.busiest.clear()
    return serving


@pytest.fixture
def venues(served):
    return [
        Venue(number, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"])
        for number, venue in enumerate(served.venues(), start=1)
    ]


@pytest.fixture
def patience():
    """As stubborn as in earnest, but quick."""
    return Patience(attempts=3, first=0.01, busy=0.01, longest=1.5, connect=2, answer=10)
