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
from nbformat import NotebookNode
from tornado.web import RequestHandler, authenticated
from tornado.websocket import WebSocketHandler
from traitlets import Dict, Integer, Unicode
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mozg.access.audit import viewed
from mozg.access.sessions import SignedIn
from mozg.lake.reader import kernel_environment
from mozg.language import Sentence
from mozg.reports import engine
from mozg.reports.warm import STOCK
from mozg.serve.cells import run_cells
from mozg.serve.identity import OnlyPeople
from mozg.serve.refusal import RefusedError
from mozg.settings import settings

#: All that a kernel is told of the request.
TOLD = ("SERVER_SOFTWARE", "SERVER_PROTOCOL", "SCRIPT_NAME", "VOILA_PREHEAT", "VOILA_BASE_URL", "VOILA_SERVER_URL")
#: Seconds that a page is given to come for the first time, and to come again when its line broke, before it counts as
#: left where somebody else needs its room.
LOADING, RETURNING = 60.0, 10.0
#: What a page is told that loses its kernel: a normal end (RFC 6455, 7.4.1), as opposed to a broken line.
ENDED = 1000, "This page's kernel was ended."


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

    kernel = Unicode(STOCK, help="The name of the kernel that pages are given.").tag(config=True)
    most_kernels = Integer(40, help="How many pages may be open at the same time.").tag(config=True)
    most_of_one = Integer(8, help="How many of them one person may have.").tag(config=True)
    absence = Integer(10 * 60, help="Seconds after which the kernel of a page that is gone is ended.").tag(config=True)
    openings = Dict(help="The page of each kernel, by the kernel's id, oldest first.")
    sockets = Dict(help="The open websockets of each kernel's page, by the kernel's id.")
    gone = Dict(help="When the last socket of a page was closed, by the kernel's id.")
    runs = Dict(help="The run of each page's cells, by the kernel's id.")

    async def _async_start_kernel(self, **given: Any) -> str:
        """Start a kernel for the page in `OPENING`, under the id that is given if one is, and return its id.

        Raises:
            RefusedError: 503, as many pages are open as this installation allows.
        """
        opening = OPENING.get()
        await self._make_room(opening.person)
        kernel_id = given.pop("kernel_id", None) or str(uuid.uuid4())
        self.openings[kernel_id] = opening  # before it starts: no kernel is ever without an owner
        try:
            await asyncio.to_thread(viewed, opening.person.user, opening.report, "dashboard")
            environment = _environment(opening.person, given.pop("env", {}))
            await super()._async_start_kernel(
                **given | {"kernel_name": self.kernel}, kernel_id=kernel_id, env=environment
            )
        finally:
            if kernel_id not in self:
                self.openings.pop(kernel_id, None)
        return kernel_id

    start_kernel = _async_start_kernel

    def run(self, kernel_id: str, notebook: NotebookNode) -> None:
        """Begin to run the cells of a kernel's page."""
        self.runs[kernel_id] = asyncio.create_task(run_cells(self.get_kernel(kernel_id), notebook))

    async def outputs(self, kernel_id: str) -> list[NotebookNode]:
        """Return what the page's cells put out, once all of them have been run; nothing if the kernel is ended."""
        run = self.runs.get(kernel_id)
        if run is None:
            return []
        await asyncio.wait([run])
        outputs: list[NotebookNode] = [] if run.cancelled() else run.result()
        return outputs

    def belongs(self, kernel_id: str, person: SignedIn) -> bool:
        """Tell whether a kernel is of a page that was opened in this very session."""
        opening = self.openings.get(kernel_id)
        return opening is not None and opening.person.session_id == person.session_id

    def came(self, kernel_id: str, socket: WebSocketHandler) -> None:
        """Note that a page has connected; if its kernel was ended meanwhile, hang up."""
        if kernel_id in self.openings:
            self.sockets.setdefault(kernel_id, set()).add(socket)
        else:
            socket.close(*ENDED)

    def went(self, kernel_id: str, socket: WebSocketHandler) -> None:
        """Note that a page is no longer connected."""
        left = self.sockets.get(kernel_id, set())
        left.discard(socket)
        if not left and kernel_id in self.openings:
            self.gone[kernel_id] = time.monotonic()

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and hang up on its page."""
        self.openings.pop(kernel_id, None)
        self.gone.pop(kernel_id, None)
        if (run := self.runs.pop(kernel_id, None)) is not None:
            run.cancel()
        for socket in self.sockets.pop(kernel_id, ()):
            socket.close(*ENDED)
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody uses, whose page is gone, or whose reader may not look or see the same any more."""
        if kernel_id not in self:
            return
        opening = self.openings[kernel_id]
        if self.is_deserted(kernel_id) or await self.parent.identity_provider.holder(opening.cookie) is None:
            await self.shutdown_kernel(kernel_id, now=True)
        else:
            await super().cull_kernel_if_idle(kernel_id)

    def is_deserted(self, kernel_id: str) -> bool:
        """Tell whether a page has been gone for so long that it will not come again."""
        return self._away(kernel_id) > self.absence

    async def _make_room(self, person: SignedIn) -> None:
        while (crowd := self._crowd(person)) is not None:
            left = next(filter(self._is_left, crowd), None)
            if left is None:
                raise RefusedError(503, Sentence("{n} pages are open already, and no more are allowed.", n=len(crowd)))
            await self.shutdown_kernel(left, now=True)

    def _crowd(self, person: SignedIn) -> list[str] | None:
        """Return the kernels that leave no room for another page of this person; None: there is room."""
        own = [known for known, opening in self.openings.items() if opening.person.user.id == person.user.id]
        if len(own) >= self.most_of_one:
            return own
        return list(self.openings) if len(self.openings) >= self.most_kernels else None

    def _is_left(self, kernel_id: str) -> bool:
        """Tell whether a page was closed without a word, as browsers on phones do."""
        return kernel_id in self and self._away(kernel_id) > RETURNING

    def _away(self, kernel_id: str) -> float:
        """Return the seconds for which nobody has had a kernel's page open; one that loads is not away."""
        if self.sockets.get(kernel_id):
            return 0.0
        return time.monotonic() - self.gone.get(kernel_id, self.openings[kernel_id].since + LOADING)


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
        """Connect the page once its cells were run, and remember to hang up when the kernel ends.

        Before that, a page could miss a widget's change between learning of the widget and listening to it.
        """
        self.kernel_manager.came(kernel_id, self)
        await self.kernel_manager.outputs(kernel_id)
        if self.connection is not None:
            await super().open(kernel_id)

    def on_close(self) -> None:
        """Disconnect the page."""
        self.kernel_manager.went(self.kernel_id, self)
        super().on_close()


class Farewell(VoilaShutdownKernelHandler):
    """What a page calls when it is closed."""

    auth_resource = "kernels"

    @authenticated
    @authorized("execute")
    async def post(self, kernel_id: str) -> None:
        """End the page's kernel."""
        await super().post(kernel_id)
