"""Passwords: Argon2id with the library's defaults (RFC 9106, low-memory profile), and what a good one is."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mozg.errors import AccessError

SHORTEST, LONGEST = 10, 256
_HASHER = PasswordHasher()


def check_password(password: str) -> None:
    """Do nothing if a password is good enough.

    Raises:
        AccessError: it is shorter than 10 characters, longer than 256, or has fewer than four different ones.
    """
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 4:
        raise AccessError(
            f"A password needs {SHORTEST} to {LONGEST} characters, at least four of them different. "
            "Several words in a row are easy to remember and hard to guess."
        )


def hash_password(password: str) -> str:
    """Return what is stored of a password.

    Raises:
        AccessError: see `check_password`.
    """
    check_password(password)
    return _HASHER.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether ``password`` is the one that was stored; takes as long where nothing was stored."""
    try:
        return _HASHER.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobody() -> str:
    """Return a hash to check where there is no account, so that the time of the answer does not tell."""
    return _HASHER.hash("nobody has this password")
