"""``python -I -m mozg.confine --read PATH --write PATH … -- command``: become ``command`` within walls."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mozg.confine import Limits, needs
from mozg.confine.calls import close_ways_around
from mozg.confine.landlock import DEVICE, READ, SCRATCH, WRITE, Walls
from mozg.confine.powers import give_up
from mozg.errors import MozgError, ServiceError


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the command that the command line gives, within the walls that it draws, or say why not and exit."""
    limits, command = _read(arguments)
    try:
        enclose(limits)
        os.execvp(command[0], command)  # noqa: S606  # the very thing: no shell comes between
    except (MozgError, OSError) as error:
        sys.exit(f"{command[0]} was not started: {error}")


def enclose(limits: Limits) -> None:
    """Put walls around this process.

    Raises:
        ServiceError: the kernel cannot, or the limits would lay open what must never be.
        OSError: a path of the limits does not exist.
    """
    readable = (*needs.programs(), *limits.read)
    _refuse_open(limits, readable)
    _keep_open(needs.own_process())
    walls = Walls()
    walls.allow(READ, readable)
    walls.allow(WRITE, limits.write)
    walls.allow(SCRATCH, limits.scratch)
    walls.allow(DEVICE, needs.devices())
    walls.allow_connecting(limits.connect)
    walls.allow(READ, [needs.own_process()])
    give_up()
    walls.close()
    close_ways_around(internet=bool(limits.connect))


def _keep_open(folder: Path) -> None:
    """Close every file that we inherited, which no walls would hold, and keep ``folder`` open.

    A rule is about a folder as the kernel has it in memory, and those of /proc stay there only while in use.
    """
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.set_inheritable(os.open(folder, os.O_PATH), True)


def _refuse_open(limits: Limits, readable: Sequence[Path]) -> None:
    for given in (*readable, *limits.write, *limits.scratch):
        for secret in limits.never:
            if secret.resolve().is_relative_to(given.resolve()):
                raise ServiceError(
                    f"{secret} lies within {given}, which would be open to it. Move it (MOZG_VAR, MOZG_PROJECT) "
                    "out of the folders of programs."
                )


def _read(arguments: Sequence[str] | None) -> tuple[Limits, list[str]]:
    parser = argparse.ArgumentParser(prog="python -I -m mozg.confine", description=__doc__)
    for name in ("read", "write", "scratch", "never"):
        parser.add_argument(f"--{name}", action="append", default=[], type=Path)
    parser.add_argument("--connect", action="append", default=[], type=int)
    parser.add_argument("command", nargs="+")
    given = vars(parser.parse_args(arguments))
    command = given.pop("command")
    return Limits(**{name: tuple(values) for name, values in given.items()}), command


if __name__ == "__main__":
    main()
