"""What every program needs to run and nobody needs to hide: itself, the system's libraries, and a few devices."""

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Of /etc only what libraries look up; accounts' passwords, keys and other services' settings are not among it.
_ETC = (
    "alternatives bash.bashrc ca-certificates ca-certificates.conf debian_version fonts gai.conf group host.conf hosts "
    "inputrc ld.so.cache ld.so.conf ld.so.conf.d localtime locale.alias locale.conf magic mime.types mke2fs.conf "
    "nsswitch.conf os-release passwd pki/ca-trust pki/tls/certs postgresql-common/psqlrc profile profile.d protocols "
    "resolv.conf services ssl/cert.pem ssl/certs ssl/openssl.cnf terminfo timezone"
)
#: Of /proc nothing about other processes: their command lines name other organisations.
_PROC = "cpuinfo meminfo stat loadavg uptime version filesystems sys/kernel sys/vm sys/fs"
_SYS = "devices/system/cpu devices/system/node fs/cgroup kernel/mm/transparent_hugepage"
_DEVICES = "null zero full random urandom tty"


def programs() -> Iterator[Path]:
    """Yield what may be read and run: this Python with its packages, and the system's programs and settings."""
    python = (sys.prefix, sys.base_prefix, *map(sysconfig.get_path, ("stdlib", "purelib", "platlib")))
    yield from _there(map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")))
    yield from _there(map(Path, python))
    for folder, names in (("/etc", _ETC), ("/proc", _PROC), ("/sys", _SYS)):
        yield from _there(Path(folder, name) for name in names.split())


def own_process() -> Path:
    """Return the folder in which the kernel tells a process about itself; DuckDB looks there for its memory."""
    return Path("/proc", str(os.getpid()))


def devices() -> Iterator[Path]:
    """Yield the devices that hold nobody's data. Terminals are not among them but for one's own."""
    yield from _there(Path("/dev", name) for name in _DEVICES.split())


def _there(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.exists())
