"""Callers of an HTTP service on loopback: so many at once, each asking the next question when the last is answered."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

#: The 95th of 100 answers comes within this many seconds.
PATIENCE = 0.150


@dataclass(frozen=True)
class Call:
    """One request that is sent again and again."""

    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Held:
    """What was held: answers a second, and the 95th percentile of their seconds, with so many callers."""

    callers: int
    rate: float
    p95: float

    @property
    def patient(self) -> bool:
        """Whether answers came soon enough."""
        return self.p95 < PATIENCE


def highest(address: str, headers: Mapping[str, str], calls: Sequence[Call], most: int, short: float) -> int:
    """Return with how many callers, up to ``most``, the rate was the highest at which answers came soon enough."""
    ladder = [hold(address, headers, calls, callers, short) for callers in range(1, most + 1)]
    return max((held for held in ladder if held.patient), key=lambda held: held.rate, default=ladder[0]).callers


def hold(address: str, headers: Mapping[str, str], calls: Sequence[Call], callers: int, seconds: float) -> Held:
    """Let ``callers`` ask for so many seconds and return what was held.

    Raises:
        AssertionError: an answer was not 200.
    """
    took = asyncio.run(_ask(address, headers, itertools.cycle(calls), callers, seconds))
    return Held(callers, len(took) / seconds, statistics.quantiles(took, n=20)[-1])


def hold_patiently(
    address: str, headers: Mapping[str, str], calls: Sequence[Call], callers: int, seconds: float
) -> Held:
    """Return what ``callers`` held, or as many fewer as it takes for answers to come soon enough all that time."""
    held = hold(address, headers, calls, callers, seconds)
    while not held.patient and held.callers > 1:
        held = hold(address, headers, calls, held.callers - 1, seconds)
    return held


async def _ask(
    address: str, headers: Mapping[str, str], calls: Iterator[Call], callers: int, seconds: float
) -> list[float]:
    took: list[float] = []
    end = time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:

        async def caller() -> None:
            while (began := time.perf_counter()) < end:
                call = next(calls)
                answer = await client.request("POST" if call.body else "GET", call.path, json=call.body)
                assert answer.status_code == 200, f"{call.path}: {answer.status_code} {answer.text[:300]}"
                took.append(time.perf_counter() - began)

        await asyncio.gather(*(caller() for _ in range(callers)))
    return took
