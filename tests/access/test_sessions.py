"""From a password to a session, and what ends it."""

import threading
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from mozg.access import tokens
from mozg.access.organizations import create_organization
from mozg.access.sessions import (
    access_token,
    browser_cookie,
    close,
    close_all,
    open_session,
    read_access,
    read_browser,
    refresh,
    refresh_token,
    sign_in,
)
from mozg.access.tokens import rotate_keys
from mozg.access.users import add_user, change_user
from mozg.errors import AccessError, ForbiddenError, SignInError
from mozg.store.database import transaction

from .conftest import PASSWORD


@pytest.fixture
def session(owner):
    return open_session(owner)


def test_a_password_opens_a_session_that_its_tokens_name(owner, organization):
    session = sign_in(owner.email.upper(), PASSWORD, agent="Firefox", address="192.0.2.1")
    assert (session.user, session.organization) == (owner, organization)
    assert read_access(access_token(session)) == session


@pytest.mark.parametrize(
    ("email", "password"), [("owner@{}.example", "wrong words here"), ("nobody@{}.example", PASSWORD), ("", "")]
)
def test_wrong_address_and_wrong_password_sound_the_same(owner, organization, email, password):
    with pytest.raises(SignInError, match="The address or the password is not right"):
        sign_in(email.format(organization.slug), password)


def test_somebody_without_a_password_cannot_use_an_empty_one(organization, owner):
    invited = add_user(organization.id, f"new@{organization.slug}.example", "New", "viewer")
    for password in ("", "None", "null"):
        with pytest.raises(SignInError):
            sign_in(invited.email, password)


def test_who_works_for_two_organisations_says_which(owner, organization):
    other = create_organization(f"{organization.slug}b", "Second", currency="EUR")
    twin = add_user(other.id, owner.email, "Olga", "analyst", password=PASSWORD)
    with pytest.raises(AccessError, match=f"Say which: {organization.slug}, {other.slug}"):
        sign_in(owner.email, PASSWORD)
    assert sign_in(owner.email, PASSWORD, other.slug).user == twin
    with pytest.raises(SignInError):
        sign_in(owner.email, PASSWORD, "elsewhere")


def test_the_second_organisation_is_not_named_to_who_does_not_know_its_password(owner, organization):
    other = create_organization(f"{organization.slug}c", "Second", currency="EUR")
    add_user(other.id, owner.email, "Olga", "analyst", password="quite another password")
    assert sign_in(owner.email, PASSWORD).organization == organization


def test_a_token_is_good_for_its_own_purpose_only(owner):
    api, browser = open_session(owner), open_session(owner, kind="browser")
    assert read_browser(browser_cookie(browser)) == browser
    for token, reader in (
        (access_token(api), read_browser),
        (browser_cookie(browser), read_access),
        (refresh_token(api), read_access),
        (access_token(api), refresh),
        (access_token(browser), read_access),  # the right purpose, but the session is not of that kind
    ):
        with pytest.raises(SignInError):
            reader(token)


def test_a_closed_session_is_refused_at_once(session):
    token = access_token(session)
    close(session)
    with pytest.raises(SignInError, match="has ended"):
        read_access(token)
    with pytest.raises(SignInError):
        refresh(refresh_token(session))


def test_a_session_ends_by_itself(session):
    with transaction(session.organization.id) as connection:
        connection.execute(text("UPDATE sessions SET expires_at = now()"))
    with pytest.raises(SignInError):
        read_access(access_token(session))


def test_all_sessions_of_one_person_are_closed_and_of_nobody_else(owner, manager):
    mine, theirs = open_session(owner), open_session(manager)
    close_all(owner)
    with pytest.raises(SignInError):
        read_access(access_token(mine))
    assert read_access(access_token(theirs)) == theirs


@pytest.mark.parametrize(
    "change", [{"role": "viewer"}, {"active": False}, {"venues": []}, {"password": "another password"}]
)
def test_what_a_person_was_issued_before_a_change_is_void(owner, manager, change):
    token = access_token(open_session(manager))
    changed = change_user(manager, **change)
    with pytest.raises(SignInError):
        read_access(token)
    if changed.active:
        assert read_access(access_token(open_session(changed))).user == changed


