"""Who asked a simulated till what, when, and how much at once: for tests to hold callers to what tills allow."""

import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Log:
    """Requests per path, when they came (`time.monotonic`), and the most that were under way at once in a session.

    ``widest`` is the most columns that a report was grouped by.
    """

    paths: Counter[str] = field(default_factory=Counter)
    moments: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    busiest: Counter[str] = field(default_factory=Counter)
    widest: int = 0
    _now: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, path: str, session: str) -> int:
        """Note that a request begins; return how many are under way in its session, itself included."""
        with self._lock:
            self.paths[path] += 1
            self.moments[path].append(time.monotonic())
            self._now[session] += 1
            self.busiest[session] = max(self.busiest[session], self._now[session])
            return self._now[session]

    def leave(self, session: str) -> None:
        """Note that a request has been answered."""
        with self._lock:
            self._now[session] -= 1

    def since(self, part: str, seconds: float) -> int:
        """Return the requests to paths that contain ``part`` in the last ``seconds``."""
        then = time.monotonic() - seconds
        with self._lock:
            return sum(len(some) - bisect_left(some, then) for path, some in self.moments.items() if part in path)

    def most(self, part: str, seconds: float) -> int:
        """Return the most requests to paths that contain ``part`` in any span of ``seconds``."""
        with self._lock:
            moments = sorted(at for path, some in self.moments.items() if part in path for at in some)
        return max((at - bisect_left(moments, moment - seconds) + 1 for at, moment in enumerate(moments)), default=0)

    def clear(self) -> None:
        """Forget all requests that have been answered."""
        with self._lock:
            for one in (self.paths, self.moments, self.busiest):
                one.clear()
            self.widest = 0
