"""What can go wrong on the way, switched on by a test.

served.faults.once("/olap", 429, retry_after="2")      # the next report is refused
served.faults.changed("/olap", doubled)                # the next one has its rows twice, in another order
served.faults.rain(seed=7, share=0.1)                  # every tenth answer goes wrong, in ways drawn by the seed
"""

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

Change = Callable[[bytes], bytes]

PROXY_PAGE = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
#: Paths that faults drawn by chance leave alone: without sign-out, a licence slot could not be freed.
_SIGN_OUT = "logout"
#: What `Faults.clear` sets back.
_SWITCHES = ("legacy_sign_in", "lacks", "version", "hidden_terminals", "visible", "limits", "answers", "_rain")


def halved(body: bytes) -> bytes:
    """Return the first half of a body, as a broken proxy sends it."""
    return body[: len(body) // 2]


def garbled(body: bytes) -> bytes:
    """Return a text as an old server writes it: in an encoding that nobody named."""
    return body.decode().encode("cp1251", errors="replace")


def doubled(body: bytes) -> bytes:
    """Return an answer whose rows come twice and in another order, as paging through changing data does."""
    return _with_rows(body, lambda rows: [*reversed(rows), *rows[: len(rows) // 2]])


def strange(body: bytes) -> bytes:
    """Return an answer whose rows have a field that nobody has heard of."""
    return _with_rows(body, lambda rows: [{**row, "fieldOfTomorrow": {"value": 1}} for row in rows])


def lacking(name: str) -> Change:
    """Return a change that takes the field ``name`` out of every row."""

    def without(body: bytes) -> bytes:
        return _with_rows(body, lambda rows: [{key: row[key] for key in row if key != name} for row in rows])

    return without


def _with_rows(body: bytes, change: Callable[[list[Any]], list[Any]]) -> bytes:
    """Change each list of objects in a JSON text, wherever it stands; any other text stays as it is."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    return json.dumps(_changed(answer, change), ensure_ascii=False).encode()


def _changed(value: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    return value


@dataclass(frozen=True)
class Fault:
    """One wrong answer to the next request whose path contains ``path``.

    With a ``status`` it is given instead of the server's; else the server's own is sent after ``delay`` seconds,
    with its body ``change``d, and ``drip`` seconds between its pieces.
    """

    path: str
    status: int | None = 500
    body: str = "java.lang.NullPointerException"
    media: str = "text/plain"
    retry_after: str | None = None
    change: Change | None = None
    delay: float = 0.0
    drip: float = 0.0


#: What `Faults.rain` draws from. Each can be overcome by asking again, at once or in the next reading.
SHOWER = (
    *(Fault("", status) for status in (401, 408, 429, 500, 502)), Fault("", 429, retry_after="0"),
    Fault("", 200, PROXY_PAGE, "text/html"), Fault("", None, change=halved), Fault("", None, change=garbled),
    Fault("", None, change=doubled), Fault("", None, change=strange),
)  # fmt: skip


@dataclass
class Faults:
    """The switches.

    ``legacy_sign_in`` false makes iikoCloud's old sign-in answer 403. ``lacks`` are report columns that this version
    does not have, ``version`` what the server says it is. ``hidden_terminals`` are groups of terminals that the key
    was not granted. ``visible`` are the only organisations that the key sees, None for all. ``limits`` maps a part
    of a path to the most requests in a span of seconds; whoever asks more often gets 429. After so many ``answers``
    the tills fall silent until it is None again: whoever asks then waits.
    """

    legacy_sign_in: bool = True
    lacks: frozenset[str] = frozenset()
    version: str = "9.3.6012.0"
    hidden_terminals: bool = False
    visible: frozenset[str] | None = None
    limits: dict[str, tuple[int, float]] = field(default_factory=dict)
    answers: int | None = None
    queue: list[Fault] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)
    _rain: tuple[random.Random, float] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, path: str, status: int = 500, *, retry_after: str | None = None, times: int = 1) -> None:
        """Answer the next ``times`` requests to ``path`` with ``status`` and a text."""
        self.queue += [Fault(path, status, retry_after=retry_after)] * times

    def page(self, path: str, status: int = 200, times: int = 1) -> None:
        """Answer the next ``times`` requests to ``path`` with a proxy's HTML page."""
        self.queue += [Fault(path, status, PROXY_PAGE, "text/html")] * times

    def cut(self, path: str, times: int = 1) -> None:
        """Send only the first half of the next ``times`` answers to ``path``."""
        self.changed(path, halved, times)

    def changed(self, path: str, change: Change, times: int = 1) -> None:
        """Send the next ``times`` answers to ``path`` with their bodies changed."""
        self.queue += [Fault(path, None, change=change)] * times

    def slow(self, path: str, seconds: float) -> None:
        """Let the next request to ``path`` wait for its answer; iikoCloud says 408 to who would not wait so long."""
        self.queue.append(Fault(path, None, delay=seconds))

    def drip(self, path: str, seconds: float) -> None:
        """Send the next answer to ``path`` in small pieces, with so many seconds between them."""
        self.queue.append(Fault(path, None, drip=seconds))

    def rain(self, seed: int, share: float) -> None:
        """From now on let about ``share`` of all requests meet a fault of `SHOWER`, in an order drawn by ``seed``."""
        self._rain = (random.Random(seed), share)  # noqa: S311  # weather, not secrets

    def clear(self) -> None:
        """Let the sun shine: no fault waits, every switch is as at first."""
        with self._lock:
            fresh = Faults()
            for name in _SWITCHES:
                setattr(self, name, getattr(fresh, name))
            self.queue.clear()
            self.fallen.clear()

    def speak(self) -> bool:
        """Tell whether the tills answer now, which takes one of the ``answers`` that are left."""
        with self._lock:
            silent = self.answers == 0
            if self.answers:
                self.answers -= 1
            return not silent

    def take(self, path: str) -> Fault | None:
        """Return the fault that awaits a request to ``path``, and forget it."""
        with self._lock:
            found = next((fault for fault in self.queue if fault.path in path), None)
            if found is not None:
                self.queue.remove(found)
            else:
                found = self._drawn(path)
            if found is not None:
                self.fallen.append(f"{path}: {found.status or (found.change and found.change.__name__)}")
            return found

    def _drawn(self, path: str) -> Fault | None:
        if self._rain is None or _SIGN_OUT in path:
            return None
        chance, share = self._rain
        return replace(chance.choice(SHOWER), path=path) if chance.random() < share else None
