"""Letters that let somebody set a password: an invitation, or a reset. Each works once.

A letter's token names the person and the version of their credentials; setting a password raises the version, so
that the token, and any other letter before it, is void.
"""

from typing import Literal

from mozg.access import tokens
from mozg.access.users import User, change_user, find_user
from mozg.errors import AccessError, SignInError

Letter = Literal["invite", "reset"]
VOID = "This link was used before or has expired. Ask for a new one."


def letter(purpose: Letter, user: User) -> str:
    """Return the token of a letter to ``user``."""
    return tokens.issue(purpose, user.organization_id, user.id, ver=user.credential_version)


def read_letter(purpose: Letter, token: str) -> User:
    """Return whom a letter was sent to.

    Raises:
        SignInError: the token is not valid, was used before, or the person has left.
    """
    claims = tokens.read(purpose, token)
    try:
        user = find_user(claims["org"], claims["sub"])
    except AccessError:
        raise SignInError(VOID) from None
    if not user.active or claims.get("ver") != user.credential_version:
        raise SignInError(VOID)
    return user


def set_password(purpose: Letter, token: str, password: str) -> User:
    """Set the password of whom a letter was sent to, which ends their sessions and voids the letter.

    Raises:
        SignInError: see `read_letter`.
        AccessError: the password is too weak.
    """
    user = read_letter(purpose, token)
    try:
        return change_user(user, password=password, unless_changed=True)
    except SignInError:
        raise SignInError(VOID) from None
