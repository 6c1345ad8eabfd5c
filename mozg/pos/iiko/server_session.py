"""Calls to iikoServer: one after another, in one session, which holds one of few licence slots."""

import contextlib
import hashlib
from typing import Any
from xml.etree import ElementTree as Tree

import httpx

from mozg.errors import TillError
from mozg.model import Venue
from mozg.pos.config import required
from mozg.pos.patience import Patience, TryLaterError
from mozg.pos.seat import Seat, seat
from mozg.pos.wire import SessionLostError, Wire


class ServerSession:
    """A login's way to one server; ``pos_config`` as `mozg.pos.iiko.server_door.ServerDoor` has it.

    Only one session of this installation is open with a server at any time, see `mozg.pos.seat`.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        base_url, self._login, password = required(venue, "base_url", "login", "password")
        self._digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
        self.wire = Wire(base_url, patience, "iiko")
        self.name = self.wire.name
        self._sitting = contextlib.ExitStack()
        self._seat: Seat | None = None
        self._key: str | None = None

    def open(self) -> None:
        """Wait until nobody else reads this server, and sign in, which takes a licence slot."""
        self._seat = self._sitting.enter_context(seat(self.name, str(self.wire.client.base_url)))
        if self._seat.left is not None:
            self._sign_out(self._seat.left)
        self._sign_in()

    def close(self) -> None:
        """Free the slot. A till that is gone by now frees it by itself within the hour, so its silence is no error."""
        with self._sitting, contextlib.closing(self.wire):
            if self._key is not None:
                self._sign_out(self._key)
            self._key = None

    def json(self, method: str, path: str, **what: Any) -> Any:
        """Return the JSON that answers a request."""
        return self.wire.json(self._ask(method, path, **what))

    def rows(self, path: str, **parameters: str) -> list[Any]:
        """Return a list that a GET request answers.

        Raises:
            TillAnswerError: it is none.
        """
        answer = self.json("GET", path, params=parameters)
        if not isinstance(answer, list):
            raise self.wire.unreadable(path, "no list")
        return answer

    def xml(self, path: str, **parameters: str) -> Tree.Element:
        """Return the XML that answers a GET request."""
        return self.wire.xml(self._ask("GET", path, params=parameters))

    def _sign_in(self) -> None:
        path = "resto/api/auth"
        key = self.wire.ask("POST", path, data={"login": self._login, "pass": self._digest}).text.strip()
        if not key or "<" in key or len(key) > 100:
            raise self.wire.unreadable(path, "no session key")
        self._note(key)

    def _sign_out(self, key: str) -> None:
        with contextlib.suppress(TillError, TryLaterError):
            self.wire.once("POST", "resto/api/logout", data={"key": key})
        self._note(None)

    def _note(self, key: str | None) -> None:
        self._key = key
        if self._seat is not None:
            self._seat.note(key)

    def _ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Ask within the session; if the server has forgotten it (a restart does that), sign in once more.

        A proxy may say so of a session that is still alive and holds the only slot, so it is signed out all the same.
        """
        try:
            return self._ask_once(method, path, **what)
        except SessionLostError:
            if self._key is not None:
                self._sign_out(self._key)
            self._sign_in()
            return self._ask_once(method, path, **what)

    def _ask_once(self, method: str, path: str, **what: Any) -> httpx.Response:
        return self.wire.ask(method, path, headers={"Cookie": f"key={self._key}"}, **what)
