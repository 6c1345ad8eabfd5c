"""What Telegram says about who is there is believed only when Telegram signed it, and lately."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import pytest

from mozg.access.telegram import read_login_widget, read_mini_app
from mozg.errors import SignInError

BOT = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def signed(fields, key):
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return fields | {"hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()}


def mini_app(bot=BOT, **changes):
    """initData as Telegram writes it."""
    user = json.dumps({"id": 279058397, "first_name": "Владислав & Ко", "language_code": "ru"}, ensure_ascii=False)
    fields = {"query_id": "AAHdF6IQ", "user": user, "auth_date": str(int(time.time())), "signature": "zL-"} | changes
    key = hmac.new(b"WebAppData", bot.encode(), hashlib.sha256).digest()
    return signed({name: value for name, value in fields.items() if value is not None}, key)


def widget(bot=BOT, **changes):
    fields = {"id": "279058397", "first_name": "Влад", "auth_date": str(int(time.time()))} | changes
    return signed(fields, hashlib.sha256(bot.encode()).digest())


def test_what_telegram_signed_is_believed():
    assert read_mini_app(urlencode(mini_app()), BOT) == 279058397
    assert read_login_widget(widget(), BOT) == 279058397
    assert read_login_widget(widget() | {"id": 279058397}, BOT) == 279058397


@pytest.mark.parametrize(
    "data",
    [
        lambda: urlencode(mini_app() | {"user": '{"id": 1}'}),
        lambda: urlencode(mini_app() | {"hash": "0" * 64}),
        lambda: urlencode(mini_app() | {"hash": "é"}),
        lambda: urlencode(mini_app() | {"more": "1"}),
        lambda: urlencode(mini_app(bot="1:another")),
        lambda: urlencode(mini_app(auth_date=str(int(time.time()) - 601))),
        lambda: urlencode(mini_app(auth_date=str(int(time.time()) + 600))),
        lambda: urlencode(mini_app(auth_date="9" * 30)),
        lambda: urlencode(mini_app(auth_date="yesterday")),
        lambda: urlencode(mini_app(auth_date=None)),
        lambda: urlencode(mini_app(user=None)),
        lambda: urlencode(mini_app(user="[]")),
        lambda: urlencode(mini_app(user='{"id": "x"}')),
        lambda: urlencode(mini_app()) + "&user=%7B%22id%22%3A1%7D",
        lambda: urlencode({name: value for name, value in mini_app().items() if name != "hash"}),
        lambda: "",
        lambda: "&&&",
        lambda: "hash=",
    ],
)
def test_all_else_is_not(data):
    with pytest.raises(SignInError, match="Telegram did not sign this"):
        read_mini_app(data(), BOT)


@pytest.mark.parametrize(
    "fields",
    [
        dict,
        lambda: widget() | {"id": "1"},
        lambda: widget(bot="1:x"),
        lambda: widget(auth_date="1"),
        lambda: widget(id="x"),
        mini_app,
    ],
)
def test_nor_is_a_widget_that_was_changed(fields):
    with pytest.raises(SignInError):
        read_login_widget(fields(), BOT)


def test_the_two_ways_do_not_stand_for_each_other():
    with pytest.raises(SignInError):
        read_mini_app(urlencode(widget()), BOT)
