"""Running a command that can read, write and reach only what it is given, without root and without a container.

A person with a free prompt runs as the same user of the operating system as our services. `confined` starts such
prompts through ``python -m mozg.confine``, which puts Landlock's walls (Linux 6.12) around itself, gives up every
privilege and a few system calls, and becomes the command. What it starts stays within the walls.

- Files: only the paths given, and what every program needs (`mozg.confine.needs`).
- Other processes: no signals, no debugger, so no ``/proc/<pid>/environ`` and ``mem`` either.
- Network: none; or, where ports are given, TCP to these alone. No abstract Unix sockets.

Not walled: Unix sockets that have a path on disk, where their own permissions decide (so a container engine's socket
must not be open to the user we run as); how much of the machine is used; and, where ports are given, UDP and waiting
for callers on a port that the kernel picks.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mozg.confine.landlock import require

__all__ = ["Limits", "confined", "require"]


@dataclass(frozen=True)
class Limits:
    """What a command may do: ``read`` and run, ``write`` plain files, use as ``scratch``, ``connect`` to TCP ports.

    ``never`` lists what must lie within none of these: the command is refused rather than started if it does.
    """

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    scratch: tuple[Path, ...] = ()
    connect: tuple[int, ...] = ()
    never: tuple[Path, ...] = ()


def confined(command: Sequence[str], limits: Limits) -> list[str]:
    """Return the command that runs ``command`` within ``limits``, with the environment that it is started with."""
    options: list[str] = []
    for name in ("read", "write", "scratch", "connect", "never"):
        for value in getattr(limits, name):
            options += [f"--{name}", str(value)]
    # Isolated (-I): the folder we start in and PYTHONPATH are the person's, and the launcher runs nothing of theirs.
    return [sys.executable, "-I", "-m", "mozg.confine", *options, "--", *command]
