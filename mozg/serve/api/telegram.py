"""Signing in with Telegram, and linking one's account to it."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field, StrictInt, StringConstraints

from mozg.access import vault
from mozg.access.audit import note
from mozg.access.organizations import Organization, organizations
from mozg.access.sessions import open_session
from mozg.access.telegram import REFUSED, read_login_widget, read_mini_app
from mozg.access.users import change_user, user_of_telegram
from mozg.errors import SignInError
from mozg.serve.api import etags, limiting
from mozg.serve.api.asking import Anybody
from mozg.serve.api.auth import PUBLIC, note_sign_in
from mozg.serve.api.models import Tokens
from mozg.serve.api.problems import declared, refusing
from mozg.serve.api.text import LARGEST_ID, Body, Slug

NOT_LINKED = "This Telegram account is linked to nobody here. Sign in with a password, then link it."
Word = Annotated[str, StringConstraints(max_length=1000)]

router = APIRouter(prefix="/auth/telegram", tags=["auth"])


class MiniApp(Body):
    """``initData``, as Telegram gives it to a Mini App."""

    init_data: Annotated[str, StringConstraints(max_length=8192)]


class Widget(Body):
    """The fields that the Login Widget hands over."""

    widget: Annotated[dict[Annotated[str, StringConstraints(max_length=64)], Word | StrictInt], Field(max_length=30)]


class MiniAppLogin(MiniApp):
    """``initData``, and which organisation's bot the app belongs to."""

    organization: Slug = Field(examples=["trattoria"])


class WidgetLogin(Widget):
    """The Login Widget's fields, and which organisation's bot it belongs to."""

    organization: Slug = Field(examples=["trattoria"])


@router.post("", responses=declared(401), dependencies=PUBLIC)
def sign_in(request: Request, asked: MiniAppLogin | WidgetLogin) -> Tokens:
    """Open a session for who is signed in to Telegram, if they linked their account."""
    organization = next((one for one in organizations() if one.slug == asked.organization), None)
    if organization is None:
        raise SignInError(REFUSED)  # the same words as for a bot that did not sign it
    user = user_of_telegram(organization.id, _telegram_id(asked, organization))
    if user is None:
        raise SignInError(NOT_LINKED)
    caller = limiting.caller(request)
    opened = open_session(user, agent=request.headers.get("user-agent"), address=caller)
    note_sign_in(opened, "telegram", caller)
    return Tokens.of(opened)


@router.post("/link", status_code=204, responses=declared(401, 409))
def link(asked: MiniApp | Widget, asking: Anybody) -> None:
    """Link one's own account to the Telegram account that Telegram vouches for."""
    telegram_id = _telegram_id(asked, asking.organization)
    with etags.CHANGING, refusing(409):
        change_user(asking.user, telegram_id=telegram_id)
    note(asking.organization.id, asking.user.email, "telegram.linked")


@router.delete("/link", status_code=204, responses=declared(401))
def unlink(asking: Anybody) -> None:
    """Forget which Telegram account is one's own."""
    change_user(asking.user, telegram_id=None)
    note(asking.organization.id, asking.user.email, "telegram.unlinked")


def _telegram_id(asked: MiniApp | Widget, organization: Organization) -> int:
    """Return the Telegram id that the organisation's bot vouches for.

    Raises:
        SignInError: Telegram did not sign this for the bot, or the organisation has none.
    """
    token = vault.recall(organization.id, vault.TELEGRAM_BOT)
    if token is None:
        raise SignInError(REFUSED)
    try:
        given = (
            read_mini_app(asked.init_data, token)
            if isinstance(asked, MiniApp)
            else read_login_widget(asked.widget, token)
        )
    except (OverflowError, RecursionError):  # signed by a bot whose owner writes strange numbers
        raise SignInError(REFUSED) from None
    if not 1 <= given <= LARGEST_ID:
        raise SignInError(REFUSED)
    return given
