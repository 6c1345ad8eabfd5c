"""The credentials of a simulated chain, made from its seed, and the people who hold them for a while."""

import hashlib
import threading
import time
import uuid
from dataclasses import dataclass, field

import jwt

from mozg.simulate.chain import guid

HOUR = 3600.0


@dataclass(frozen=True)
class Keys:
    """What one must know to read the chain's tills."""

    login: str
    password: str
    api_key: str
    app_id: str
    client_secret: str
    api_login: str

    def opens(self, login: str, digest: str) -> bool:
        """Whether ``digest`` is the lower-case hexadecimal SHA-1 of this login's password."""
        wanted = hashlib.sha1(self.password.encode(), usedforsecurity=False).hexdigest()
        return login == self.login and digest == wanted


def keys(seed: int) -> Keys:
    """Return the credentials of the chain with this seed."""
    return Keys(
        login="analytics",
        password=guid(seed, "password"),
        api_key=guid(seed, "api key"),
        app_id=guid(seed, "app"),
        client_secret=guid(seed, "secret"),
        api_login=guid(seed, "api login")[:11],
    )


@dataclass
class Licence:
    """iikoServer's API slots: each sign-in takes one until sign-out, or for an hour. Safe between threads.

    ``most`` is the most that were ever taken at once.
    """

    slots: int = 1
    seconds: float = HOUR
    most: int = 0
    _held: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> str | None:
        """Return a new session key, or None when every slot is taken."""
        with self._lock:
            self._held = {key: since for key, since in self._held.items() if self._fresh(since)}
            if len(self._held) >= self.slots:
                return None
            key = str(uuid.uuid4())
            self._held[key] = time.monotonic()
            self.most = max(self.most, len(self._held))
            return key

    def free(self, key: str) -> None:
        """Give a slot back."""
        with self._lock:
            self._held.pop(key, None)

    def holds(self, key: str | None) -> bool:
        """Whether ``key`` is a live session."""
        with self._lock:
            return key in self._held and self._fresh(self._held[key])

    def restart(self) -> None:
        """Forget every session, as a restarted server does."""
        with self._lock:
            self._held.clear()

    @property
    def taken(self) -> int:
        """How many slots are taken now."""
        with self._lock:
            return sum(map(self._fresh, self._held.values()))

    def _fresh(self, since: float) -> bool:
        return time.monotonic() - since < self.seconds


@dataclass
class Tokens:
    """iikoCloud's tokens: JSON Web Tokens that die after an hour, all at once by `revoke`."""

    secret: str
    seconds: float = HOUR
    _generation: int = 0

    def issue(self) -> str:
        """Return a new token."""
        claims = {"exp": time.time() + self.seconds, "gen": self._generation, "jti": str(uuid.uuid4())}
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def revoke(self) -> None:
        """Make every token issued so far invalid."""
        self._generation += 1

    def valid(self, token: str) -> bool:
        """Whether ``token`` was issued here, has not been revoked and is not too old."""
        try:
            claims = jwt.decode(token, self.secret, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return False
        return bool(claims.get("gen") == self._generation)
