"""One till's HTTP: ask, ask again if that may help, and turn every failure into a sentence that names the till."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as Tree

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError, TillBusy, TillError, TillUnreachable
from mozg.pos.iiko.patience import Patience, TryLaterError, wished_pause
from mozg.pos.network import transport

#: What a till may answer only once or twice: being asked too often, restarting, failing inside, a slow restaurant.
_TRANSIENT = {408, 425, 429}


class SessionLostError(TillAccessDenied):
    """The till does not know our session or token (any more): worth one new sign-in."""


class Wire:
    """The way to one till. Every answer is read before the next question is put; secrets never reach an error."""

    def __init__(self, base_url: str, patience: Patience) -> None:
        self.client = httpx.Client(base_url=_address(base_url), timeout=patience.timeout, transport=transport())
        self.patience = patience
        self.name = f"iiko at {self.client.base_url.host}"

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Return a good answer to one request.

        Raises:
            TillError: see `mozg.pos.till.Till`; a 401 or 403 is `TillAccessDenied` at once.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(TryLaterError),
            stop=stop_after_attempt(self.patience.attempts),
            wait=self.patience.pause,
            reraise=True,
        )
        try:
            return attempts(self.once, method, path, **what)
        except TryLaterError as error:
            raise self._given_up(error) from error

    def once(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Return a good answer to one request without asking again.

        Raises:
            TryLaterError: no answer, or one that another attempt may better.
            TillError: anything else that is not a good answer.
        """
        try:
            response = self.client.request(method, path.lstrip("/"), **what)
        except httpx.RequestError as error:
            raise TryLaterError(_reason(error)) from error
        if response.status_code in _TRANSIENT or response.status_code >= 500:
            raise TryLaterError(said(response), response.status_code, wished_pause(response))
        if not response.is_success:
            raise self._refused(response)
        return response

    def _refused(self, response: httpx.Response) -> TillError:
        status, text = response.status_code, said(response)
        if status == 401:
            return SessionLostError(f"{self.name} did not accept the sign-in ({text}). Check the venue's credentials.")
        if status == 403 and "connections" in text:
            return TillAccessDenied(
                f"{self.name} has no free licence slot for its API ({text}). "
                "Sign other programs out, or try again in an hour."
            )
        if status == 403:
            return TillAccessDenied(f"{self.name} refused access ({text}). Give this user or key the right to reports.")
        return TillAnswerError(
            f"{self.name} refused a request with {status} ({text}). Check the address and the settings."
        )

    def _given_up(self, error: TryLaterError) -> TillError:
        tries = f"after {self.patience.attempts} attempts"
        if not error.status:
            return TillUnreachable(
                f"{self.name} cannot be reached {tries} ({error}). Check its address and the network, then sync again."
            )
        if error.status == 429:
            return TillBusy(f"{self.name} says it is asked too often, {tries}. Sync again later, or less often.")
        return TillBusy(f"{self.name} is not able to answer {tries} ({error.status}: {error}). Sync again later.")

    def json(self, response: httpx.Response) -> Any:
        """Return the answer's JSON, every fractional number as an exact `Decimal`."""
        return self._read(response, lambda: json.loads(response.text, parse_float=Decimal))

    def xml(self, response: httpx.Response) -> Tree.Element:
        """Return the answer's XML."""
        return self._read(response, lambda: Tree.fromstring(response.text))  # noqa: S314  # expat bounds entity growth

    def _read(self, response: httpx.Response, parse: Callable[[], Any]) -> Any:
        try:
            return parse()
        except (ValueError, Tree.ParseError) as error:
            raise self.unreadable(response.request.url.path, said(response)) from error

    def unreadable(self, path: str, what: str) -> TillAnswerError:
        """Return the error for an answer to ``path`` that has not the promised shape."""
        return TillAnswerError(
            f"{self.name} answered {path} with something that cannot be read ({what}). "
            "Check that the address leads to iiko and not to a proxy's page, then sync again."
        )


def said(response: httpx.Response) -> str:
    """Return what an answer says for itself in one short line."""
    text = response.text
    if "html" in response.headers.get("content-type", ""):
        return "an HTML page"
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    if isinstance(body, dict):
        text = str(body.get("errorDescription") or body.get("message") or text)
    words = " ".join(text.split())
    return words[:160] + "…" if len(words) > 160 else words or "no text"


def _address(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url.rstrip("/") + "/")
    except httpx.InvalidURL as error:
        raise SettingsError(f"{base_url!r} is not an address of a till ({error}).") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise SettingsError(f"{base_url!r} is not an address of a till. It begins with https:// or http://.")
    return url


def _reason(error: httpx.RequestError) -> str:
    return "no answer in time" if isinstance(error, httpx.TimeoutException) else str(error) or type(error).__name__
