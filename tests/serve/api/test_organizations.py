"""One's organisation: reading and changing it."""

import pytest

from mozg.access import vault

from .conftest import V1

CURRENT = f"{V1}/organizations/current"
BOT = "123456:AAF-s3cret_token_of_a_bot_0123456789"


def test_everybody_sees_their_organisation(team, organization, strangers):
    for person in team.values():
        assert person.client.get(CURRENT).json() == {
            "slug": organization.slug, "name": "Trattoria Nord", "currency": "EUR", "locale": "en", "country": None,
            "timezone": "Europe/Paris",
        }  # fmt: skip
    assert strangers["viewer"].client.get(CURRENT).json()["name"] == "Another"


@pytest.mark.parametrize("role", ["manager", "analyst", "viewer"])
def test_only_heads_change_it(team, role):
    assert team[role].client.patch(CURRENT, json={"name": "Mine"}).status_code == 403
    assert team["owner"].client.get(CURRENT).json()["name"] == "Trattoria Nord"


def test_what_is_sent_changes_and_nothing_else(team):
    changed = team["admin"].client.patch(CURRENT, json={"name": "Trattoria Sud", "country": "IT", "locale": None})
    assert changed.status_code == 200
    told = team["viewer"].client.get(CURRENT)
    assert told.json() == changed.json()
    assert told.headers["etag"] == changed.headers["etag"]
    assert (told.json()["name"], told.json()["country"], told.json()["locale"]) == ("Trattoria Sud", "IT", "en")
    assert team["admin"].client.patch(CURRENT, json={"country": None}).json()["country"] is None
    assert team["admin"].client.patch(CURRENT, json={}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"currency": "USD"}, {"slug": "x"}, {"timezone": "Mars/Base"}, {"name": ""}, {"name": "a\x00"}, [], "x", None],
)
def test_what_cannot_be_changed_is_refused(team, wrong):
    before = team["owner"].client.get(CURRENT).json()
    assert team["owner"].client.patch(CURRENT, json=wrong).status_code == 422
    assert team["owner"].client.get(CURRENT).json() == before


def test_the_bots_token_is_kept_and_never_told(api, team, organization):
    answer = team["owner"].client.patch(CURRENT, json={"telegram_bot_token": BOT})
    assert vault.recall(organization.id, vault.TELEGRAM_BOT) == BOT
    for told in (answer.text, team["owner"].client.get(CURRENT).text, api.log.read_text()):
        assert "s3cret" not in told
    wrong = team["owner"].client.patch(CURRENT, json={"telegram_bot_token": "s3cret but no token"})
    assert (wrong.status_code, "s3cret" in wrong.text) == (422, False)
    assert vault.recall(organization.id, vault.TELEGRAM_BOT) == BOT
    team["owner"].client.patch(CURRENT, json={"telegram_bot_token": None})
    assert vault.recall(organization.id, vault.TELEGRAM_BOT) is None


def test_two_who_change_at_once_hear_of_each_other(team):
    tag = team["owner"].client.get(CURRENT).headers["etag"]
    assert team["owner"].client.patch(CURRENT, json={"name": "A"}, headers={"If-Match": tag}).status_code == 200
    assert team["admin"].client.patch(CURRENT, json={"name": "B"}, headers={"If-Match": tag}).status_code == 412
    assert team["admin"].client.patch(CURRENT, json={"name": "B"}, headers={"If-Match": "*"}).status_code == 200
