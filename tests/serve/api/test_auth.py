"""Signing in, going on, signing out: over HTTP, with a real client."""

import pytest

from .conftest import PASSWORD, V1


@pytest.fixture
def tokens(client, team):
    return login(client, team["owner"].user.email).json()


def login(client, email, password=PASSWORD, **more):
    return client.post(f"{V1}/auth/login", json={"email": email, "password": password, **more})


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_password_gives_tokens_that_the_api_takes(client, team, tokens):
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    told = client.get(f"{V1}/auth/me", headers=bearer(tokens["access_token"]))
    assert told.status_code == 200
    assert told.json()["person"]["email"] == team["owner"].user.email
    assert "users.change" in told.json()["allowed"]


def test_everybody_is_told_what_they_may_do(team):
    for role, person in team.items():
        told = person.client.get(f"{V1}/auth/me").json()
        assert told["person"]["role"] == role
        assert ("users.change" in told["allowed"]) == (role in ("owner", "admin"))


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer x", "Basic b3duZXI6cGFzc3dvcmQ=", "bearer é", "Bearer " + "ey" * 3000]
)
def test_who_is_not_signed_in_is_told_so_as_a_problem(client, header):
    refused = client.get(
        f"{V1}/auth/me", headers=[] if header is None else [(b"Authorization", header.encode("latin-1"))]
    )
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    told = refused.json()
    assert (told["status"], told["title"], told["type"]) == (401, "Unauthorized", "urn:mozg:problem:unauthorized")


def test_wrong_address_and_wrong_password_answer_alike(client, team):
    wrong = [login(client, team["owner"].user.email, "not the one at all"), login(client, "nobody@example.com")]
    assert [each.status_code for each in wrong] == [401, 401]
    assert wrong[0].content == wrong[1].content


def test_a_session_goes_on_and_its_refresh_token_works_once(client, tokens):
    second = client.post(f"{V1}/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
    assert client.get(f"{V1}/auth/me", headers=bearer(second["access_token"])).status_code == 200
    again = client.post(f"{V1}/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.status_code == 401
    assert "used before" in again.json()["detail"]
    for token in (tokens["access_token"], second["access_token"]):
        assert client.get(f"{V1}/auth/me", headers=bearer(token)).status_code == 401


def test_who_signs_out_is_out(client, tokens):
    assert client.post(f"{V1}/auth/logout", headers=bearer(tokens["access_token"])).status_code == 204
    assert client.get(f"{V1}/auth/me", headers=bearer(tokens["access_token"])).status_code == 401
    assert client.post(f"{V1}/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_what_was_read_need_not_be_sent_again(team):
    first = team["viewer"].client.get(f"{V1}/auth/me")
    again = team["viewer"].client.get(f"{V1}/auth/me", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = team["owner"].client.get(f"{V1}/auth/me", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.email"),
        ({"email": "a@b.example", "password": "x", "role": "owner"}, "body.role"),
        ({"email": "a\x00b@b.example", "password": "x"}, "body.email"),
        ({"email": "a@b.example", "password": "x", "organization": "'; --"}, "body.organization"),
        ({"email": ["a@b.example"], "password": "x"}, "body.email"),
        ({"email": "a@b.example", "password": "x" * 257}, "body.password"),
    ],
)
def test_what_does_not_fit_is_told_by_field_and_never_repeated(client, body, where):
    refused = client.post(f"{V1}/auth/login", json=body)
    assert refused.status_code == 422
    assert where in [field["where"] for field in refused.json()["fields"]]
    assert "x" * 257 not in refused.text
