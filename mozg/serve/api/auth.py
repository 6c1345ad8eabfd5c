"""Signing in and out, and who is signed in."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from mozg.access import sessions
from mozg.access.audit import note
from mozg.access.sessions import SignedIn
from mozg.access.users import accounts
from mozg.errors import SignInError
from mozg.serve.api import etags, limiting
from mozg.serve.api.asking import Anybody
from mozg.serve.api.later import later
from mozg.serve.api.models import Me, Tokens
from mozg.serve.api.problems import declared
from mozg.serve.api.text import Address, Body, Password, Slug, Token

PUBLIC = [Depends(limiting.by_address)]
router = APIRouter(prefix="/auth", tags=["auth"])


class Login(Body):
    """An address and its password; the organisation only where the address belongs to several."""

    email: Address = Field(examples=["olga@trattoria.example"])
    password: Password = Field(examples=["four words are enough"])
    organization: Slug | None = Field(None, examples=["trattoria"])


class Refresh(Body):
    """The refresh token of the pair before."""

    refresh_token: Token


@router.post("/login", responses=declared(401), dependencies=PUBLIC)
def login(request: Request, asked: Login) -> Tokens:
    """Open a session with a password."""
    return Tokens.of(checked(request, asked, "api"))


@router.post("/refresh", responses=declared(401), dependencies=PUBLIC)
def refresh(asked: Refresh) -> Tokens:
    """Go on with a session. A refresh token works once: used twice, it closes its session."""
    return Tokens.of(*sessions.refresh(asked.refresh_token))


@router.get("/me", responses=declared(401) | etags.READ, response_model=Me)
def me(request: Request, asking: Anybody) -> Response:
    """Tell who is signed in and what they may do."""
    return etags.answer(request, Me.of(asking))


@router.post("/logout", status_code=204, responses=declared(401))
def logout(asking: Anybody) -> None:
    """Close this session; its tokens are refused from now on."""
    sessions.close(asking)
    note(asking.organization.id, asking.user.email, "sign-out")


def checked(request: Request, asked: Login, kind: sessions.Kind) -> SignedIn:
    """Open a session for who has this password, and note it; wrong ones count and are noted too.

    Raises:
        SignInError: no account has both.
        AccessError: both fit several organisations and none was named.
        HTTPException: 429, there were too many wrong ones.
    """
    agent, address = request.headers.get("user-agent"), limiting.caller(request)
    try:
        with limiting.password_check(asked.email, address):
            opened = sessions.sign_in(
                asked.email, asked.password, asked.organization, kind=kind, agent=agent, address=address
            )
    except SignInError:
        later(_note_failure, asked.email, address)  # later, for a known account must not take longer than an unknown
        raise
    note_sign_in(opened, kind, address)
    return opened


def note_sign_in(opened: SignedIn, way: str, address: str) -> None:
    """Note that somebody has signed in."""
    note(opened.organization.id, opened.user.email, "sign-in", way, address=address)


def _note_failure(email: str, address: str) -> None:
    for organization_id, _ in accounts(email):
        note(organization_id, email.strip().lower(), "sign-in failed", address=address)
