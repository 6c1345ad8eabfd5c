"""How often one may ask: requests by person or address, and wrong passwords by account and by address.

Counts are in memory, in a window that moves: there is one API process, and after a restart everybody begins anew.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import BoundedSemaphore

from fastapi import HTTPException, Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from mozg.errors import SignInError
from mozg.settings import settings

#: One address may be a whole office.
PEOPLE_BEHIND_AN_ADDRESS = 20
#: Letters that one address is sent in an hour.
LETTERS = RateLimitItemPerHour(5, namespace="letters")
_COUNTS = MovingWindowRateLimiter(MemoryStorage())
#: Checking one password takes 64 MB: so many are checked at once.
_HASHING = BoundedSemaphore(4)


def caller(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else ""


def count_person(person: int) -> None:
    """Count a request of somebody who is signed in.

    Raises:
        HTTPException: 429, there were too many.
    """
    _hit(_requests(), f"person {person}")


def by_address(request: Request) -> None:
    """Count a request of somebody who is not signed in; a dependency of public routes.

    Raises:
        HTTPException: 429, there were too many.
    """
    _hit(_requests(), f"address {caller(request)}")


def count_registration(request: Request) -> None:
    """Count a new organisation: each has a database role and a schema, so they are as dear as sign-ins.

    Raises:
        HTTPException: 429, there were too many from this address.
    """
    _hit(RateLimitItemPerHour(settings().sign_ins_per_hour, namespace="registrations"), caller(request))


def may_write_to(address: str) -> bool:
    """Count a letter to a mail address and tell whether it may still be sent."""
    return _COUNTS.hit(LETTERS, _name(address))


@contextmanager
def password_check(account: str, address: str) -> Iterator[None]:
    """Check a password in the block: what raises a `SignInError` counts against the account and the address.

    The account counts before the check and is forgotten after a right one, so that many guesses at once gain nothing.

    Raises:
        HTTPException: 429, there were too many wrong ones.
    """
    _hit(_tries(), _name(account))
    office = RateLimitItemPerHour(settings().sign_ins_per_hour * PEOPLE_BEHIND_AN_ADDRESS, namespace="wrong")
    if not _COUNTS.test(office, address):
        raise _refusal(office, address)
    try:
        with _HASHING:
            yield
    except SignInError:
        _COUNTS.hit(office, address)
        raise
    forgive(account)


def forgive(account: str) -> None:
    """Forget an account's wrong passwords: its holder has shown who they are."""
    _COUNTS.clear(_tries(), _name(account))


@contextmanager
def hashing() -> Iterator[None]:
    """Set a password in the block, which takes as much memory as checking one."""
    with _HASHING:
        yield


def _requests() -> RateLimitItem:
    return RateLimitItemPerMinute(settings().requests_per_minute, namespace="requests")


def _tries() -> RateLimitItem:
    return RateLimitItemPerHour(settings().sign_ins_per_hour, namespace="tries")


def _hit(limit: RateLimitItem, who: str) -> None:
    if not _COUNTS.hit(limit, who):
        raise _refusal(limit, who)


def _refusal(limit: RateLimitItem, who: str) -> HTTPException:
    wait = max(1, math.ceil(_COUNTS.get_window_stats(limit, who).reset_time - time.time()))
    return HTTPException(429, f"Too many requests of this kind. Try again in {wait} s.", {"Retry-After": str(wait)})


def _name(account: str) -> str:
    return sha256(account.strip().lower().encode()).hexdigest()
