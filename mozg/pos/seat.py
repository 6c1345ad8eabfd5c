"""One session at a time with a till's server, and no session forgotten: for tills whose sessions hold a licence.

A process takes the seat before it signs in, and notes there what would sign it out. The operating system takes the
seat back from a process that was killed; whoever sits down next finds the note and signs the dead session out.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from mozg.access.secrets import seal, unseal
from mozg.errors import SettingsError, TillBusy
from mozg.settings import settings

#: Seconds to wait for another process to leave, and between looks.
LONGEST_WAIT, LOOK = 600.0, 0.05


class Seat:
    """The only seat at a server. ``left`` is the session that the one who sat here before did not close, or None."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.left = _opened(file.read().decode())

    def note(self, session: str | None) -> None:
        """Note the session that is open now, or that there is none."""
        self._file.seek(0)
        self._file.write(seal({"session": session}).encode() if session else b"")
        self._file.truncate()
        self._file.flush()
        self.left = session


@contextmanager
def seat(name: str, key: str, longest: float = LONGEST_WAIT) -> Iterator[Seat]:
    """Sit down at the server that ``key`` tells from others for the length of the block; ``name`` is for errors.

    Raises:
        TillBusy: another process did not leave within ``longest`` seconds.
    """
    path = settings().var / "tills" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.seat"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        if not _locked(file, longest):
            raise TillBusy(f"{name} is being read by another program of this installation. Sync again when it is done.")
        yield Seat(file)  # closing the file gives the seat back


def _opened(sealed: str) -> str | None:
    try:
        return str(unseal(sealed)["session"]) if sealed else None
    except SettingsError:  # half a note, or one of another secret key: the till will end that session by itself
        return None


def _locked(file: BinaryIO, longest: float) -> bool:
    end = time.monotonic() + longest
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(LOOK)
        else:
            return True
