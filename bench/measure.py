"""How things are timed, and what a result is."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import psutil

PACKAGES = ("duckdb", "psycopg", "sqlalchemy", "pandas", "ibis-framework", "dlt")
Work = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One answer. ``ratio`` says how many times better ours is, whatever the unit; ``holds`` is None without a goal.

    ``ours`` and ``peer`` are medians of ``runs``; peer and ratio are None where there is nothing to compare with.
    """

    question: str
    ours: float
    peer: float | None
    peer_name: str | None
    unit: str
    ratio: float | None
    goal: str | None
    holds: bool | None
    runs: Mapping[str, Sequence[float]]


def faster(
    question: str, ours: Sequence[float], peer: Sequence[float], name: str, unit: str, least: float | None
) -> Row:
    """Return the row of two rates, where ours shall be at least ``least`` times the peer's; None: for information."""
    ratio = statistics.median(ours) / statistics.median(peer)
    if least is None:
        return _row(question, ours, peer, name, unit, ratio, None, None)
    return _row(question, ours, peer, name, unit, ratio, f"≥ {least:g} ×", ratio >= least)


def sooner(question: str, ours: Sequence[float], peer: Sequence[float], name: str, least: float | None) -> Row:
    """Return the row of two durations in seconds: the peer's shall be ``least`` times ours; None: for information."""
    ratio = statistics.median(peer) / statistics.median(ours)
    if least is None:
        return _row(question, ours, peer, name, "s", ratio, None, None)
    return _row(question, ours, peer, name, "s", ratio, f"≥ {least:g} ×", ratio >= least)


def beside(question: str, ours: Sequence[float], peer: Sequence[float], name: str, *, same: bool) -> Row:
    """Return the row of two durations in seconds, of which only the ``same`` answer is demanded."""
    ratio = statistics.median(peer) / statistics.median(ours)
    return _row(question, ours, peer, name, "s", ratio, "same answer", same)


def within(question: str, ours: Sequence[float], most: float) -> Row:
    """Return the row of a duration that shall stay under ``most`` seconds."""
    return _row(question, ours, None, None, "s", None, f"< {most:g} s", statistics.median(ours) < most)


def by_turns(contestants: Mapping[str, Work], runs: int) -> dict[str, list[float]]:
    """Let each contestant work ``runs`` times, one after the other, each round begun by another; return what they say.

    A machine that slows down for a while slows all of them.
    """
    names = list(contestants)
    told: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(runs):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            told[name].append(contestants[name]())
    return told


def seconds(work: Callable[[], Any]) -> float:
    """Return how long ``work`` took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on; ``load`` is the load average before the first of them."""
    return {
        "system": platform.platform(),
        "cpus": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _row(
    question: str, ours: Sequence[float], peer: Sequence[float] | None, name: str | None, unit: str,
    ratio: float | None, goal: str | None, holds: bool | None,
) -> Row:  # fmt: skip
    runs = {"ours": _short(ours)} | ({"peer": _short(peer)} if peer else {})
    medians = [_short([statistics.median(values)])[0] if values else None for values in (ours, peer)]
    assert medians[0] is not None
    return Row(question, medians[0], medians[1], name, unit, ratio and round(ratio, 2), goal, holds, runs)


def _short(values: Sequence[float]) -> list[float]:
    return [round(value) if abs(value) >= 100 else round(value, 4) for value in values]
