"""A seccomp filter for the ways around Landlock: sockets that it does not watch, and handles instead of paths.

Landlock's network rules know TCP by ``bind`` and ``connect`` alone: MPTCP passes them by, and ``listen`` on a socket
that was never bound does too. So sockets are decided on when they are made. Numbers and structures are from
``linux/seccomp.h``, ``linux/filter.h`` and each architecture's table of system calls.
"""

import ctypes
import errno
import os
import platform
import socket
import struct
from dataclasses import dataclass

from mozg.errors import ServiceError

_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
#: For sockets; libraries know it from systems without a network, where EPERM makes libzmq end its process.
_NOT_HERE = 0x00050000 | errno.EOPNOTSUPP
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ANOTHER_TABLE = 0x40000000  # numbers of x86's x32, which would pass a filter written for the usual ones
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_PROTOCOLS = (0, socket.IPPROTO_TCP, socket.IPPROTO_UDP)


@dataclass(frozen=True)
class _Table:
    """An architecture's token and its numbers of the calls that matter here.

    ``closed`` are io_uring_setup (makes sockets unseen), open_by_handle_at (opens without a path), bpf,
    perf_event_open, and the calls for keys, which all processes of a user share.
    """

    token: int
    socket: int
    limit: int
    closed: tuple[int, ...]


_TABLES = {
    "x86_64": _Table(0xC000003E, socket=41, limit=302, closed=(425, 304, 321, 298, 248, 249, 250)),
    "aarch64": _Table(0xC00000B7, socket=198, limit=261, closed=(425, 265, 280, 241, 217, 218, 219)),
}


def close_ways_around(*, internet: bool) -> None:
    """Refuse, to this process and all it starts, the calls above and every socket but Unix ones.

    With ``internet`` TCP and UDP sockets are allowed too; which ports they reach is Landlock's matter. Limits on the
    resources of other processes, with which one can end them, are refused in any case. The caller has given up
    gaining privileges before.

    Raises:
        ServiceError: the system calls of this architecture are not known here.
        OSError: the kernel was built without seccomp's filters.
    """
    program = _program(_table(), internet)
    lines = ctypes.create_string_buffer(program)
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(lines))
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_SECCOMP, _FILTER, header, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp refused the filter: {os.strerror(code)}")


def _table() -> _Table:
    machine = platform.machine()
    if machine not in _TABLES:
        raise ServiceError(f"Free code cannot be confined on {machine}, only on {' and '.join(_TABLES)}.")
    return _TABLES[machine]


def _program(table: _Table, internet: bool) -> bytes:
    lines = [_line(_LOAD, _ARCHITECTURE), _line(_EQUAL, table.token, 1, 0), _line(_RETURN, _REFUSE)]
    lines += [_line(_LOAD, _NUMBER), *_refuse_if(_AT_LEAST, _ANOTHER_TABLE)]
    for number in table.closed:
        lines += _refuse_if(_EQUAL, number)
    lines += _for_call(table.limit, [_line(_LOAD, _ARGUMENTS), *_allow_only((0,), _REFUSE)])
    lines += _for_call(table.socket, _sockets(internet))
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _sockets(internet: bool) -> list[bytes]:
    family = _line(_LOAD, _ARGUMENTS)
    if not internet:
        return [family, *_allow_only((socket.AF_UNIX,), _NOT_HERE)]
    protocol = [_line(_LOAD, _ARGUMENTS + 16), *_allow_only(_PROTOCOLS, _NOT_HERE)]
    return [
        family,
        *_if_any((socket.AF_UNIX,), [_line(_RETURN, _ALLOW)]),
        *_if_any(_INTERNET, protocol),
        _line(_RETURN, _NOT_HERE),
    ]


def _for_call(number: int, lines: list[bytes]) -> list[bytes]:
    return _if_any((number,), lines)


def _if_any(values: tuple[int, ...], lines: list[bytes]) -> list[bytes]:
    """Run ``lines`` if what was loaded is one of ``values``, else jump over them."""
    last = len(values) - 1
    tests = [_line(_EQUAL, value, last - at, 0 if at < last else len(lines)) for at, value in enumerate(values)]
    return [*tests, *lines]


def _allow_only(values: tuple[int, ...], otherwise: int) -> list[bytes]:
    return [*_if_any(values, [_line(_RETURN, _ALLOW)]), _line(_RETURN, otherwise)]


def _refuse_if(test: int, value: int) -> list[bytes]:
    return [_line(test, value, 0, 1), _line(_RETURN, _REFUSE)]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
