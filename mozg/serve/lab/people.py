"""Who is asking, wherever in the server that is needed, and what belongs to whom."""

from typing import Any

from jupyter_server import CallContext
from tornado.web import HTTPError, RequestHandler

from mozg.access.sessions import SignedIn
from mozg.serve.identity import OnlyPeople, Person


def asking() -> SignedIn | None:
    """Return who sent the request that is being answered; None outside of requests."""
    handler = CallContext.get(CallContext.JUPYTER_HANDLER)
    person = None if handler is None else handler.current_user
    return person.signed_in if isinstance(person, Person) else None


def whoever_asks() -> SignedIn:
    """Return who sent the request that is being answered.

    Raises:
        HTTPError: 403, there is no request, or nobody is signed in.
    """
    signed_in = asking()
    if signed_in is None:
        raise HTTPError(403, "Sign in first.")
    return signed_in


class Owned:
    """Kernels or terminals by id, with who started each."""

    def __init__(self) -> None:
        self._owners: dict[str, SignedIn] = {}

    def give(self, thing: str, owner: SignedIn) -> None:
        """Note that ``thing`` is ``owner``'s."""
        self._owners[thing] = owner

    def forget(self, thing: str) -> None:
        """Drop the note on a thing that has ended."""
        self._owners.pop(thing, None)

    def owner(self, thing: str) -> SignedIn:
        """Return whose it is. Raises KeyError where nobody's."""
        return self._owners[thing]

    def all(self) -> dict[str, SignedIn]:
        """Return a copy of all notes."""
        return dict(self._owners)

    def mine(self, thing: str) -> bool:
        """Tell whether it belongs to whoever asks; outside of requests everything does."""
        signed_in = asking()
        return signed_in is None or self.is_of(thing, signed_in)

    def is_of(self, thing: str, signed_in: SignedIn) -> bool:
        """Tell whether it belongs to a person."""
        owner = self._owners.get(thing)
        return owner is not None and owner.user.id == signed_in.user.id


class OnlyOwners(OnlyPeople):
    """Lets people reach their own kernels and terminals, and nobody else's."""

    def is_authorized(self, handler: RequestHandler, user: Any, action: str, resource: str) -> bool:
        """Tell whether ``user`` has come in by the cookie, and owns what the address names."""
        if not super().is_authorized(handler, user, action, resource):
            return False
        kernel = (handler.path_kwargs or {}).get("kernel_id")
        if kernel is not None:
            return handler.settings["kernel_manager"].owned.is_of(kernel, user.signed_in)
        if resource == "terminals" and handler.path_args:
            return handler.settings["terminal_manager"].owned.is_of(handler.path_args[0], user.signed_in)
        return True
