"""Ending what belongs to people who have signed out, left, or lost the right to be here.

Requests are checked one by one; sockets stay open for hours and kernels run on, so we look after them.
"""

import asyncio
import weakref
from typing import Any, ClassVar

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.ioloop import PeriodicCallback
from tornado.websocket import WebSocketHandler

from mozg.access.sessions import COOKIE, SignedIn
from mozg.access.users import find_user

#: Seconds between two looks.
LOOK = 5
_POLICY = 1008  # RFC 6455, 7.4.1: the peer may not go on


class KernelSocket(ZMQChannelsWebsocketConnection):
    """A page's connection to a kernel, which is remembered as long as it is open."""

    opened: ClassVar[weakref.WeakSet["KernelSocket"]] = weakref.WeakSet()

    def connect(self) -> Any:
        """Connect to the kernel."""
        self.opened.add(self)
        return super().connect()


class Doorkeeper:
    """Looks every few seconds whether everybody who is here still may be."""

    def __init__(self, server: ServerApp) -> None:
        self._server = server
        self._rounds = PeriodicCallback(self.look, LOOK * 1000)

    def start(self) -> None:
        """Begin to look, on the event loop of this thread."""
        self._rounds.start()

    async def look(self) -> None:
        """Close the sockets of sign-ins that have ended; end the kernels and terminals of those who may not be here."""
        for socket in self._sockets():
            if await self._is_out(socket.get_cookie(COOKIE, "")):
                socket.close(_POLICY, "This sign-in has ended.")
        kernels, terminals = self._server.kernel_manager, self._terminals()
        for things, end in ((kernels, kernels.shutdown_kernel), (terminals, terminals.terminate)):
            for thing, owner in things.owned.all().items():
                if await asyncio.to_thread(has_left, owner):
                    await end(thing)

    async def _is_out(self, cookie: str) -> bool:
        signed_in = await self._server.identity_provider.holder(cookie)
        return signed_in is None or not signed_in.may("lab.open")

    def _sockets(self) -> list[WebSocketHandler]:
        to_kernels = [connection.websocket_handler for connection in KernelSocket.opened]
        to_terminals = [socket for terminal in self._terminals().terminals.values() for socket in terminal.clients]
        return [socket for socket in (*to_kernels, *to_terminals) if socket.ws_connection is not None]

    def _terminals(self) -> Any:
        return self._server.web_app.settings["terminal_manager"]


def has_left(owner: SignedIn) -> bool:
    """Tell whether somebody has lost the right to be here, or what they signed in with has been changed since."""
    now = find_user(owner.organization.id, owner.user.id)
    return not now.may("lab.open") or now.credential_version != owner.user.credential_version
