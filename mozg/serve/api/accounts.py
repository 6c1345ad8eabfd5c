"""Becoming somebody who can sign in: a new organisation, an invitation, a changed or forgotten password."""

import re
import secrets
import unicodedata

from fastapi import APIRouter, HTTPException, Request
from pydantic import Field

from mozg.access.audit import note
from mozg.access.invitations import Letter, set_password
from mozg.access.organizations import Organization, create_organization, organizations
from mozg.access.passwords import check_password, is_password
from mozg.access.sessions import SignedIn, open_session
from mozg.access.users import User, add_user, address, change_user, stored_password
from mozg.access.venues import check_zone
from mozg.errors import ForbiddenError, SignInError
from mozg.serve.api import limiting
from mozg.serve.api.asking import Anybody
from mozg.serve.api.auth import PUBLIC, note_sign_in
from mozg.serve.api.later import later
from mozg.serve.api.letters import mail_reset, mail_server
from mozg.serve.api.models import Tokens
from mozg.serve.api.problems import declared, refusing
from mozg.serve.api.text import Address, Body, Country, Currency, Line, Locale, NewPassword, Password, Slug, Token, Zone
from mozg.settings import settings

router = APIRouter(prefix="/auth", tags=["auth"])


class Registration(Body):
    """A new organisation and its owner. The slug names it on the command line; without one it is made of the name."""

    organization: Line = Field(examples=["Trattoria Nord"])
    slug: Slug | None = Field(None, examples=["trattoria"])
    currency: Currency = Field(description="ISO 4217. It cannot be changed later.", examples=["EUR"])
    locale: Locale = Field("en", description="How numbers are written.", examples=["en"])
    country: Country | None = Field(None, description="ISO 3166-1.", examples=["FR"])
    timezone: Zone = Field("UTC", examples=["Europe/Paris"])
    name: Line = Field(examples=["Olga Owner"])
    email: Address = Field(examples=["olga@trattoria.example"])
    password: NewPassword = Field(examples=["four words are enough"])


class PasswordChange(Body):
    """The password now, and the one to come."""

    old: Password
    new: NewPassword


class Forgotten(Body):
    """Whose password was forgotten."""

    email: Address = Field(examples=["olga@trattoria.example"])


class NewPasswordByLetter(Body):
    """A letter's token, and the password to come."""

    token: Token
    password: NewPassword


@router.post("/register", status_code=201, responses=declared(403, 409), dependencies=PUBLIC)
def register(request: Request, asked: Registration) -> Tokens:
    """Make an organisation and its owner, and sign the owner in. Closed where MOZG_REGISTRATION says so."""
    if settings().registration == "closed":
        raise ForbiddenError("Nobody can register here. Ask an owner of your organisation to invite you.")
    limiting.count_registration(request)
    email = address(asked.email)
    check_zone(asked.timezone)
    check_password(asked.password)  # before there is an organisation, which a weak one would leave without an owner
    organization = _make(asked)
    with limiting.hashing():
        owner = add_user(organization.id, email, asked.name, "owner", password=asked.password)
    note(organization.id, owner.email, "organization.registered", organization.slug)
    return _opened(request, owner, "registration")


@router.post("/password", responses=declared(401, 403))
def change_password(request: Request, asked: PasswordChange, asking: Anybody) -> Tokens:
    """Change one's own password. Every session ends; the answer has the tokens of a new one."""
    user = asking.user
    try:
        with limiting.password_check(user.email, limiting.caller(request)):
            if not is_password(asked.old, stored_password(user)):
                raise SignInError
    except SignInError:
        raise ForbiddenError("The old password is not right.") from None
    with limiting.hashing():
        changed = change_user(user, password=asked.new)
    note(user.organization_id, user.email, "password.changed")
    return _opened(request, changed, "password change")


@router.post("/password/reset", status_code=202, responses=declared(409), dependencies=PUBLIC)
def reset_password(asked: Forgotten) -> None:
    """Mail a link for a new password, if the address has an account: the answer does not tell."""
    if not mail_server():
        raise HTTPException(409, "This installation has no mail server. Ask an owner to invite you again.")
    later(mail_reset, asked.email)


@router.post("/password/reset/confirm", status_code=204, responses=declared(401), dependencies=PUBLIC)
def confirm_reset(asked: NewPasswordByLetter) -> None:
    """Set a new password with the token of a letter. Every session ends."""
    set_by_letter("reset", asked.token, asked.password)


@router.post("/invitations/accept", responses=declared(401), dependencies=PUBLIC)
def accept_invitation(request: Request, asked: NewPasswordByLetter) -> Tokens:
    """Set one's first password with the token of an invitation, and sign in."""
    return _opened(request, set_by_letter("invite", asked.token, asked.password), "invitation")


def set_by_letter(purpose: Letter, token: str, password: str) -> User:
    """Set a password with a letter's token, once, and note it.

    Raises:
        SignInError: the letter is void.
        AccessError: the password is too weak.
    """
    with limiting.hashing():
        user = set_password(purpose, token, password)
    limiting.forgive(user.email)
    note(user.organization_id, user.email, "password.set", purpose)
    return user


def _opened(request: Request, user: User, way: str) -> Tokens:
    caller = limiting.caller(request)
    opened: SignedIn = open_session(user, agent=request.headers.get("user-agent"), address=caller)
    note_sign_in(opened, way, caller)
    return Tokens.of(opened)


def _make(asked: Registration) -> Organization:
    details = asked.model_dump(include={"currency", "locale", "country", "timezone"})
    with refusing(409):
        return create_organization(asked.slug or _slug(asked.organization), asked.organization, **details)


def _slug(name: str) -> str:
    """Return a free slug that is made of a name: ``Trattoria Nord`` → ``trattoria-nord``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:30].rstrip("-")
    taken = {known.slug for known in organizations()}
    return slug if slug and slug not in taken else f"{slug or 'chain'}-{secrets.token_hex(4)}"
