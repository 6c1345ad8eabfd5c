"""Telegram sign-in: checking what a Mini App or the Login Widget says about who is there.

Source: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app and
https://core.telegram.org/widgets/login#checking-authorization.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from mozg.errors import SignInError

#: How old what Telegram signed may be.
MOST = timedelta(minutes=10)
#: How far its clock may be ahead of ours.
AHEAD = timedelta(minutes=1)
REFUSED = "Telegram did not sign this, or too long ago. Open the app again from the chat with the bot."


def read_mini_app(init_data: str, bot_token: str) -> int:
    """Return the Telegram id of whoever opened the Mini App; ``init_data`` is as Telegram gives it.

    Raises:
        SignInError: it is not signed with this bot's token, is older than ten minutes, or names nobody.
    """
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=50)
    except ValueError:
        raise SignInError(REFUSED) from None
    given = dict(pairs)
    if len(given) != len(pairs):
        raise SignInError(REFUSED)
    _check(given, hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest())
    try:
        return int(json.loads(given["user"])["id"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise SignInError(REFUSED) from None


def read_login_widget(fields: Mapping[str, str | int], bot_token: str) -> int:
    """Return the Telegram id of whoever pressed the Login Widget's button.

    Raises:
        SignInError: the fields are not signed with this bot's token, or are older than ten minutes.
    """
    given = {name: str(value) for name, value in fields.items()}
    _check(given, hashlib.sha256(bot_token.encode()).digest())
    try:
        return int(given["id"])
    except (KeyError, ValueError):
        raise SignInError(REFUSED) from None


def _check(given: Mapping[str, str], key: bytes) -> None:
    signed = "\n".join(f"{name}={value}" for name, value in sorted(given.items()) if name != "hash")
    wanted = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.get("hash", "").encode()):
        raise SignInError(REFUSED)
    try:
        age = datetime.now(UTC) - datetime.fromtimestamp(int(given["auth_date"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        raise SignInError(REFUSED) from None
    if not -AHEAD <= age <= MOST:
        raise SignInError(REFUSED)
