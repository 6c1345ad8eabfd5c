"""How often one may ask, and guess."""

import pytest

from mozg.access.users import find_user

from .conftest import PASSWORD, V1


@pytest.fixture(scope="module")
def three(running, tmp_path_factory):
    """An API that takes 3 wrong passwords an hour."""
    with running(tmp_path_factory.mktemp("three"), MOZG_SIGN_INS_PER_HOUR="3") as api:
        yield api


@pytest.fixture(scope="module")
def one(running, tmp_path_factory):
    """An API that takes 1 wrong password and 1 new organisation an hour, and 40 requests a minute."""
    limits = {"MOZG_SIGN_INS_PER_HOUR": "1", "MOZG_REQUESTS_PER_MINUTE": "40"}
    with running(tmp_path_factory.mktemp("one"), **limits) as api:
        yield api


def login(client, email, password=PASSWORD):
    return client.post(f"{V1}/auth/login", json={"email": email, "password": password})


def test_guessing_a_password_ends_soon_and_for_that_account_only(three, team):
    with three.client() as client:
        email = team["owner"].user.email
        assert login(client, email).status_code == 200
        answers = [login(client, email.upper() if i % 2 else email, f"guess number {i}") for i in range(5)]
        assert [each.status_code for each in answers] == [401, 401, 401, 429, 429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert login(client, email).status_code == 429, "the right password must not tell that it is right"
        assert login(client, team["viewer"].user.email).status_code == 200
        form = {"email": email, "password": PASSWORD}
        page = client.post("/sign-in", data=form, headers={"Origin": three.address})
        assert (page.status_code, "Too many" in page.text) == (429, True)
        change = {"old": "wrong again here", "new": "another password"}
    with three.client(team["owner"].token) as owner:
        assert owner.post(f"{V1}/auth/password", json=change).status_code == 429


def test_nobody_is_told_whether_the_account_they_guess_at_exists(three):
    with three.client() as client:
        answers = [login(client, "nobody@nowhere.example", f"guess number {i}").status_code for i in range(5)]
        assert answers == [401, 401, 401, 429, 429]


def test_one_address_that_guesses_at_many_accounts_is_stopped(one, team):
    with one.client() as client:
        answers = [login(client, f"user{i}@nowhere.example", "guess").status_code for i in range(22)]
        assert answers == [401] * 20 + [429] * 2
        assert login(client, team["owner"].user.email).status_code == 429


def test_a_letter_opens_a_blocked_account_again(three, team):
    with three.client() as client:
        email = team["viewer"].user.email
        assert [login(client, email, "guess").status_code for _ in "abcd"] == [401, 401, 401, 429]
        client.post(f"{V1}/auth/password/reset", json={"email": email})
        text = three.letters(email)[0].get_content()
        token = text.partition("token=")[2].split()[0]
        asked = {"token": token, "password": "a new one at last"}
        assert client.post(f"{V1}/auth/password/reset/confirm", json=asked).status_code == 204
        assert login(client, email, "a new one at last").status_code == 200


def test_one_person_who_asks_too_often_waits_and_others_do_not(one, team):
    with one.client(team["owner"].token) as owner, one.client(team["viewer"].token) as viewer:
        answers = [owner.get(f"{V1}/auth/me").status_code for _ in range(42)]
        assert answers == [200] * 40 + [429] * 2
        refused = owner.get(f"{V1}/auth/me")
        assert refused.json()["status"] == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert viewer.get(f"{V1}/auth/me").status_code == 200


def test_new_organisations_are_as_dear_as_sign_ins(one):
    with one.client() as client:
        asked = {"organization": "Dear", "currency": "EUR", "name": "D", "email": "d@d.example", "password": PASSWORD}
        answers = [client.post(f"{V1}/auth/register", json=asked).status_code for _ in "ab"]
        assert answers == [201, 429]


def test_wrong_passwords_of_a_known_account_are_noted(api, client, team, organization, noted):
    login(client, team["viewer"].user.email, "guess")
    assert login(client, team["viewer"].user.email).status_code == 200
    assert find_user(organization.id, team["viewer"].user.id).active
    assert ("sign-in failed", team["viewer"].user.email) in noted(2)
    assert ("sign-in", team["viewer"].user.email) in noted(2)


def test_an_address_without_a_sign_in_has_a_limit_too(one):
    with one.client("no token at all") as anybody:
        answers = [
            anybody.get(f"{V1}/auth/me", headers={"X-Forwarded-For": f"192.0.2.{i}"}).status_code for i in range(50)
        ]
    assert set(answers) == {401, 429}
    assert answers == sorted(answers)
