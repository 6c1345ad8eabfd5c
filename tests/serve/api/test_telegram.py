"""Signing in with what Telegram signed for the organisation's bot."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import pytest

from mozg.access import vault
from mozg.access.users import change_user

from .conftest import V1

BOT, OTHER = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "99:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
TELEGRAM, LINK = f"{V1}/auth/telegram", f"{V1}/auth/telegram/link"


def signed(fields, key):
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return fields | {"hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()}


def mini_app(person=279058397, bot=BOT, age=0):
    """initData as Telegram writes it."""
    user = person if isinstance(person, str) else json.dumps({"id": person, "first_name": "Влад & Ко"})
    fields = {"query_id": "AAHdF6IQ", "user": user, "auth_date": str(int(time.time()) - age)}
    return urlencode(signed(fields, hmac.new(b"WebAppData", bot.encode(), hashlib.sha256).digest()))


def widget(person=279058397, bot=BOT):
    fields = {"id": person, "first_name": "Влад", "auth_date": int(time.time())}
    return signed(fields, hashlib.sha256(bot.encode()).digest())


@pytest.fixture
def bot(organization):
    vault.keep(organization.id, vault.TELEGRAM_BOT, BOT)


def test_who_linked_their_account_signs_in_with_either(client, team, organization, bot):
    assert client.post(TELEGRAM, json={"organization": organization.slug, "init_data": mini_app()}).status_code == 401
    assert team["viewer"].client.post(LINK, json={"init_data": mini_app()}).status_code == 204
    assert team["viewer"].client.get(f"{V1}/auth/me").json()["person"]["telegram"] is True
    for proof in ({"init_data": mini_app()}, {"widget": widget()}):
        tokens = client.post(TELEGRAM, json={"organization": organization.slug, **proof}).json()
        told = client.get(f"{V1}/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
        assert told["person"]["email"] == team["viewer"].user.email
    assert team["viewer"].client.delete(LINK).status_code == 204
    assert client.post(TELEGRAM, json={"organization": organization.slug, "init_data": mini_app()}).status_code == 401


def test_a_telegram_account_is_of_one_person(team, bot):
    assert team["viewer"].client.post(LINK, json={"widget": widget()}).status_code == 204
    refused = team["owner"].client.post(LINK, json={"widget": widget()})
    assert (refused.status_code, "belongs to somebody else" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "proof",
    [
        {"init_data": mini_app(bot=OTHER)}, {"widget": widget(bot=OTHER)}, {"init_data": mini_app(age=700)},
        {"init_data": ""}, {"init_data": "x" * 8000}, {"widget": {}}, {"widget": widget() | {"id": 1}},
        {"widget": widget(2**63)}, {"widget": widget(-1)}, {"init_data": mini_app('{"id": 1e400}')},
        {"init_data": mini_app("[" * 2000)}, {"init_data": mini_app("[]")}, {"widget": {"hash": "\ufffd"}},
    ],
    ids=lambda proof: str(proof)[:60],
)  # fmt: skip
def test_what_telegram_did_not_sign_lets_nobody_in(client, team, organization, bot, proof):
    change_user(team["viewer"].user, telegram_id=279058397)
    assert client.post(TELEGRAM, json={"organization": organization.slug, **proof}).status_code == 401
    assert team["owner"].client.post(LINK, json=proof).status_code == 401


def test_the_answer_does_not_tell_which_organisations_there_are(client, team, organization):
    answers = [
        client.post(TELEGRAM, json={"organization": slug, "init_data": mini_app()})
        for slug in (organization.slug, "nowhere")
    ]
    assert answers[0].status_code == 401
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "proof", [{}, {"init_data": "a", "widget": {"id": 1}}, {"widget": {"id": [1]}}, {"init_data": "x" * 9000}]
)
def test_there_is_one_proof(team, bot, proof):
    assert team["owner"].client.post(LINK, json=proof).status_code == 422


def test_another_organisations_bot_vouches_for_nobody_here(client, team, strangers, organization, bot):
    vault.keep(strangers["owner"].user.organization_id, vault.TELEGRAM_BOT, OTHER)
    change_user(team["owner"].user, telegram_id=279058397)
    asked = {"organization": organization.slug, "init_data": mini_app(bot=OTHER)}
    assert client.post(TELEGRAM, json=asked).status_code == 401
