"""The line that each page holds to the server: it tells a page at once of its kernel's end, and us of a tab's."""

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketHandler


class Presence(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """A socket that is open as long as the page is. Nothing is said on it; the kernel manager hangs up at the end."""

    auth_resource = "kernels"

    @ws_authenticated
    @authorized("execute")
    async def get(self, kernel_id: str) -> None:
        """Open the socket for whoever opened the page."""
        self.kernel_id = kernel_id
        await super().get(kernel_id=kernel_id)

    def open(self, kernel_id: str) -> None:
        """Note that the page is there."""
        self.kernel_manager.came(kernel_id, self)
        super().open()

    def on_message(self, message: str | bytes) -> None:
        """Take no notice."""

    def on_close(self) -> None:
        """Note that the page is gone, or its line broken."""
        self.kernel_manager.went(self.kernel_id, self)
        super().on_close()
