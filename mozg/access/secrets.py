"""Secrets of this installation: passwords derived for database roles, and values sealed at rest.

Everything comes from ``settings().secret``; nothing here is ever printed, logged or put into a notebook.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from mozg.errors import SettingsError
from mozg.settings import settings


def derived_key(purpose: str) -> bytes:
    """Return 32 bytes that belong to ``purpose`` alone: knowing them tells nothing about other purposes."""
    return hmac.new(settings().secret, purpose.encode(), hashlib.sha256).digest()


def role_password(role: str) -> str:
    """Return the password of a database role of this installation."""
    return derived_key(f"role:{role}").hex()


def seal(values: Mapping[str, Any]) -> str:
    """Encrypt ``values`` for storing, for example a till's credentials."""
    return _box().encrypt(json.dumps(dict(values)).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """Return what `seal` was given.

    Raises:
        SettingsError: the text was sealed under another MOZG_SECRET_KEY.
    """
    try:
        values = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken:
        raise SettingsError(
            "Stored credentials were sealed under another secret key. Restore the old MOZG_SECRET_KEY "
            "(or var/secret.key), or enter the till's credentials again."
        ) from None
    return dict(values)


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("seal")))
