"""Calls to iikoCloud: every one is a POST with a bearer token, which lives an hour and serves all venues of a key."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import jwt

from mozg.errors import TillAccessDenied
from mozg.model import Venue
from mozg.pos.config import limits, required
from mozg.pos.iiko.doors import Row
from mozg.pos.pace import Allowance, Pace
from mozg.pos.patience import Patience
from mozg.pos.wire import SessionLostError, Wire

ADDRESS = "https://api-ru.iiko.services"
_PAGE = 1000
_UNKNOWN_LIFE = 50 * 60.0
#: The server's own wait for the restaurant, in seconds; ours is longer, so that its answer is the one we hear.
_WAIT = {"Timeout": "120"}
#: iiko publishes no numbers, but blocks keys that ask too often: what others found to be safe, per ten minutes.
_SAFE = {
    "authorization": Allowance(8, 600, 2),
    "dictionaries": Allowance(12, 600, 6),
    "stop lists": Allowance(8, 600, 2),
    "back office": Allowance(150, 600, 30),
}


@dataclass
class Tokens:
    """Tokens that are still good, by address and credentials: iiko blocks who signs in too often."""

    _known: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[str, ...]) -> str | None:
        """Return a token that will live for another minute at least."""
        with self._lock:
            token, end = self._known.get(key, (None, 0.0))
        return token if end - 60 > time.time() else None

    def keep(self, key: tuple[str, ...], token: str) -> None:
        """Remember a token until it ends."""
        with self._lock:
            self._known[key] = (token, _end(token))

    def drop(self, key: tuple[str, ...], token: str | None) -> None:
        """Forget a token that was refused, unless another has taken its place."""
        with self._lock:
            if self._known.get(key, (None,))[0] == token:
                self._known.pop(key, None)


_TOKENS = Tokens()


class CloudSession:
    """A key's way to iikoCloud; ``pos_config`` as `mozg.pos.iiko.cloud_door.CloudDoor` has it."""

    def __init__(self, venue: Venue, patience: Patience) -> None:
        self._path, self._credentials = _sign_in(venue)
        base_url = str(venue.pos_config.get("base_url") or ADDRESS)
        self._key = (base_url, *self._credentials.values())
        self.wire = Wire(base_url, patience, "iiko", pace=Pace("iiko", "\n".join(self._key), _limits(venue, base_url)))
        self.name = self.wire.name

    def open(self) -> str:
        """Return a token that is good, after signing in if none of these credentials is."""
        token = _TOKENS.get(self._key)
        if token is None:
            answer = self.wire.json(self._ask_for_token())
            token = answer.get("token") if isinstance(answer, dict) else None
            if not isinstance(token, str):
                raise self.wire.unreadable(self._path, "no token")
            _TOKENS.keep(self._key, token)
        return token

    def close(self) -> None:
        """Close the connection; tokens need no signing out."""
        self.wire.close()

    def pages(self, path: str, body: Row) -> Iterator[Row]:
        """Yield the rows of a back-office list, page by page."""
        offset, more = 0, True
        while more:
            rows = self.rows(path, {**body, "limit": _PAGE, "offset": offset}, "items")
            yield from rows
            offset, more = offset + len(rows), len(rows) == _PAGE

    def rows(self, path: str, body: Row, name: str, group: str = "back office") -> list[Row]:
        """Return the list that stands under ``name`` in an answer; ``group`` is iiko's limit that the call counts to.

        Raises:
            TillAnswerError: there is none.
        """
        answer = self.wire.json(self._ask(path, body, group))
        if not isinstance(answer, dict) or not isinstance(answer.get(name), list):
            raise self.wire.unreadable(path, f"no rows under {name}")
        rows: list[Row] = answer[name]
        return rows

    def array(self, path: str, body: Row) -> list[Row]:
        """Return an answer that is a list itself.

        Raises:
            TillAnswerError: it is none.
        """
        answer = self.wire.json(self._ask(path, body, "back office"))
        if not isinstance(answer, list):
            raise self.wire.unreadable(path, "no list")
        return answer

    def _ask(self, path: str, body: Row, group: str) -> httpx.Response:
        """Ask with a token; if it has died, sign in once more."""
        token = self.open()
        try:
            return self._ask_with(token, path, body, group)
        except SessionLostError:
            _TOKENS.drop(self._key, token)
            return self._ask_with(self.open(), path, body, group)

    def _ask_with(self, token: str, path: str, body: Row, group: str) -> httpx.Response:
        headers = _WAIT | {"Authorization": f"Bearer {token}"}
        return self.wire.ask("POST", path, group, json=body, headers=headers)

    def _ask_for_token(self) -> httpx.Response:
        try:
            return self.wire.ask("POST", self._path, "authorization", json=self._credentials)
        except SessionLostError:
            raise
        except TillAccessDenied as denied:
            if "apiLogin" not in self._credentials:
                raise
            raise TillAccessDenied(
                f"{self.name} no longer accepts api_login. Make an API key in iikoWeb (Integrations, API keys) "
                "and give the venue api_key, app_id and client_secret instead."
            ) from denied


def _sign_in(venue: Venue) -> tuple[str, dict[str, str]]:
    """Return where to sign in, and with what: the newer key goes before the older login where a venue has both."""
    newer = ("api_key", "app_id", "client_secret")
    if venue.pos_config.get("api_login") and not all(venue.pos_config.get(name) for name in newer):
        return "api/1/access_token", {"apiLogin": str(venue.pos_config["api_login"])}
    api_key, app_id, client_secret = required(venue, *newer)
    return "api/v2/access_token", {"apiKey": api_key, "appId": app_id, "clientSecret": client_secret}


def _limits(venue: Venue, base_url: str) -> dict[str, Allowance]:
    """Return how often each group may be called: as the venue's settings say, else what is safe with iiko itself."""
    given = limits(venue)
    if given is not None:
        return given
    return _SAFE if httpx.URL(base_url).host.endswith("iiko.services") else {}


def _end(token: str) -> float:
    """Return when a token dies, in seconds since 1970: iiko tells it only inside the token."""
    try:
        return float(jwt.decode(token, options={"verify_signature": False})["exp"])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        return time.time() + _UNKNOWN_LIFE
