"""Who is asking, for Voila and JupyterLab: the holder of the cookie that the sign-in page gives.

Jupyter's own ways in are closed: no token, no password, no sign-in page. Somebody who is not signed in is sent to
ours, whose address goes into Jupyter's setting ``login_url`` (see `sign_in_page`); requests that are no pages are
refused with 403.
"""

import asyncio
import time
from dataclasses import dataclass, fields
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler
from traitlets import Dict, Unicode, default

from mozg.access.permissions import Action
from mozg.access.sessions import COOKIE, SignedIn, read_browser
from mozg.errors import ForbiddenError, SignInError
from mozg.language import Sentence
from mozg.serve.refusal import RefusedError
from mozg.settings import settings

#: Seconds for which an answer of the database holds: a page asks for a hundred files at once.
FRESH = 2.0
_MOST_KEPT = 10_000


@dataclass(kw_only=True)
class Person(User):
    """Jupyter's user, and the session that says what they may do."""

    signed_in: SignedIn

    @classmethod
    def of(cls, signed_in: SignedIn) -> "Person":
        """Return the holder of a session under a name that no other organisation has."""
        user = signed_in.user
        return cls(username=f"{signed_in.organization.slug}/{user.email}", name=user.name, signed_in=signed_in)


class CookieIdentity(IdentityProvider):
    """Knows people by the cookie ``mozg_session``, and lets in those who may do one thing."""

    action = Unicode("dashboards.open", help="What one must be allowed to do.").tag(config=True)
    organization = Unicode("", help="The only organisation whose people are let in; empty: any.").tag(config=True)
    login_available = False
    logout_available = False
    _known = Dict()

    @default("token")
    def _token_default(self) -> str:
        return ""

    @default("updatable_fields")
    def _updatable_fields_default(self) -> list[str]:
        return []

    async def get_user(self, handler: RequestHandler) -> Person | None:
        """Return who sends this request, or None if nobody is signed in.

        Raises:
            RefusedError: 403, somebody is signed in who may not come in here.
        """
        signed_in = await self.holder(handler.get_cookie(COOKIE, ""))
        if signed_in is None:
            return None
        try:
            self._check(signed_in)
        except ForbiddenError as error:
            handler.current_user = None  # the page that shows the error asks for it
            raise RefusedError(403, error) from None
        return Person.of(signed_in)

    async def holder(self, cookie: str) -> SignedIn | None:
        """Return who holds a cookie, as the database said at most `FRESH` seconds ago; None: nobody."""
        asked, signed_in = self._known.get(cookie, (0.0, None))
        if time.monotonic() - asked < FRESH:
            return signed_in
        self._known.pop(cookie, None)
        asked = time.monotonic()
        try:
            signed_in = await asyncio.to_thread(read_browser, cookie)
        except SignInError:
            return None
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[cookie] = (asked, signed_in)
        return signed_in

    def identity_model(self, user: User) -> dict[str, Any]:
        """Return what a page may know of its reader."""
        return {field.name: getattr(user, field.name) for field in fields(User)}

    def _check(self, signed_in: SignedIn) -> None:
        if self.organization and signed_in.organization.slug != self.organization:
            said = Sentence("This belongs to another organisation than the one you are signed in to.")
            raise ForbiddenError(said)
        needed: Action = self.action
        signed_in.require(needed)


class OnlyPeople(Authorizer):
    """Lets those whom `CookieIdentity` knows do what Jupyter's handlers ask for, and nobody else."""

    def is_authorized(self, handler: RequestHandler, user: User, action: str, resource: str) -> bool:
        """Tell whether ``user`` has come in by the cookie."""
        return isinstance(user, Person)


def sign_in_page() -> str:
    """Return the address for Jupyter's setting ``login_url``; tornado adds ``?next=`` with the page asked for."""
    return f"{settings().address.rstrip('/')}/sign-in"
