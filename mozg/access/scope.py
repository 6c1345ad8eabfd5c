"""Who is asking: a signed, short-lived scope that travels to the notebook kernel.

The service signs with a private key that never leaves it; a kernel gets the public key, so it can check a scope
but not make one. Algorithm: Ed25519 (RFC 8037) in a JSON Web Token (RFC 7519).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mozg.access.secrets import derived_key
from mozg.errors import ScopeError
from mozg.settings import settings

Role = Literal["owner", "admin", "manager", "analyst", "viewer"]
AUDIENCE = "mozg-lake"


@dataclass(frozen=True)
class Scope:
    """What one request may see. ``venues`` holds venue ids; ``None`` means every venue of the organisation."""

    organization: str
    user: str
    role: Role
    venues: tuple[int, ...] | None = None

    def sign(self, minutes: int | None = None) -> str:
        """Return this scope as a token that is valid for ``minutes`` (setting MOZG_SCOPE_MINUTES)."""
        expires = datetime.now(UTC) + timedelta(minutes=minutes or settings().scope_minutes)
        claims = {
            "aud": AUDIENCE,
            "exp": expires,
            "org": self.organization,
            "sub": self.user,
            "role": self.role,
            "venues": None if self.venues is None else list(self.venues),
        }
        return jwt.encode(claims, _private_key(), algorithm="EdDSA")


def read_scope(token: str, public_key: str) -> Scope:
    """Check a token and return its scope.

    Raises:
        ScopeError: the token is forged, expired, or meant for something else.
    """
    try:
        claims = jwt.decode(
            token, public_key, algorithms=["EdDSA"], audience=AUDIENCE, options={"require": ["exp", "aud", "sub"]}
        )
    except jwt.ExpiredSignatureError:
        raise ScopeError("This page was opened too long ago. Open it again from the list of reports.") from None
    except jwt.InvalidTokenError as error:
        raise ScopeError(f"The scope of this run is not valid ({error}). Start the report again.") from None
    venues = claims["venues"]
    return Scope(claims["org"], claims["sub"], claims["role"], None if venues is None else tuple(venues))


def public_key() -> str:
    """Return the key with which `read_scope` checks this installation's tokens (PEM)."""
    encoded: bytes = _private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode()


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key("scope"))
