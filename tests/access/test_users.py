"""The people of an organisation."""

import threading

import pytest

from mozg.access.invitations import letter, read_letter, set_password
from mozg.access.organizations import create_organization
from mozg.access.sessions import access_token, open_session, read_access, sign_in
from mozg.access.users import accounts, add_user, change_user, find_user, user_of_telegram, users_of
from mozg.access.venues import add_venue
from mozg.errors import AccessError, SignInError

from .conftest import PASSWORD


def test_people_are_found_by_address_in_any_spelling(owner, manager, organization):
    assert users_of(organization.id) == [manager, owner]
    assert find_user(organization.id, owner.id) == owner
    assert accounts(f" {owner.email.title()} ") == [(organization.id, owner.id)]


def test_nobody_is_found_through_another_organisation(owner, organization):
    other = create_organization(f"{organization.slug}x", "Other", currency="EUR")
    with pytest.raises(AccessError, match=f"no user {owner.id}"):
        find_user(other.id, owner.id)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "nobody"}, "is not an e-mail address"),
        ({"email": "a@b\r\nBcc: x@example.com"}, "is not an e-mail address"),
        ({"role": "emperor"}, "There is no role 'emperor'. The roles are owner, admin"),
        ({"venues": [999_999_999]}, "has no venue 999999999"),
        ({"password": "short"}, "A password needs 10 to 256 characters"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "at least four of them different"),
        ({"password": "long" * 100}, "A password needs 10 to 256 characters"),
    ],
)
def test_what_cannot_be_is_said(organization, change, words):
    given = {"email": "new@example.com", "name": "New", "role": "viewer"} | change
    with pytest.raises(AccessError, match=words):
        add_user(organization.id, **given)
    assert users_of(organization.id) == []


def test_an_address_is_taken_in_any_spelling(owner, organization):
    with pytest.raises(AccessError, match="belongs to somebody of this organisation already"):
        add_user(organization.id, owner.email.upper(), "Twin", "viewer")


def test_a_venue_of_another_organisation_cannot_be_given(organization, manager):
    other = create_organization(f"{organization.slug}y", "Other", currency="EUR")
    theirs = add_venue(other, "Theirs", timezone="UTC")
    with pytest.raises(AccessError, match=f"no venue {theirs.id}"):
        change_user(manager, venues=[theirs.id])


@pytest.mark.parametrize("change", [{"active": False}, {"role": "admin"}])
def test_the_last_owner_stays(owner, change):
    with pytest.raises(AccessError, match="needs an active owner"):
        change_user(owner, **change)
    assert find_user(owner.organization_id, owner.id) == owner


def test_two_owners_who_demote_each_other_leave_one(owner, organization):
    second = add_user(organization.id, "second@example.com", "Second", "owner")
    refused = []

    def demote(user):
        try:
            change_user(user, role="viewer")
        except AccessError as error:
            refused.append(error)

    threads = [threading.Thread(target=demote, args=[user]) for user in (owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [user.role for user in users_of(organization.id)].count("owner") == 1


def test_somebody_who_left_cannot_sign_in_and_stays_on_record(owner, manager, organization):
    change_user(manager, active=False)
    with pytest.raises(SignInError):
        sign_in(manager.email, PASSWORD)
    assert manager.email in [user.email for user in users_of(organization.id)]


def test_a_telegram_account_is_one_persons(owner, manager, organization):
    change_user(owner, telegram_id=77)
    assert user_of_telegram(organization.id, 77).id == owner.id
    assert user_of_telegram(organization.id, 78) is None
    with pytest.raises(AccessError, match="Telegram account belongs to somebody else"):
        change_user(manager, telegram_id=77)


def test_an_invitation_lets_set_a_password_once(owner, organization):
    invited = add_user(organization.id, "new@example.com", "New", "analyst")
    token = letter("invite", invited)
    assert read_letter("invite", token) == invited
    set_password("invite", token, PASSWORD)
    assert sign_in("new@example.com", PASSWORD, organization.slug).user.id == invited.id
    with pytest.raises(SignInError, match="was used before"):
        set_password("invite", token, "another password")


def test_of_two_who_use_a_letter_at_once_one_gets_through(owner):
    token, passed, refused = letter("reset", owner), [], []

    def use(number):
        try:
            passed.append(set_password("reset", token, f"another password {number}"))
        except SignInError as error:
            refused.append(error)

    threads = [threading.Thread(target=use, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (1, 3)


def test_a_weak_password_does_not_use_up_the_letter(owner):
    token = letter("reset", owner)
    with pytest.raises(AccessError):
        set_password("reset", token, "short")
    set_password("reset", token, "another password")


def test_a_reset_ends_sessions_and_every_other_letter(owner):
    session = open_session(owner)
    first, second = letter("reset", owner), letter("reset", owner)
    set_password("reset", first, "another password")
    with pytest.raises(SignInError):
        read_access(access_token(session))
    with pytest.raises(SignInError):
        read_letter("reset", second)


def test_a_letter_is_for_its_own_purpose_and_person(owner, manager):
    with pytest.raises(SignInError):
        read_letter("invite", letter("reset", owner))
    change_user(manager, active=False)
    with pytest.raises(SignInError):
        read_letter("reset", letter("reset", manager))
