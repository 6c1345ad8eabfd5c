"""The first page: it sets the desk of whoever comes in, and leads there."""

import asyncio
import secrets

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from mozg.access.sessions import COOKIE
from mozg.serve.lab.desk import Desk

ADDRESS = "/desk"


class Entrance(JupyterHandler):
    """Leads people to their notebooks, each in a workspace of their own."""

    @authenticated
    async def get(self) -> None:
        """Set the desk of whoever comes in, and send them to it."""
        desk = Desk(self.current_user.signed_in, self.serverapp.rooms)
        await asyncio.to_thread(desk.set)
        self.redirect(url_path_join(self.base_url, f"/lab/workspaces/{desk.name}/tree/{desk.name}/notebooks"))


class LetIn(JupyterHandler):
    """Signs in, once, whoever started this server in a terminal."""

    @allow_unauthenticated
    async def get(self, code: str) -> None:
        """Give the cookie to the first who knows the code.

        Raises:
            HTTPError: 403, it is another code, or somebody has used it.
        """
        ticket = self.serverapp.ticket
        if ticket is None or not secrets.compare_digest(ticket.code, code):
            raise HTTPError(403, "This address works once. Start `mozg lab` again for a new one.")
        self.serverapp.ticket = None
        self.set_cookie(COOKIE, ticket.cookie, httponly=True, samesite="Lax", path="/")
        self.redirect(url_path_join(self.base_url, ADDRESS))


default_handlers = [(ADDRESS, Entrance), (r"/let-in/([\w-]{20,80})", LetIn)]
