"""The kernels behind the dashboards: few, short-lived, and each reached by nobody but whoever opened its page."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.auth.identity import User
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError, RequestHandler, authenticated
from traitlets import Dict, Integer
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mozg.access.audit import viewed
from mozg.access.sessions import SignedIn
from mozg.lake.reader import kernel_environment
from mozg.reports import engine
from mozg.serve.identity import OnlyPeople
from mozg.settings import settings

#: All that a kernel is told of the request.
TOLD = ("SERVER_SOFTWARE", "SERVER_PROTOCOL", "SCRIPT_NAME", "VOILA_PREHEAT", "VOILA_BASE_URL", "VOILA_SERVER_URL")
#: Seconds that a page is given to connect to its kernel before it counts as left.
LOADING = 60.0


@dataclass(frozen=True)
class Opening:
    """A page that somebody opens."""

    person: SignedIn
    cookie: str = field(repr=False)
    report: str
    since: float = field(default_factory=time.monotonic)


#: The page that the request at hand opens: Voila does not tell its kernel manager who asks.
OPENING: ContextVar[Opening] = ContextVar("opening")


class DashboardKernels(AsyncMappingKernelManager):
    """Starts so many kernels and no more, each with its reader's own scope and without this process's secrets."""

    most_kernels = Integer(24, help="How many pages may be open at the same time.").tag(config=True)
    most_of_one = Integer(8, help="How many of them one person may have.").tag(config=True)
    openings = Dict(help="The page of each kernel, by the kernel's id, oldest first.")
    sockets = Dict(help="The open websockets of each kernel, by the kernel's id.")

    async def _async_start_kernel(self, **given: Any) -> str:
        """Start a kernel for the page in `OPENING` and return its id.

        Raises:
            HTTPError: 503, as many pages are open as this installation allows.
        """
        opening = OPENING.get()
        await self._make_room(opening.person)
        kernel_id = str(uuid.uuid4())
        self.openings[kernel_id] = opening  # before it starts: no kernel is ever without an owner
        try:
            await asyncio.to_thread(viewed, opening.person.user, opening.report, "dashboard")
            environment = _environment(opening.person, given.pop("env", {}))
            await super()._async_start_kernel(**given, kernel_id=kernel_id, env=environment)
        finally:
            if kernel_id not in self:
                self.openings.pop(kernel_id, None)
        return kernel_id

    start_kernel = _async_start_kernel

    def belongs(self, kernel_id: str, person: SignedIn) -> bool:
        """Tell whether a kernel is of a page that was opened in this very session."""
        opening = self.openings.get(kernel_id)
        return opening is not None and opening.person.session_id == person.session_id

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and hang up on its page."""
        self.openings.pop(kernel_id, None)
        for socket in self.sockets.pop(kernel_id, ()):
            socket.close(1000, "This page's kernel was ended.")
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody uses, or whose reader is no longer signed in or may see something else now."""
        if kernel_id not in self:
            return
        opening = self.openings[kernel_id]
        if await self.parent.identity_provider.holder(opening.cookie) is None:
            await self.shutdown_kernel(kernel_id, now=True)
        else:
            await super().cull_kernel_if_idle(kernel_id)

    async def _make_room(self, person: SignedIn) -> None:
        while (crowd := self._crowd(person)) is not None:
            left = next(filter(self._is_left, crowd), None)
            if left is None:
                raise HTTPError(503, f"{len(crowd)} pages are open already, and no more are allowed.")
            await self.shutdown_kernel(left, now=True)

    def _crowd(self, person: SignedIn) -> list[str] | None:
        """Return the kernels that leave no room for another page of this person; None: there is room."""
        own = [known for known, opening in self.openings.items() if opening.person.user.id == person.user.id]
        if len(own) >= self.most_of_one:
            return own
        return list(self.openings) if len(self.openings) >= self.most_kernels else None

    def _is_left(self, kernel_id: str) -> bool:
        """Tell whether a page was closed without a word, as browsers on phones do."""
        loading = time.monotonic() - self.openings[kernel_id].since < LOADING
        return kernel_id in self and not loading and not self.sockets.get(kernel_id)


def _environment(person: SignedIn, told: Mapping[str, str]) -> dict[str, str]:
    request = {name: told[name] for name in TOLD if name in told}
    lake = kernel_environment(person.organization, person.scope(), None, settings().scope_minutes)
    return engine.kernel_environment(request | lake)


class OnlyOwners(OnlyPeople):
    """Lets people do what Jupyter's handlers ask for, with kernels of their own pages alone."""

    def is_authorized(self, handler: RequestHandler, user: User, action: str, resource: str) -> bool:
        """Tell whether ``user`` may; another's kernel is refused as one that does not exist is."""
        if not super().is_authorized(handler, user, action, resource):
            return False
        kernels: DashboardKernels = handler.kernel_manager
        return resource != "kernels" or kernels.belongs(handler.path_kwargs["kernel_id"], user.signed_in)


class Socket(VoilaKernelWebsocketHandler):
    """A page's way to its kernel."""

    async def open(self, kernel_id: str) -> None:
        """Connect the page, and remember to hang up when the kernel ends."""
        self.kernel_manager.sockets.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Disconnect the page."""
        self.kernel_manager.sockets.get(self.kernel_id, set()).discard(self)
        super().on_close()


class Farewell(VoilaShutdownKernelHandler):
    """What a page calls when it is closed."""

    auth_resource = "kernels"

    @authenticated
    @authorized("execute")
    async def post(self, kernel_id: str) -> None:
        """End the page's kernel."""
        await super().post(kernel_id)