def test_a_new_name_ends_nothing(manager):
    token = access_token(open_session(manager))
    change_user(manager, name="Maxim")
    assert read_access(token).user.name == "Maxim"


def test_refresh_goes_on_and_its_token_works_once(session):
    first = refresh_token(session)
    again, second = refresh(first)
    assert again == session
    assert refresh(second)[0] == session


def test_a_refresh_token_that_two_hold_ends_the_session_for_both(session):
    first = refresh_token(session)
    _, second = refresh(first)
    with pytest.raises(SignInError, match="was used before"):
        refresh(first)
    for call in (lambda: refresh(second), lambda: read_access(access_token(session))):
        with pytest.raises(SignInError):
            call()


def test_of_many_who_refresh_at_once_one_gets_through(session):
    token, passed, refused = refresh_token(session), [], []

    def go():
        try:
            passed.append(refresh(token))
        except SignInError as error:
            refused.append(error)

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (1, 7)


def forged(session, **changes):
    """A token like ours, but for what is changed: ``algorithm``, ``key``, ``kid`` or a claim."""
    real = jwt.decode(access_token(session), options={"verify_signature": False})
    kid = changes.pop("kid", jwt.get_unverified_header(access_token(session))["kid"])
    key, algorithm = changes.pop("key", tokens._key(kid)), changes.pop("algorithm", "EdDSA")
    claims = {name: value for name, value in (real | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def test_the_forge_makes_good_tokens_else_nothing_below_means_anything(session):
    assert read_access(forged(session)) == session


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "none", "key": None},
        {"algorithm": "HS256", "key": "a public key is no password, but some libraries took it for one"},
        {"key": Ed25519PrivateKey.generate()},
        {"kid": ""},
        {"kid": "../../etc/passwd"},
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"exp": None},
        {"aud": "mozg-refresh"},
        {"aud": "mozg-lake"},
        {"aud": None},
        {"org": None},
        {"org": "1; DROP TABLE users"},
        {"sub": "x"},
        {"sid": None},
        {"sid": -1},
        {"iat": datetime.now(UTC) + timedelta(days=1)},
    ],
)
def test_a_forged_token_is_refused(session, changes):
    with pytest.raises(SignInError):
        read_access(forged(session, **changes))


def test_a_session_is_of_one_person_of_one_organisation(session, manager, organization, database):
    other = create_organization(f"{organization.slug}d", "Other", currency="EUR")
    stranger = add_user(other.id, "s@example.com", "S", "owner", password=PASSWORD)
    theirs = open_session(stranger)
    for changes in ({"sub": str(manager.id)}, {"sid": theirs.session_id}, {"org": other.id}):
        with pytest.raises(SignInError):
            read_access(forged(session, **changes))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ey" * 5000, "\x00", "é.é.é"])
def test_what_is_no_token_is_refused_with_the_same_error(database, token):
    with pytest.raises(SignInError):
        read_access(token)


def test_keys_change_without_anybody_noticing_and_at_once_when_they_must(owner):
    session = open_session(owner)
    before = access_token(session)
    kid = rotate_keys()
    after = access_token(session)
    assert jwt.get_unverified_header(after)["kid"] == kid
    assert read_access(before) == read_access(after) == session
    rotate_keys(at_once=True)
    for token in (before, after):
        with pytest.raises(SignInError):
            read_access(token)
    assert read_access(access_token(session)) == session


def test_what_a_role_may_not_do_is_said_in_a_sentence(manager):
    session = open_session(manager)
    session.require("venues.sync")
    with pytest.raises(ForbiddenError, match="manager, of some venues only"):
        session.require("users.change")


def test_the_scope_is_the_persons_own(manager, organization, venue):
    scope = open_session(manager).scope()
    assert (scope.organization, scope.user, scope.role, scope.venues) == (
        organization.slug, manager.email, "manager", (venue.id,),
    )  # fmt: skip


def test_no_password_and_no_token_is_stored(owner, session, organization):
    token = refresh_token(session)
    with transaction(organization.id) as connection:
        rows = [str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in ("users", "sessions")]
    assert PASSWORD not in str(rows)
    assert token.rpartition(".")[2] not in str(rows)
    assert "$argon2id$" in rows[0]
