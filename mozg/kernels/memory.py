"""How much of the machine's memory processes take, pages that they share counted once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024


@dataclass(frozen=True)
class Memory:
    """Bytes: ``pss`` is a process's share of the machine (a page of ten counts a tenth), ``private`` its own alone."""

    pss: int = 0
    private: int = 0

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.pss + other.pss, self.private + other.private)


def memory_of(processes: Iterable[int]) -> Memory:
    """Return the memory of these processes together (Linux).

    Raises:
        OSError: one of them has ended, or is somebody else's.
    """
    return sum(map(_memory_of, processes), Memory())


def _memory_of(process: int) -> Memory:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()[1:]
    size = {name: int(value.split()[0]) * _KIB for name, _, value in (line.partition(":") for line in lines)}
    return Memory(size["Pss"], size["Private_Clean"] + size["Private_Dirty"])
