"""Pages for people: signing in and out, and setting a password with a letter's link."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from mozg.access.invitations import Letter, read_letter
from mozg.access.sessions import COOKIE, SignedIn, browser_cookie, close, open_session, read_browser
from mozg.access.tokens import LIFETIME
from mozg.access.users import User
from mozg.errors import AccessError, SignInError
from mozg.language import Sentence, preferred
from mozg.serve.api import limiting
from mozg.serve.api.accounts import set_by_letter
from mozg.serve.api.auth import PUBLIC, Login, checked, note_sign_in
from mozg.serve.api.origins import from_own_page, from_own_pages, origin, own
from mozg.serve.colors import COOKIE as COLORS
from mozg.serve.colors import chosen_colors
from mozg.settings import settings

_FORM = [*PUBLIC, Depends(from_own_page)]
router = APIRouter(include_in_schema=False)


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, ``application/x-www-form-urlencoded``, as browsers send it."""
    try:
        return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise HTTPException(400, "This is no form.") from None


Form = Annotated[dict[str, str], Depends(_fields)]


@router.get("/", dependencies=PUBLIC)
def front(request: Request) -> Response:
    """Lead who is signed in to the dashboards, or the documentation where there are none; others to signing in."""
    return _go((settings().dashboards_address or "/docs") if _holder(request) else "/sign-in")


@router.get("/sign-in", dependencies=PUBLIC)
def sign_in_page(request: Request, next: str = "/") -> Response:
    """Show the form; who is signed in already goes on."""
    place = own(next)
    told: dict[str, Any] = {"next": place, "email": "", "error": "", "several": False}
    return _go(place) if _holder(request) else _page(request, "sign-in.html", **told)


@router.post("/sign-in", dependencies=_FORM)
def sign_in(request: Request, form: Form) -> Response:
    """Open a new session and go on. A session that this browser had before is closed."""
    place, email = own(form.get("next")), form.get("email", "").strip()
    told = {"next": place, "email": email, "several": bool(form.get("organization"))}
    try:
        asked = Login(email=email, password=form.get("password", ""), organization=form.get("organization") or None)
        opened = checked(request, asked, "browser")
    except (ValidationError, SignInError):
        return _page(request, "sign-in.html", 401, **told, error=Sentence("The address or the password is not right."))
    except AccessError as error:
        return _page(request, "sign-in.html", 422, **(told | {"several": True}), error=error)
    except HTTPException as error:
        return _page(request, "sign-in.html", error.status_code, **told, error=error.detail)
    return _enter(request, opened, place)


@router.post("/sign-out", dependencies=[*PUBLIC, Depends(from_own_pages)])
def sign_out(request: Request) -> Response:
    """Close the session of this browser."""
    if holder := _holder(request):
        close(holder)
    gone = _go("/sign-in")
    gone.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_secure())
    return gone


@router.get("/set-password", dependencies=PUBLIC)
def set_password_page(request: Request, token: str = "") -> Response:
    """Show the form that an invitation or a reset leads to."""
    try:
        _, user = _letter(token)
    except SignInError as error:
        return _page(request, "void.html", 401, error=error)
    return _page(request, "set-password.html", token=token, user=user, error="")


@router.post("/set-password", dependencies=_FORM)
def set_password(request: Request, form: Form) -> Response:
    """Set the password and sign in."""
    token, password = form.get("token", ""), form.get("password", "")
    try:
        purpose, user = _letter(token)
        if password != form.get("again"):
            differ = Sentence("The two passwords are not the same.")
            return _page(request, "set-password.html", 422, token=token, user=user, error=differ)
        user = set_by_letter(purpose, token, password)
    except SignInError as error:
        return _page(request, "void.html", 401, error=error)
    except AccessError as error:
        return _page(request, "set-password.html", 422, token=token, user=user, error=error)
    caller = limiting.caller(request)
    opened = open_session(user, kind="browser", agent=request.headers.get("user-agent"), address=caller)
    note_sign_in(opened, purpose, caller)
    return _enter(request, opened, "/")


def _letter(token: str) -> tuple[Letter, User]:
    """Return what a link is for, and whom; the two kinds cannot be taken for each other."""
    try:
        return "invite", read_letter("invite", token)
    except SignInError:
        return "reset", read_letter("reset", token)


def _holder(request: Request) -> SignedIn | None:
    try:
        return read_browser(request.cookies.get(COOKIE, ""))
    except SignInError:
        return None


def _enter(request: Request, opened: SignedIn, place: str) -> Response:
    if before := _holder(request):
        close(before)
    entered = _go(place)
    lasts = int(LIFETIME["browser"].total_seconds())
    entered.set_cookie(COOKIE, browser_cookie(opened), lasts, path="/", httponly=True, samesite="lax", secure=_secure())
    return entered


def _go(place: str) -> Response:
    return RedirectResponse(place, 303)


def _secure() -> bool:
    return settings().address.startswith("https:")


def _page(request: Request, name: str, status: int = 200, **told: Any) -> Response:
    """Answer with a page in the language that the browser asks for: nobody is signed in yet."""
    said, template = preferred(request.headers.get("accept-language", "")), _templates().get_template(name)
    headers = {"Content-Security-Policy": _policy(), "Referrer-Policy": "same-origin", "Vary": "Accept-Language"}
    colors = chosen_colors(request.cookies.get(COLORS))
    spoken = {"say": said.say, "language": said.language, "error": said.told(told["error"])}
    page = template.render(told | spoken, colors=colors)
    return Response(page, status, headers, media_type="text/html")


def _policy() -> str:
    """Return what our pages may load and where their forms may lead, the place after signing in included."""
    places = " ".join(sorted({"'self'", *map(origin, settings().origins)}))
    rest = "base-uri 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'self'; img-src data:; form-action {places}; {rest}"


def _templates() -> Environment:
    folder = settings().project_path / "reports" / "templates" / "pages"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
