"""The provisioner that jupyter_client starts, signals and ends kernels with."""

import functools
import logging
import os
import resource
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.connect import LocalPortCache, port_names
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Integer, List, Unicode

from mozg.kernels.forkserver import FORK_SERVERS, Recipe
from mozg.kernels.orders import ForkError, Order, UnboundError
from mozg.kernels.starting import forked
from mozg.kernels.waiting import is_readable, readable

LAUNCHER = ["-m", "ipykernel_launcher"]
_UNDERSTOOD = {"env", "cwd", "stdout", "stderr", "kernel_id", "extra_arguments"}
_LOG = logging.getLogger(__name__)


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a process that has imported ``preload``; in every other respect the stock provisioner.

    The kernel's exit code is not known (the kernel is no child of ours): `poll` and `wait` tell 1 for any end.
    """

    preload = List(Unicode(), config=True, help="Modules that the fork server imports, and functions, as module:name.")
    memory = Integer(0, config=True, help="MiB that a kernel may write to; beyond, it gets a MemoryError. 0: no limit.")
    _pidfd: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel that was not waited for."""
        return self._pidfd is not None or super().has_process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork the kernel that ``cmd`` would start, or start it as the stock provisioner does."""
        try:
            self.pid, self._pidfd = await self._fork_bound(cmd, kwargs)
            self.pgid, self.cwd = self.pid, kwargs.get("cwd") or Path.cwd()
        except (ForkError, OSError) as reason:
            _warn(f"This kernel was started and not forked: {reason}")
            await super().launch_kernel(cmd, **kwargs)
        if self.memory and hasattr(resource, "prlimit"):
            resource.prlimit(self.pid, resource.RLIMIT_DATA, (self.memory << 20, self.memory << 20))
        return dict(self.connection_info)

    async def poll(self) -> int | None:
        """Return None while the kernel runs."""
        if self._pidfd is None:
            return await super().poll()
        return 1 if is_readable(self._pidfd) else None

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self._pidfd is None:
            return await super().wait()
        await readable(self._pidfd)
        self._forget()
        return 1

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and what it has started."""
        if self._pidfd is None:
            await super().send_signal(signum)
        elif not is_readable(self._pidfd):  # after its end the number may be another's
            os.killpg(self.pgid, signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and what it has started."""
        if self._pidfd is None:
            await super().kill(restart)
        else:
            await self._end(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel, and what it has started, to end."""
        if self._pidfd is None:
            await super().terminate(restart)
        else:
            await self._end(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Give back what a kernel that has ended was given."""
        if self._pidfd is not None and is_readable(self._pidfd):
            self._forget()
        await super().cleanup(restart)

    async def _end(self, signum: int) -> None:
        try:
            await self.send_signal(signum)
        except ProcessLookupError as error:
            LocalProvisioner._tolerate_no_process(error)

    def _forget(self) -> None:
        if self._pidfd is not None:
            os.close(self._pidfd)
        self._pidfd = None

    async def _fork_bound(self, cmd: Sequence[str], given: Mapping[str, Any]) -> tuple[int, int]:
        """Fork a kernel, and once more on other ports if whoever called out from this machine was given one of its."""
        try:
            return await self._fork(cmd, given)
        except UnboundError:
            self._choose_other_ports()
            return await self._fork(cmd, given)

    def _choose_other_ports(self) -> None:
        if not self.ports_cached:
            return  # they were not chosen here
        manager, ports = self.parent, LocalPortCache.instance()
        for name in port_names:
            ports.return_port(getattr(manager, name))
            setattr(manager, name, ports.find_available_port(manager.ip))
        manager.cleanup_connection_file()
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()

    async def _fork(self, cmd: Sequence[str], given: Mapping[str, Any]) -> tuple[int, int]:
        """Return the process and the pidfd of a kernel whose ports are bound."""
        if strange := set(given) - _UNDERSTOOD:
            raise ForkError(f"it was to be started with {', '.join(sorted(strange))}.")
        python, arguments = split(cmd)
        environment = {**given.get("env", os.environ), "JPY_PARENT_PID": str(os.getpid())}
        folder = str(Path(given.get("cwd") or "").absolute())
        server = FORK_SERVERS.get(Recipe.of(python, self.preload, environment))
        stdout, stderr = (_output(given.get(name), usual) for name, usual in (("stdout", 1), ("stderr", 2)))
        return await forked(server, Order(arguments, environment, folder), stdout, stderr)


def warm_up(kernel_name: str, environment: Mapping[str, str] | None = None) -> None:
    """Start the fork server that kernels of this name and environment will come from, and do not wait for it.

    Raises:
        ForkError: there can be none here; kernels will be started and not forked.
        jupyter_client.kernelspec.NoSuchKernel: there is no such kernel.
    """
    manager = KernelManager(kernel_name=kernel_name)
    spec = manager.kernel_spec
    config = spec.metadata.get("kernel_provisioner", {}).get("config", {})
    python, _ = split(manager.format_kernel_cmd())
    environment = {**(os.environ if environment is None else environment), **spec.env}
    FORK_SERVERS.get(Recipe.of(python, config.get("preload", ()), environment))


def split(cmd: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how Python is started, and the arguments of ipykernel's launcher.

    Raises:
        ForkError: the command is another one.
    """
    for at in range(1, len(cmd) - 1):
        if list(cmd[at : at + 2]) == LAUNCHER:
            return tuple(cmd[:at]), tuple(cmd[at + 2 :])
    raise ForkError(f"{cmd[0]} does not start {LAUNCHER[1]}.")


def _output(given: Any, usual: int) -> int:
    """Return the descriptor that a kernel writes to, where it was told (as to Popen) or where we do."""
    if given is None:
        return usual
    descriptor: int = given if isinstance(given, int) else given.fileno()
    if descriptor < 0:
        raise ForkError("Its output was to be thrown away, or read through a pipe.")
    return descriptor


@functools.cache
def _warn(sentence: str) -> None:
    """Log a sentence once, however often it is true."""
    _LOG.warning(sentence)
