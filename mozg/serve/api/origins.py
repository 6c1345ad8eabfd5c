"""Which pages may send forms to ours, and where ours may send people."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from mozg.settings import settings

SAME_SITE = ("same-origin", "same-site")


def origin(address: str) -> str:
    """Return the origin of an address: scheme, host and port as a browser writes them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def from_own_page(request: Request) -> None:
    """Do nothing if a form was sent by our own page; a dependency of forms that change something.

    Browsers say with every form where it comes from, in Origin; what does not say so is no browser.

    Raises:
        HTTPException: 403, it came from elsewhere.
    """
    _from(request, frozenset([origin(settings().address)]))


def from_own_pages(request: Request) -> None:
    """Do nothing if a form was sent by any page of this installation, such as the dashboards.

    A page that tells its address to nobody else sends Origin ``null``; then the browser's word that the page is of
    the same site is enough.

    Raises:
        HTTPException: 403, it came from elsewhere.
    """
    if request.headers.get("origin") != "null" or request.headers.get("sec-fetch-site") not in SAME_SITE:
        _from(request, frozenset(map(origin, settings().origins)))


def own(place: str | None) -> str:
    """Return where to go after signing in: ``place`` if it is a path or page of this installation, else ``/``.

    Browsers take ``\\`` for ``/`` and drop control characters, so that a path with them may lead elsewhere.
    """
    if (
        not place
        or len(place) > 2000
        or "\\" in place
        or any(ord(letter) <= 32 or ord(letter) == 127 for letter in place)
    ):
        return "/"
    if place.startswith("/"):
        return place if not place.startswith("//") else "/"
    try:
        parts = urlsplit(place)
        trusted = "@" not in parts.netloc and origin(place) in map(origin, settings().origins)
    except ValueError:
        return "/"
    return place if trusted else "/"


def _from(request: Request, allowed: frozenset[str]) -> None:
    if request.headers.get("origin", "").lower() not in allowed:
        raise HTTPException(403, f"This form did not come from our own page. Open {settings().address} and try there.")
