"""A till is never asked more often than it allows, whoever asks, and left alone when it says so."""

import sqlite3
import threading
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mozg.errors import TillBusy
from mozg.pos import pace as module
from mozg.pos.pace import Allowance, Bucket, Pace
from mozg.pos.patience import Patience
from mozg.pos.wire import Wire

NOW = 1_760_000_000.0
SIX_A_MINUTE = Allowance(6, 60, burst=2)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.now = NOW

    def time(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def new_pace(tmp_path, monkeypatch):
    """Give paces of one key; each is like that of a new process."""
    monkeypatch.setattr(module, "settings", lambda: type("Settings", (), {"var": tmp_path}))

    made = []

    def _new(allowance=SIX_A_MINUTE, key="key", **others):
        made.append(Pace("iiko", key, {"reports": allowance, **others}))
        return made[-1]

    yield _new
    for pace in made:
        pace.close()


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.parametrize("allowance", [SIX_A_MINUTE, Allowance(1, 5), Allowance(30, 10, burst=29)])
def test_no_span_of_time_sees_more_calls_than_allowed(clock, new_pace, allowance, processes):
    paces, calls = [new_pace(allowance) for _ in range(processes)], []
    for number in range(4 * allowance.calls):
        paces[number % processes].wait("reports")
        calls.append(clock.now)
    for start in calls:
        assert sum(start <= at < start + allowance.seconds - 1e-6 for at in calls) <= allowance.calls


def test_groups_and_keys_have_buckets_of_their_own(clock, new_pace):
    for pace, group in (
        (new_pace(), "reports"),
        (new_pace(menu=Allowance(1, 60)), "menu"),
        (new_pace(key="b"), "reports"),
    ):
        pace.wait(group)
    new_pace().wait("anything else")
    assert clock.now == NOW


def test_a_till_that_says_too_often_is_left_alone_as_long_as_it_wishes(clock, new_pace):
    assert new_pace().refused("reports", 50.0) == 50
    new_pace().wait("reports")
    assert clock.now == pytest.approx(NOW + 50)


def test_without_a_wish_the_pause_doubles_up_to_ten_minutes_and_an_answer_ends_that(clock, new_pace):
    pauses = [new_pace().refused("reports", None) for _ in range(7)]
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
    new_pace().answered("reports")
    assert new_pace().refused("reports", None) == 30


def test_after_some_refusals_nobody_asks_with_that_key(clock, new_pace):
    for _ in range(module.TRIPS):
        new_pace().refused("reports", 20.0)
    for group in ("reports", "menu"):
        with pytest.raises(TillBusy, match=r"iiko was asked too often and may be asked again at \d\d:\d\d:\d\d"):
            new_pace().wait(group)
    new_pace(key="another").wait("reports")
    clock.sleep(21)
    new_pace().wait("menu")


def test_a_turn_that_is_too_far_away_is_not_waited_for(clock, new_pace):
    new_pace().refused("reports", 500.0)
    with pytest.raises(TillBusy):
        new_pace().wait("reports")
    assert clock.now == NOW


@given(at=some.floats(-1e4, 1e4), tokens=some.floats(-100, 2))
def test_a_bucket_is_never_fuller_than_a_burst_and_a_clock_set_back_takes_nothing(at, tokens):
    allowance = Allowance(6, 60, burst=2)
    filled = Bucket(tokens, NOW + at).filled(allowance, NOW)
    assert min(tokens, 2) <= filled.tokens <= 2


def test_threads_share_a_bucket(new_pace):
    def ask():
        new_pace(Allowance(1_000, 1.0, burst=900)).wait("reports")

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite3.connect(module.settings().var / "tills" / "pace.sqlite") as buckets:
        ((tokens,),) = buckets.execute("SELECT tokens FROM buckets").fetchall()
    assert tokens <= 900 - 12 + 100 * (time.time() - NOW)


@pytest.mark.parametrize(("headers", "expected"), [({"Retry-After": "7"}, 7), ({}, 30)])
def test_the_wire_waits_as_it_was_told(clock, new_pace, monkeypatch, headers, expected):
    answers = [httpx.Response(429, headers=headers), httpx.Response(200, text="ok")]
    monkeypatch.setattr("mozg.pos.wire.transport", lambda trust: httpx.MockTransport(lambda request: answers.pop(0)))
    monkeypatch.setattr("tenacity.nap.time.sleep", clock.sleep)
    wire = Wire("https://till.example", Patience(), "iiko", pace=new_pace())
    assert wire.ask("GET", "menu", group="reports").text == "ok"
    assert clock.now == pytest.approx(NOW + expected)
