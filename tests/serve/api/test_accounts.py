"""Registering, passwords and letters, with the mails that really come."""

import itertools
import time

import pytest

from mozg.access.users import add_user

from .conftest import PASSWORD, V1, link_of

_NUMBERS = itertools.count(1)


@pytest.fixture
def registration():
    number = next(_NUMBERS)
    return {
        "organization": f"Café Été {number}",
        "currency": "EUR",
        "timezone": "Europe/Paris",
        "name": "Olga",
        "email": f"Olga{number}@Registered.example",
        "password": PASSWORD,
    }


def me(client, tokens):
    return client.get(f"{V1}/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()


def token_of(letter):
    return link_of(letter).partition("token=")[2]


def test_who_registers_owns_a_new_organisation(client, registration):
    made = client.post(f"{V1}/auth/register", json=registration)
    assert made.status_code == 201
    told = me(client, made.json())
    assert told["person"] | {"id": 0} == {
        "id": 0, "email": registration["email"].lower(), "name": "Olga", "role": "owner", "venues": None,
        "active": True, "has_password": True, "telegram": False,
    }  # fmt: skip
    assert told["organization"]["slug"].startswith("cafe-ete")
    assert told["organization"]["currency"] == "EUR"


def test_two_of_one_name_get_names_of_their_own_unless_they_ask_for_one(client, registration):
    slugs = [
        me(client, client.post(f"{V1}/auth/register", json=registration).json())["organization"]["slug"] for _ in "ab"
    ]
    assert slugs[0] != slugs[1]
    taken = client.post(f"{V1}/auth/register", json=registration | {"slug": slugs[0]})
    assert (taken.status_code, "exists already" in taken.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Base"}, {"timezone": "Europe"}, {"timezone": "../etc/passwd"}, {"currency": "eur"},
        {"slug": "A b"}, {"email": "nobody"}, {"email": "a@b\r\nBcc: c@d.example"}, {"password": "short"},
        {"password": "aaaaaaaaaaaaa"}, {"name": "a\nb"}, {"organization": " "}, {"locale": "xx_yy"}, {"country": "fr"},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_registration_makes_nothing(client, registration, wrong):
    assert client.post(f"{V1}/auth/register", json=registration | wrong).status_code == 422
    fine = client.post(f"{V1}/auth/register", json=registration | {"slug": "fine" + wrong.popitem()[0][:8]})
    assert fine.status_code in (201, 409)


def test_registration_can_be_closed(running, tmp_path, registration):
    with running(tmp_path, MOZG_REGISTRATION="closed") as api, api.client() as client:
        refused = client.post(f"{V1}/auth/register", json=registration)
        assert (refused.status_code, "invite you" in refused.json()["detail"]) == (403, True)


def test_a_password_is_changed_by_who_knows_the_old_one(client, team):
    owner = team["owner"]
    wrong = owner.client.post(f"{V1}/auth/password", json={"old": "not this one", "new": "another password"})
    assert wrong.status_code == 403
    assert owner.client.get(f"{V1}/auth/me").status_code == 200
    right = owner.client.post(f"{V1}/auth/password", json={"old": PASSWORD, "new": "another password"})
    assert me(client, right.json())["person"]["email"] == owner.user.email
    assert owner.client.get(f"{V1}/auth/me").status_code == 401
    for password, status in ((PASSWORD, 401), ("another password", 200)):
        login = client.post(f"{V1}/auth/login", json={"email": owner.user.email, "password": password})
        assert login.status_code == status


def test_a_forgotten_password_is_set_anew_by_mail_once(api, client, team):
    email = team["analyst"].user.email
    assert client.post(f"{V1}/auth/password/reset", json={"email": email.upper()}).status_code == 202
    (letter,) = api.letters(email)
    assert letter["Subject"] == "A new password for MOZG Analytics"
    assert link_of(letter).startswith(f"{api.address}/set-password?token=")
    asked = {"token": token_of(letter), "password": "a new one at last"}
    weak = client.post(f"{V1}/auth/password/reset/confirm", json=asked | {"password": "aaaaaaaaaaaa"})
    assert weak.status_code == 422
    assert client.post(f"{V1}/auth/password/reset/confirm", json=asked).status_code == 204
    assert client.post(f"{V1}/auth/password/reset/confirm", json=asked).status_code == 401
    assert team["analyst"].client.get(f"{V1}/auth/me").status_code == 401
    login = client.post(f"{V1}/auth/login", json={"email": email, "password": "a new one at last"})
    assert login.status_code == 200


def test_the_answer_to_a_forgotten_password_does_not_tell_whether_there_is_an_account(api, client, team):
    first, nobody, last = team["viewer"].user.email, "nobody@nowhere.example", team["analyst"].user.email
    answers = [client.post(f"{V1}/auth/password/reset", json={"email": email}) for email in (first, nobody, last)]
    assert [(each.status_code, each.content) for each in answers] == [(202, b"null")] * 3
    assert len(api.letters(first)) == len(api.letters(last)) == 1
    time.sleep(1)  # what was asked for before the last letter has come by now
    assert api.letters(nobody, count=0) == []


def test_a_letter_for_one_purpose_is_none_for_another(api, client, team):
    email = team["viewer"].user.email
    client.post(f"{V1}/auth/password/reset", json={"email": email})
    asked = {"token": token_of(api.letters(email)[0]), "password": PASSWORD}
    assert client.post(f"{V1}/auth/invitations/accept", json=asked).status_code == 401
    assert client.get(f"{V1}/auth/me", headers={"Authorization": f"Bearer {asked['token']}"}).status_code == 401


def test_one_address_is_not_flooded_with_letters(api, client, organization):
    user = add_user(organization.id, f"flood@{organization.slug}.example", "F", "viewer")
    for _ in range(8):
        assert client.post(f"{V1}/auth/password/reset", json={"email": user.email}).status_code == 202
    last = add_user(organization.id, f"last@{organization.slug}.example", "L", "viewer")
    client.post(f"{V1}/auth/password/reset", json={"email": last.email})
    api.letters(last.email)
    assert len(api.letters(user.email)) == 5


def test_an_invitation_comes_by_mail_and_lets_in_once(api, client, team):
    email = f"new@{team['owner'].user.email.partition('@')[2]}"
    invited = team["admin"].client.post(
        f"{V1}/organizations/users", json={"email": email, "name": "Nina", "role": "viewer", "venues": []}
    )
    assert invited.status_code == 201
    assert invited.json()["mailed"] is True
    assert (invited.json()["link"], invited.json()["problem"]) == (None, None)
    (letter,) = api.letters(email)
    assert letter["Subject"] == "Trattoria Nord: set your password"
    assert "Admin invites you to Trattoria Nord on MOZG Analytics as viewer." in letter.get_content()
    asked = {"token": token_of(letter), "password": PASSWORD}
    tokens = client.post(f"{V1}/auth/invitations/accept", json=asked)
    assert me(client, tokens.json())["person"]["venues"] == []
    assert client.post(f"{V1}/auth/invitations/accept", json=asked).status_code == 401


def test_without_a_mail_server_who_invites_gets_the_link_and_nobody_resets(running, tmp_path, team, organization):
    with running(tmp_path, SMTP_URL="") as api, api.client(team["owner"].token) as client:
        asked = {"email": f"x@{organization.slug}.example", "name": "X", "role": "viewer"}
        invited = client.post(f"{V1}/organizations/users", json=asked).json()
        token = invited["link"].partition("token=")[2]
        assert (
            client.post(f"{V1}/auth/invitations/accept", json={"token": token, "password": PASSWORD}).status_code == 200
        )
        assert client.post(f"{V1}/auth/password/reset", json={"email": asked["email"]}).status_code == 409
        assert token not in api.log.read_text()
