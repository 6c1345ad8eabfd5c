"""A simulated chain on a real port, and venues that know the way to it."""

from datetime import date, datetime

import pytest

from mozg.model import Venue
from mozg.pos import pace
from mozg.pos.patience import Patience
from mozg.simulate import Chain, serve
from mozg.simulate.rkeeper import serve_rkeeper


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
    serving.faults.clear()
    serving.licence.restart()
    serving.log.clear()
    serving.present.now = datetime(2026, 11, 9, 6)
    return serving


@pytest.fixture
def venues(served):
    return [
        Venue(number, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"])
        for number, venue in enumerate(served.venues(), start=1)
    ]


@pytest.fixture
def patience(monkeypatch):
    """As stubborn as in earnest, but quick."""
    monkeypatch.setattr(pace, "FIRST_PAUSE", 0.01)
    return Patience(attempts=3, first=0.01, busy=0.01, longest=1.5, connect=2, answer=10)


@pytest.fixture(scope="session")
def rkeeping():
    """Two restaurants of an r_keeper chain for three days."""
    with serve_rkeeper(Chain.generate(1, date(2026, 10, 5), date(2026, 10, 7), venues=2)) as served:
        yield served


@pytest.fixture
def rkeeper(rkeeping):
    """The r_keeper chain with nothing left over from the test before; its switches are set with ``monkeypatch``."""
    truth, now = rkeeping.chain, rkeeping.present.now
    yield rkeeping
    if rkeeping.chain is not truth:
        rkeeping.replace(truth)
    rkeeping.present.now = now
    rkeeping.faults.clear()
    rkeeping.log.clear()


@pytest.fixture(params=["local", "white"])
def rkeeper_venue(rkeeper, request):
    """The first restaurant, on its own network or behind White Server."""
    venue = rkeeper.venues(white=request.param == "white")[0]
    return Venue(1, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"], day_start_hour=6)
