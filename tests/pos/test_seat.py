"""One session at a time with a server, and a session that somebody left open is found."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from mozg.errors import TillBusy
from mozg.pos.seat import seat
from mozg.settings import settings


def test_only_one_sits_and_leaves_the_seat_clean():
    with seat("iiko", "one") as mine:
        assert mine.left is None
        mine.note("session-1")
        with pytest.raises(TillBusy, match="iiko is being read by another program"), seat("iiko", "one", longest=0.1):
            pass
        with seat("iiko", "another server"):
            pass
        mine.note(None)
    with seat("iiko", "one") as next_one:
        assert next_one.left is None


def test_what_a_killed_process_left_open_is_found_and_is_no_readable_secret():
    program = """
        import time
        from mozg.pos.seat import seat
        with seat("iiko", "killed") as mine:
            mine.note("secret-session")
            print("sitting", flush=True)
            time.sleep(60)
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"sitting\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    notes = [path.read_text() for path in (settings().var / "tills").glob("*.seat")]
    assert not any("secret-session" in note for note in notes)
    with seat("iiko", "killed") as mine:
        assert mine.left == "secret-session"


def test_a_damaged_note_is_no_session():
    with seat("iiko", "damaged") as mine:
        mine.note("x")
    (settings().var / "tills").joinpath(next(_notes())).write_text("half a no")
    with seat("iiko", "damaged") as mine:
        assert mine.left is None


def _notes():
    return (path.name for path in sorted((settings().var / "tills").glob("*.seat"), key=os.path.getmtime, reverse=True))
