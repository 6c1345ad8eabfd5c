"""People and keys on the command line: who may sign in, and no password where others could read it."""

import json
import os
import pty
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from mozg.access.invitations import read_letter
from mozg.access.organizations import create_organization
from mozg.access.sessions import access_token, open_session, read_access, sign_in
from mozg.access.users import users_of
from mozg.access.venues import add_venue
from mozg.cli import app
from mozg.errors import AccessError, SignInError
from mozg.store.database import transaction

NUMBERS = count()
PASSWORD = "four words are enough"


@pytest.fixture
def house(database):
    """An organisation of two venues and nobody in it."""
    organization = create_organization(f"people{next(NUMBERS)}", "Люди", currency="RUB")
    for name in ("Арбат", "Тверская"):
        add_venue(organization, name, timezone="UTC")
    return organization


@pytest.fixture
def users(house):
    """Run ``mozg users …`` on the house with what stands on standard input, and return its rows."""

    def call(*words, given=None):
        result = CliRunner().invoke(app, ["users", *words, "-o", house.slug, "--format", "json"], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


def noted(house):
    with transaction(house.id) as connection:
        return connection.execute(text("SELECT action, subject, details FROM audit_log ORDER BY id")).all()


def test_somebody_is_added_and_signs_in_with_the_password_given_on_standard_input(house, users):
    (row,) = users("add", "Anna@Example.com", "--role", "manager", "--venues", "Арбат", "--password", given=PASSWORD)
    assert row == {
        "email": "anna@example.com", "name": "Anna@Example.com", "role": "manager", "venues": "Арбат",
        "active": True, "password": True,
    }  # fmt: skip
    signed_in = sign_in("anna@example.com", PASSWORD, house.slug)
    assert len(signed_in.user.venues) == 1
    assert PASSWORD not in str(noted(house))


def test_without_a_password_an_invitation_is_printed(house, users):
    (row,) = users("add", "anna@example.com", "--role", "viewer", "--name", "Анна")
    assert (row["password"], row["venues"], row["name"]) == (False, "all", "Анна")
    assert "/set-password?token=" in row["invitation"]
    assert read_letter("invite", row["invitation"].partition("token=")[2]).email == "anna@example.com"


def test_everybody_is_listed(house, users):
    users("add", "b@example.com", "--role", "owner")
    users("add", "a@example.com", "--role", "analyst")
    assert [(row["email"], row["role"]) for row in users("list")] == [
        ("a@example.com", "analyst"),
        ("b@example.com", "owner"),
    ]


def test_a_change_ends_what_was_issued_before(house, users):
    users("add", "anna@example.com", "--role", "manager", "--venues", "Арбат")
    (user,) = users_of(house.id)
    token = access_token(open_session(user))
    (row,) = users("change", "ANNA@example.com", "--role", "admin", "--every-venue", "--name", "Анна")
    assert (row["role"], row["venues"], row["name"]) == ("admin", "all", "Анна")
    with pytest.raises(SignInError):
        read_access(token)
    assert noted(house)[-1] == ("user.changed", "anna@example.com", {"fields": ["name", "role", "venues"]})


def test_who_is_deactivated_cannot_sign_in_until_activated(house, users):
    users("add", "anna@example.com", "--role", "viewer", "--password", given=f"{PASSWORD}\n")
    assert users("deactivate", "anna@example.com")[0]["active"] is False
    with pytest.raises(SignInError):
        sign_in("anna@example.com", PASSWORD, house.slug)
    users("change", "anna@example.com", "--activate")
    assert sign_in("anna@example.com", PASSWORD, house.slug).user.active


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nobody", "--role", "viewer"), "is not an e-mail address"),
        (("add", "x@example.com", "--role", "boss"), "There is no role 'boss'"),
        (("add", "x@example.com", "--role", "viewer", "--venues", "Нигде"), "has no venue 'Нигде'"),
        (("add", "x@example.com", "--role", "viewer", "--password"), "A password needs"),
        (("change", "x@example.com", "--name", "X"), "has nobody with the address x@example.com"),
        (("deactivate", "owner@example.com"), "needs an active owner"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(users, words, said):
    users("add", "owner@example.com", "--role", "owner")
    with pytest.raises(AccessError, match=said):
        users(*words, given="short")


@pytest.mark.parametrize("words", [[], ["--venues", "Арбат", "--every-venue"]])
def test_a_change_of_nothing_is_bad_usage(mozg, house, users, words):
    users("add", "anna@example.com", "--role", "viewer")
    assert mozg("users", "change", "anna@example.com", "-o", house.slug, *words).exit_code == 2


def test_a_password_is_asked_for_at_a_terminal_and_not_shown(house):
    """A value after --password is taken for something else, so that nobody gets used to it."""
    command = [str(Path(sys.executable).with_name("mozg")), "users", "add", "t@example.com", "-o", house.slug]
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*command, "--role", "viewer", "--password"], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    for asked in (b"Password: ", b"Repeat for confirmation: "):
        while not said.endswith(asked):
            said += os.read(ours, 1024)
        os.write(ours, PASSWORD.encode() + b"\n")
    assert process.wait(60) == 0
    said += os.read(ours, 65536)
    os.close(ours)
    assert PASSWORD.encode() not in said
    assert sign_in("t@example.com", PASSWORD, house.slug).user.role == "viewer"


def test_a_password_on_the_command_line_is_bad_usage(mozg, house):
    words = ["users", "add", "t@example.com", "-o", house.slug, "--role", "viewer"]
    assert mozg(*words, "--password", PASSWORD).exit_code == 2
    assert mozg(*words, f"--password={PASSWORD}").exit_code == 2


def test_keys_are_changed_at_once_or_with_time_to_spare(house, users, answer):
    users("add", "anna@example.com", "--role", "viewer")
    (user,) = users_of(house.id)
    token = access_token(open_session(user))
    (first,) = answer("keys", "rotate")
    assert read_access(token).user == user
    (second,) = answer("keys", "rotate", "--now")
    assert (second["keys before"], first["key"] != second["key"]) == ("withdrawn", True)
    with pytest.raises(SignInError):
        read_access(token)
