"""Giving up the powers that a superuser has beside its files, for good."""

import ctypes
import os
import resource
import struct

_NO_NEW_PRIVS = 38
_VERSION_3 = 0x20080522
#: The one power that is left to a superuser: going through folders of others. The embedded Postgres has its socket
#: in a folder of its own user's; what may be opened there is decided by Landlock, which is asked as well.
_CAP_DAC_READ_SEARCH = 1 << 2


def give_up() -> None:
    """Never gain privileges again, drop those of a superuser, and leave no core dump."""
    _check(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    if os.geteuid() == 0:
        header = struct.pack("=Ii", _VERSION_3, 0)
        _check(_libc.capset(header, struct.pack("=IIIIII", _CAP_DAC_READ_SEARCH, _CAP_DAC_READ_SEARCH, 0, 0, 0, 0)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


_libc = ctypes.CDLL(None, use_errno=True)
