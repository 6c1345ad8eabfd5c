"""How long to wait for a till, and how often to ask again."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from tenacity import RetryCallState


@dataclass(frozen=True)
class Patience:
    """Attempts in all, the first pause, the pause after *too many requests* without a hint, and the longest pause.

    Seconds. Pauses double from attempt to attempt and are shortened by chance to as little as half, so that many
    restaurants do not come back at the same moment. ``answer`` is the longest silence, ``whole`` the longest answer.
    """

    attempts: int = 5
    first: float = 1.0
    busy: float = 30.0
    longest: float = 120.0
    connect: float = 10.0
    answer: float = 180.0
    whole: float = 900.0

    def pause(self, state: RetryCallState) -> float:
        """Return the seconds to wait before the next attempt; a till's own wish goes before ours."""
        error = state.outcome.exception() if state.outcome else None
        wished = error.wait if isinstance(error, TryLaterError) else None
        if wished is not None:
            return min(wished, self.longest)
        base = self.busy if isinstance(error, TryLaterError) and error.status == 429 else self.first
        return min(base * 2.0 ** (state.attempt_number - 1), self.longest) * random.uniform(0.5, 1)  # noqa: S311

    @property
    def timeout(self) -> httpx.Timeout:
        """The same as httpx wants it."""
        return httpx.Timeout(self.answer, connect=self.connect)


class TryLaterError(Exception):
    """An attempt failed in a way that another may not; ``status`` is 0 when there was no answer at all."""

    def __init__(self, text: str, status: int = 0, wait: float | None = None) -> None:
        super().__init__(text)
        self.status, self.wait = status, wait


def wished_pause(response: httpx.Response) -> float | None:
    """Return the seconds that ``Retry-After`` asks for (a number or a date), or None without a readable one."""
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
