"""Landlock, Linux's walls that a process puts around itself, by its three system calls.

No library on PyPI knows the scopes for signals and sockets yet, so this speaks to the kernel itself. Numbers and
structures are from ``linux/landlock.h``; https://docs.kernel.org/userspace-api/landlock.html explains them.
"""

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable
from enum import IntFlag
from pathlib import Path

from mozg.errors import ServiceError

#: The first kernel interface (Linux 6.12) that can keep signals and abstract sockets in.
NEEDED = 6
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_TELL_VERSION = 1
_BENEATH_A_PATH, _A_PORT = 1, 2
_TCP_BIND, _TCP_CONNECT = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


class Right(IntFlag):
    """What may be done with a file, or beneath a folder."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


EVERY = Right((1 << 16) - 1)
READ = Right.EXECUTE | Right.READ_FILE | Right.READ_DIR
#: Plain files and folders only: a program outside that follows what it finds here cannot be led astray by a link,
#: nor kept waiting by a pipe.
WRITE = (
    READ | Right.WRITE_FILE | Right.TRUNCATE | Right.REFER
    | Right.MAKE_REG | Right.MAKE_DIR | Right.REMOVE_FILE | Right.REMOVE_DIR
)  # fmt: skip
SCRATCH = WRITE | Right.MAKE_SOCK
DEVICE = Right.READ_FILE | Right.WRITE_FILE | Right.IOCTL_DEV
_OF_FILES = Right.EXECUTE | Right.READ_FILE | Right.WRITE_FILE | Right.TRUNCATE | Right.IOCTL_DEV


def version() -> int:
    """Return the version of the kernel's Landlock interface, 0 where there is none."""
    try:
        return _call(_CREATE_RULESET, None, 0, _TELL_VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            return 0
        raise


def require() -> None:
    """Do nothing where Landlock can hold a process.

    Raises:
        ServiceError: the kernel has no Landlock, or one that is too old.
    """
    found = version()
    if found < NEEDED:
        has = f"only version {found} of Landlock" if found else "no Landlock"
        raise ServiceError(
            f"Free code cannot be kept to its own data here: this kernel has {has}, and version {NEEDED} is needed. "
            "Use Linux 6.12 or newer with landlock in the kernel's list of security modules (lsm=), "
            "and a container runtime that lets its system calls through."
        )


class Walls:
    """Rules being gathered. Whatever no rule allows is refused from `close` on, to this process and all it starts."""

    def __init__(self) -> None:
        require()
        attributes = struct.pack("=QQQ", EVERY, _TCP_BIND | _TCP_CONNECT, _ABSTRACT_SOCKETS | _SIGNALS)
        self._descriptor = _call(_CREATE_RULESET, attributes, len(attributes), 0)

    def allow(self, rights: Right, paths: Iterable[Path]) -> None:
        """Allow ``rights`` to each of ``paths`` and what is beneath it; a path that is a link means its target.

        Raises:
            OSError: there is no such path.
        """
        for path in paths:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            folder = stat.S_ISDIR(os.fstat(place).st_mode)
            _call(_ADD_RULE, self._descriptor, _BENEATH_A_PATH, _rule(rights if folder else rights & _OF_FILES, place))
            os.close(place)

    def allow_connecting(self, ports: Iterable[int]) -> None:
        """Allow TCP connections to ``ports``, of any host. Binding to a port stays forbidden."""
        for port in ports:
            _call(_ADD_RULE, self._descriptor, _A_PORT, struct.pack("=QQ", _TCP_CONNECT, port))

    def close(self) -> None:
        """Stand within the walls. The caller has given up gaining privileges before (``no_new_privs``)."""
        _call(_RESTRICT_SELF, self._descriptor)
        os.close(self._descriptor)


def _rule(rights: Right, place: int) -> bytes:
    return struct.pack("=Qi", rights, place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in (*arguments, 0)]
    result: int = _libc.syscall(ctypes.c_long(number), *given)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock refused call {number}: {os.strerror(code)}")
    return result


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
