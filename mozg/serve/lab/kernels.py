"""Kernels of analysts: confined, encrypted, few, and each its starter's alone."""

import os
import shutil
import signal
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from jupyter_server.services.sessions.sessionmanager import SessionManager
from tornado.web import HTTPError
from traitlets import Integer, default

from mozg.errors import ServiceError
from mozg.serve.lab.desk import Desk
from mozg.serve.lab.people import Owned, whoever_asks

#: ``!command`` in a cell would take a terminal, and terminals of others lie in the same folder as one's own.
_WITHOUT_TERMINAL = (
    "--IPKernelApp.exec_lines=get_ipython().system = "
    "lambda command: print(get_ipython().getoutput(command, split=False, depth=1), end='')"
)


class ConfinedKernel(ServerKernelManager):
    """A kernel that can read, write and reach what its owner may, over encrypted sockets in a folder of its own."""

    def __init__(self, *, connection_file: str, **given: Any) -> None:
        room = Path(connection_file).with_suffix("")
        room.mkdir(mode=0o700)
        super().__init__(connection_file=str(room / "connection.json"), **given)

    @default("ip")
    def _ip_default(self) -> str:
        return str(self._room / "s")  # Jupyter's name for where sockets are, also where they are files

    @property
    def _room(self) -> Path:
        return Path(self.connection_file).parent

    async def _async_launch_kernel(self, kernel_cmd: list[str], **given: Any) -> None:
        if type(self.provisioner) is not LocalProvisioner:
            raise ServiceError(f"The kernel {self.kernel_name} is started in a way that cannot be confined.")
        desk: Desk = self.parent.desk(self.kernel_id)
        command = desk.command([*kernel_cmd, _WITHOUT_TERMINAL], self._room)
        named = {name: given["env"][name] for name in ("JPY_SESSION_NAME",) if name in given["env"]}
        await super()._async_launch_kernel(command, **given | {"env": desk.environment(self._room) | named})

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """End what the kernel had started, which would keep its walls but also its sign-in, and remove its folder."""
        with suppress(ProcessLookupError):
            os.killpg(self.provisioner.pgid, signal.SIGKILL)
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self._room)

    def resolve_path(self, path: str) -> None:
        """Find no file for anybody: this process could tell of files that the kernel may not know of."""


class OwnKernels(AsyncMappingKernelManager):
    """Starts at most ``most_kernels`` kernels, and knows whose each is."""

    most_kernels = Integer(24, help="How many kernels may run at the same time.").tag(config=True)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.owned = Owned()

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return f"{ConfinedKernel.__module__}.{ConfinedKernel.__name__}"

    def desk(self, kernel_id: str) -> Desk:
        """Return the desk that a kernel is started at."""
        return Desk(self.owned.owner(kernel_id), self.parent.rooms)

    def cwd_for_path(self, path: str, **given: Any) -> str:
        """Return the folder that a kernel starts in: that of its notebook, or its owner's."""
        own = Desk(whoever_asks(), self.parent.rooms).folder.resolve()
        wished = Path(super().cwd_for_path(path, **given)).resolve()
        return str(wished if wished.is_relative_to(own) else own)

    async def _async_start_kernel(self, *, kernel_id: str | None = None, path: Any = None, **given: Any) -> str:
        """Start a kernel for whoever asks and return its id.

        Raises:
            HTTPError: 403, nobody is signed in; 404, there is such a kernel and it is somebody else's; 503, as many
                run as this installation allows.
        """
        owner, kernel_id = whoever_asks(), _identifier(kernel_id)
        if kernel_id in self.owned.all():
            return self._own(kernel_id)
        if len(self.owned.all()) >= self.most_kernels:
            raise HTTPError(503, f"{self.most_kernels} kernels run already, and no more fit on this machine.")
        self.owned.give(kernel_id, owner)
        try:
            Desk(owner, self.parent.rooms).set()
            await super()._async_start_kernel(kernel_id=kernel_id, path=path or "", **given)
        except BaseException:
            self.owned.forget(kernel_id)
            raise
        return kernel_id

    start_kernel = _async_start_kernel

    def list_kernels(self) -> list[dict[str, Any]]:
        """Return the kernels of whoever asks."""
        return [model for model in super().list_kernels() if self.owned.mine(model["id"])]

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended."""
        self.owned.forget(kernel_id)
        return super().remove_kernel(kernel_id)

    def _own(self, kernel_id: str) -> str:
        if not self.owned.mine(kernel_id):
            raise HTTPError(404, f"There is no kernel {kernel_id}.")
        return kernel_id


class OwnSessions(SessionManager):
    """Which notebook has which kernel, to each person for their own."""

    async def get_session(self, **given: Any) -> dict[str, Any]:
        """Return a session of whoever asks.

        Raises:
            HTTPError: 404, there is none, or it is somebody else's.
        """
        model: dict[str, Any] = await super().get_session(**given)
        self._check(model["kernel"]["id"])
        return model

    async def list_sessions(self) -> list[dict[str, Any]]:
        """Return the sessions of whoever asks."""
        return [model for model in await super().list_sessions() if self._is_mine(model["kernel"]["id"])]

    async def create_session(self, *given: Any, kernel_id: str | None = None, **more: Any) -> dict[str, Any]:
        """Give a notebook a kernel: a new one, or one of whoever asks."""
        self._check(kernel_id)
        model: dict[str, Any] = await super().create_session(*given, kernel_id=kernel_id, **more)
        return model

    async def update_session(self, session_id: str, **given: Any) -> None:
        """Change a session of whoever asks."""
        self._check(given.get("kernel_id"))
        await super().update_session(session_id, **given)

    def _check(self, kernel_id: str | None) -> None:
        if kernel_id is not None and not self._is_mine(kernel_id):
            raise HTTPError(404, "There is no such kernel.")

    def _is_mine(self, kernel_id: str) -> bool:
        mine: bool = self.kernel_manager.owned.mine(kernel_id)
        return mine


def _identifier(wished: str | None) -> str:
    try:
        return str(uuid.UUID(wished)) if wished else str(uuid.uuid4())
    except ValueError:
        raise HTTPError(400, "The id of a kernel is a UUID.") from None
