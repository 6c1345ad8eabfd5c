"""Signed tokens: one form for every purpose, each purpose with an audience and a lifetime of its own.

JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037). Keys have a name (``kid``) and can be changed at any time;
the keys themselves are derived from the installation's secret, so the database holds none.
"""

import functools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import insert, select, update

from mozg.access.secrets import derived_key
from mozg.errors import SignInError
from mozg.store.database import admin_engine, reading
from mozg.store.tables import SigningKey

Purpose = Literal["access", "refresh", "browser", "invite", "reset"]
LIFETIME: dict[Purpose, timedelta] = {
    "access": timedelta(minutes=15),
    "refresh": timedelta(days=30),
    "browser": timedelta(hours=12),
    "invite": timedelta(days=7),
    "reset": timedelta(hours=1),
}
ALGORITHM = "EdDSA"
FORGED = "This token is not valid. Sign in again."
_NEEDED = ("exp", "iat", "aud", "sub", "org")


def issue(purpose: Purpose, organization_id: int, user_id: int, **claims: Any) -> str:
    """Return a token for ``purpose`` about one person, signed with the newest key."""
    now = datetime.now(UTC)
    about = {"aud": _audience(purpose), "org": organization_id, "sub": str(user_id), "iat": now}
    kid = _signing()
    return jwt.encode(
        claims | about | {"exp": now + LIFETIME[purpose]}, _key(kid), algorithm=ALGORITHM, headers={"kid": kid}
    )


def read(purpose: Purpose, token: str) -> dict[str, Any]:
    """Return what a token says, with ``org`` and ``sub`` as numbers.

    Raises:
        SignInError: it is forged, expired, signed with a key that was withdrawn, or meant for another purpose.
    """
    claims, kid = read_unless_withdrawn(purpose, token)
    if not _is_accepted(kid):
        raise SignInError(FORGED)
    return claims


def read_unless_withdrawn(purpose: Purpose, token: str) -> tuple[dict[str, Any], str]:
    """Return what `read` does, and the name of the key; whether that was withdrawn is for the caller to ask.

    Raises:
        SignInError: it is forged, expired, or meant for another purpose.
    """
    try:
        kid = str(jwt.get_unverified_header(token).get("kid", ""))
        claims: dict[str, Any] = jwt.decode(
            token,
            _public_key(kid),
            algorithms=[ALGORITHM],
            audience=_audience(purpose),
            options={"require": list(_NEEDED)},
        )
        return claims | {"org": int(claims["org"]), "sub": int(claims["sub"])}, kid
    except jwt.ExpiredSignatureError:
        raise SignInError("This sign-in has expired. Sign in again.") from None
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise SignInError(FORGED) from None


def rotate_keys(*, at_once: bool = False) -> str:
    """Make a new signing key and return its name; ``at_once`` ends every sign-in made with the ones before."""
    kid, now = str(uuid.uuid4()), datetime.now(UTC)
    last = now if at_once else now + max(LIFETIME.values())
    with admin_engine().begin() as connection:
        former = update(SigningKey).where(SigningKey.accepted_until.is_(None) | (SigningKey.accepted_until > last))
        connection.execute(former.values(accepted_until=last))
        connection.execute(insert(SigningKey), {"kid": kid})
    return kid


def _audience(purpose: Purpose) -> str:
    return f"mozg-{purpose}"


def _signing() -> str:
    query = select(SigningKey.kid).where(SigningKey.accepted_until.is_(None)).order_by(SigningKey.made_at.desc())
    with reading() as connection:
        return connection.execute(query).scalars().first() or ""


def _is_accepted(kid: str) -> bool:
    alive = SigningKey.accepted_until.is_(None) | (SigningKey.accepted_until > datetime.now(UTC))
    with reading() as connection:
        return connection.scalar(select(SigningKey.kid).where(SigningKey.kid == kid, alive)) is not None


def _key(kid: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key(f"token:{kid}"))


@functools.lru_cache(maxsize=64)
def _public_key(kid: str) -> Ed25519PublicKey:
    return _key(kid).public_key()
