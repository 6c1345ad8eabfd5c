"""Sign-ins: from a password to a session, and from a token back to who holds it.

A session is a row; what its holder has is a signed token that names it. Every check asks the database, so that a
closed session, a person who left, or a changed role counts from the next request on.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import func, insert, text, update

from mozg.access import tokens
from mozg.access.organizations import COLUMNS, Organization, organization_seen, organizations
from mozg.access.passwords import is_password
from mozg.access.permissions import Action, refusal
from mozg.access.scope import Scope
from mozg.access.users import User, accounts, find_user, stored_password, user_of
from mozg.errors import AccessError, ForbiddenError, SignInError
from mozg.store.database import reading, transaction
from mozg.store.tables import SessionRow

Kind = Literal["api", "browser"]
#: The cookie that pages are opened with.
COOKIE = "mozg_session"
WRONG = "The address or the password is not right."
OVER = "This sign-in has ended. Sign in again."
_EMPLOYER = ", ".join(f"(employer).{name} AS employer_{name}" for name in COLUMNS)
_HOLDER = text(f"SELECT (holder).*, {_EMPLOYER} FROM session_holder(:organization, :person, :session, :kind, :key)")  # noqa: S608  # names of our own
_LASTS = {"api": tokens.LIFETIME["refresh"], "browser": tokens.LIFETIME["browser"]}


@dataclass(frozen=True)
class SignedIn:
    """A person with an open session."""

    user: User
    organization: Organization
    session_id: int

    def scope(self) -> Scope:
        """Return what this person may see, for a question to the lake or a run."""
        return Scope(self.organization.slug, self.user.email, self.user.role, self.user.venues)

    def may(self, action: Action) -> bool:
        """Tell whether this person may do ``action``."""
        return self.user.may(action)

    def require(self, action: Action) -> None:
        """Do nothing if this person may do ``action``.

        Raises:
            ForbiddenError: they may not.
        """
        if not self.may(action):
            raise ForbiddenError(refusal(self.user.role, action, self.user.venues))


def sign_in(
    email: str, password: str, organization: str | None = None, *,
    kind: Kind = "api", agent: str | None = None, address: str | None = None,
) -> SignedIn:  # fmt: skip
    """Open a session for whoever has this address and password.

    Raises:
        SignInError: no account has both. The text is the same whether the address or the password is wrong.
        AccessError: both fit several organisations and none was named; the text lists them.
    """
    known = {one.id: one for one in organizations()}
    found = [find_user(*account) for account in accounts(email)]
    fitting = [user for user in found if is_password(password, stored_password(user))]
    if not found:
        is_password(password, None)
    if organization is not None:
        fitting = [user for user in fitting if known[user.organization_id].slug == organization]
    if not fitting:
        raise SignInError(WRONG)
    if len(fitting) > 1:
        names = ", ".join(sorted(known[user.organization_id].slug for user in fitting))
        raise AccessError(f"This account belongs to several organisations. Say which: {names}.")
    return open_session(fitting[0], kind=kind, agent=agent, address=address)


def open_session(user: User, *, kind: Kind = "api", agent: str | None = None, address: str | None = None) -> SignedIn:
    """Open a session for a person whose identity was checked."""
    row = {
        "organization_id": user.organization_id,
        "user_id": user.id,
        "kind": kind,
        "credential_version": user.credential_version,
        "agent": agent and agent[:200],
        "address": address,
        "expires_at": datetime.now(UTC) + _LASTS[kind],
    }
    with transaction(user.organization_id) as connection:
        session_id = connection.scalar(insert(SessionRow).returning(SessionRow.id), row)
        assert session_id is not None
        return SignedIn(user, organization_seen(connection), session_id)


def access_token(signed_in: SignedIn) -> str:
    """Return the token that the API takes for the next 15 minutes."""
    return _issue("access", signed_in)


def refresh_token(signed_in: SignedIn, generation: int = 1) -> str:
    """Return the token with which `refresh` goes on; each can be used once."""
    return _issue("refresh", signed_in, gen=generation)


def browser_cookie(signed_in: SignedIn) -> str:
    """Return the value of the cookie that pages are opened with."""
    return _issue("browser", signed_in)


def read_access(token: str) -> SignedIn:
    """Return who holds an access token.

    Raises:
        SignInError: the token is not valid, or the session has ended.
    """
    return _holder("access", token, "api")[0]


def read_browser(cookie: str) -> SignedIn:
    """Return who holds a cookie.

    Raises:
        SignInError: the cookie is not valid, or the session has ended.
    """
    return _holder("browser", cookie, "browser")[0]


def refresh(token: str) -> tuple[SignedIn, str]:
    """Return who holds a refresh token, and the next one; this one is used up.

    Raises:
        SignInError: the token is not valid, the session has ended, or the token was used before. The last means
            that two hold it, so the session is closed for both.
    """
    signed_in, claims = _holder("refresh", token, "api")
    used = (
        update(SessionRow)
        .where(SessionRow.id == signed_in.session_id, SessionRow.generation == claims.get("gen"))
        .values(generation=SessionRow.generation + 1, used_at=func.now())
        .returning(SessionRow.generation)
    )
    with transaction(signed_in.organization.id) as connection:
        generation = connection.scalar(used)
    if generation is None:
        close(signed_in)
        raise SignInError("This refresh token was used before, so its session was closed. Sign in again.")
    return signed_in, refresh_token(signed_in, generation)


def close(signed_in: SignedIn) -> None:
    """Close a session; every token of it is refused from now on."""
    _close(signed_in.user, SessionRow.id == signed_in.session_id)


def close_all(user: User) -> None:
    """Close every session of a person."""
    _close(user)


def _close(user: User, *conditions: Any) -> None:
    open_ones = update(SessionRow).where(SessionRow.user_id == user.id, SessionRow.closed_at.is_(None), *conditions)
    with transaction(user.organization_id) as connection:
        connection.execute(open_ones.values(closed_at=func.now()))


def _issue(purpose: tokens.Purpose, signed_in: SignedIn, **claims: Any) -> str:
    user = signed_in.user
    return tokens.issue(purpose, user.organization_id, user.id, sid=signed_in.session_id, **claims)


def _holder(purpose: tokens.Purpose, token: str, kind: Kind) -> tuple[SignedIn, dict[str, Any]]:
    """Return who holds a token and what it says: active, with this session still open and its key not withdrawn.

    Raises:
        SignInError: one of these is not so.
    """
    claims, key = tokens.read_unless_withdrawn(purpose, token)
    about = {"organization": claims["org"], "person": claims["sub"], "session": claims.get("sid")}
    with reading() as connection:
        row = connection.execute(_HOLDER, {**about, "kind": kind, "key": key}).one_or_none()
    if row is None:
        raise SignInError(OVER)
    employer = Organization(*(getattr(row, f"employer_{name}") for name in COLUMNS))
    return SignedIn(user_of(row), employer, claims["sid"]), claims
