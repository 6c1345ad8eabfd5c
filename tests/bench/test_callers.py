"""Callers hold a rate, and an answer that is none stops them."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep

import pytest

from bench.stage.callers import PATIENCE, Call, Held, highest, hold, hold_patiently


class Slow(BaseHTTPRequestHandler):
    """Answers 200, each in a fiftieth of a second, 404 to one path, and one after the other to another."""

    desk = Lock()

    def do_GET(self):
        sleep(0.02)
        if self.path == "/desk":
            with self.desk:
                sleep(PATIENCE * 0.6)
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_no_more_is_answered_than_can_be(address):
    held = hold(address, {}, [Call("/")], callers=1, seconds=2)
    assert held.callers == 1
    assert 1 <= held.rate <= 50
    assert held.p95 >= 0.02


def test_more_callers_are_answered_more(address):
    assert highest(address, {}, [Call("/")], most=3, short=1) > 1


def test_there_are_fewer_callers_where_answers_come_too_late(address):
    assert hold_patiently(address, {}, [Call("/desk")], callers=2, seconds=0.6).callers == 1


def test_a_refusal_stops_them(address):
    with pytest.raises(AssertionError, match="/gone: 404"):
        hold(address, {}, [Call("/gone")], callers=1, seconds=2)


def test_patience_has_an_end():
    assert Held(1, 10.0, PATIENCE - 0.001).patient
    assert not Held(1, 10.0, PATIENCE).patient
