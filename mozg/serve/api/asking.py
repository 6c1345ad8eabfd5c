"""Who is asking: the holder of the access token in ``Authorization: Bearer``."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from mozg.access.permissions import Action
from mozg.access.sessions import SignedIn, read_access
from mozg.errors import SignInError
from mozg.serve.api import limiting

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="access token", description="What `POST /api/v1/auth/login` answers with."
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def signed_in(request: Request, given: Credentials) -> SignedIn:
    """Return who sends this request.

    Raises:
        SignInError: nobody is signed in.
        HTTPException: 429, they ask too often.
    """
    try:
        if given is None:
            raise SignInError("Nobody is signed in. Send `Authorization: Bearer` with an access token.")
        person = read_access(given.credentials)
    except SignInError:
        limiting.by_address(request)
        raise
    limiting.count_person(person.user.id)
    request.state.person = person.user.id
    return person


Anybody = Annotated[SignedIn, Depends(signed_in)]


def allowed(action: Action) -> Callable[[SignedIn], Awaitable[SignedIn]]:
    """Return a dependency that gives who is asking, if they may do ``action``; else the route answers 403."""

    async def check(asking: Anybody) -> SignedIn:
        asking.require(action)
        return asking

    return check
