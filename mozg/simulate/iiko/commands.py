"""iikoCloud's commands: accepted at once, carried out by the restaurant's till later, and asked about meanwhile."""

import threading
import time
from dataclasses import dataclass, field

#: Seconds until a command is done, and until nobody remembers it.
DONE, FORGOTTEN = 0.2, 600.0


@dataclass
class Commands:
    """The commands that were accepted: when, and whether the till could carry them out."""

    _known: dict[str, tuple[float, str | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, correlation_id: str, trouble: str | None = None) -> None:
        """Note a command; ``trouble`` is why it will fail."""
        with self._lock:
            self._known[correlation_id] = (time.monotonic(), trouble)

    def state(self, correlation_id: str) -> dict[str, str] | None:
        """Return how a command goes, or None if it is unknown or too old."""
        with self._lock:
            since, trouble = self._known.get(correlation_id, (-FORGOTTEN, None))
        age = time.monotonic() - since
        if age >= FORGOTTEN:
            return None
        if age < DONE:
            return {"state": "InProgress"}
        return {"state": "Error", "errorReason": trouble} if trouble else {"state": "Success"}
