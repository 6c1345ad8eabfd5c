"""One till's HTTP: ask, ask again if that may help, and turn every failure into a sentence that names the till."""

import json
import ssl
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal
from xml.etree import ElementTree as Tree

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError, TillBusy, TillError, TillUnreachable
from mozg.pos.network import transport
from mozg.pos.pace import Pace
from mozg.pos.patience import Patience, TryLaterError, wished_pause

#: What a till may answer only once or twice: being asked too often, restarting, failing inside, a slow restaurant.
_TRANSIENT = {408, 425, 429}
#: Headers that describe how a body travelled, which is over when it is here.
_OF_THE_WAY = {"content-encoding", "content-length", "transfer-encoding"}


class SessionLostError(TillAccessDenied):
    """The till does not know our session or token (any more): worth one new sign-in."""


class Wire:
    """The way to one till. Every answer is read before the next question is put; secrets never reach an error.

    ``maker`` is what people call the system, ``trust`` decides whose certificates are good, ``pace`` holds calls back.
    """

    def __init__(
        self, base_url: str, patience: Patience, maker: str, trust: ssl.SSLContext | Literal[True] = True,
        pace: Pace | None = None,
    ) -> None:  # fmt: skip
        self.client = httpx.Client(base_url=_address(base_url), timeout=patience.timeout, transport=transport(trust))
        self.patience, self.maker, self.pace = patience, maker, pace
        self.name = f"{maker} at {self.client.base_url.host}"

    def close(self) -> None:
        """Close the connection."""
        self.client.close()
        if self.pace is not None:
            self.pace.close()

    def ask(self, method: str, path: str, group: str = "", **what: Any) -> httpx.Response:
        """Return a good answer to one request; ``group`` names the till's own limit that it counts against.

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
            return attempts(self._in_turn, group, method, path, **what)
        except TryLaterError as error:
            raise self._given_up(error) from error

    def _in_turn(self, group: str, method: str, path: str, **what: Any) -> httpx.Response:
        if self.pace is None:
            return self.once(method, path, **what)
        self.pace.wait(group)
        try:
            response = self.once(method, path, **what)
        except TryLaterError as error:
            if error.status == 429:
                error.wait = self.pace.refused(group, error.wait)
            raise
        self.pace.answered(group)
        return response

    def once(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Return a good answer to one request without asking again.

        Raises:
            TryLaterError: no answer, or one that another attempt may better.
            TillError: anything else that is not a good answer.
        """
        try:
            response = self._whole(method, path.lstrip("/"), **what)
        except httpx.RequestError as error:
            if (trouble := tls_trouble(error)) is not None:
                raise self.insecure(trouble) from error
            raise TryLaterError(_reason(error)) from error
        self.check(response)
        if response.status_code in _TRANSIENT or response.status_code >= 500:
            raise TryLaterError(said(response), response.status_code, wished_pause(response))
        if not response.is_success:
            raise self._refused(response)
        return response

    def _whole(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Return an answer that has come whole; one that comes drop by drop is not waited for longer than allowed."""
        end = time.monotonic() + self.patience.whole
        with self.client.stream(method, path, **what) as response:
            parts = []
            for part in response.iter_bytes():
                parts.append(part)
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the answer comes too slowly", request=response.request)
        kept = [(name, value) for name, value in response.headers.items() if name not in _OF_THE_WAY]
        return httpx.Response(response.status_code, headers=kept, content=b"".join(parts), request=response.request)

    def insecure(self, trouble: str) -> TillUnreachable:
        """Return the error for a connection that could not be encrypted, or whose other end nobody vouches for."""
        if "wrong version number" in trouble or "record layer" in trouble:
            return TillUnreachable(
                f"{self.name} does not speak TLS at this port. Correct the port, or write http:// instead of https:// "
                "if the till has no encryption."
            )
        return TillUnreachable(
            f"{self.name} shows a certificate that this machine does not trust ({trouble}). Give the till a "
            "certificate of a known authority, or let SSL_CERT_FILE name a file with the authority that signed it."
        )

    def check(self, response: httpx.Response) -> None:
        """Look for what a system says inside an answer rather than by its status; most say nothing there.

        Raises:
            TryLaterError, TillError: as `once` does.
        """

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
        return self._read(response, lambda: json.loads(_decoded(response), parse_float=Decimal))

    def xml(self, response: httpx.Response) -> Tree.Element:
        """Return the answer's XML."""
        return self._read(response, lambda: Tree.fromstring(response.content))  # noqa: S314  # expat bounds entity growth

    def _read(self, response: httpx.Response, parse: Callable[[], Any]) -> Any:
        try:
            return parse()
        except (ValueError, Tree.ParseError) as error:
            strange = "text in an unknown encoding" if isinstance(error, UnicodeDecodeError) else said(response)
            raise self.unreadable(response.request.url.path, strange) from error

    def unreadable(self, path: str, what: str) -> TillAnswerError:
        """Return the error for an answer to ``path`` that has not the promised shape."""
        return TillAnswerError(
            f"{self.name} answered {path} with something that cannot be read ({what}). "
            f"Check that the address leads to {self.maker} and not to a proxy's page, then sync again."
        )


def tls_trouble(error: BaseException | None) -> str | None:
    """Return what went wrong with encryption, where that is what lies behind an error."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if isinstance(error, ssl.SSLError):
            return str(error.reason or error).replace("_", " ").lower()
        error = error.__cause__ or error.__context__
    return None


def _decoded(response: httpx.Response) -> str:
    """Return the text of an answer, which is UTF-8 unless it says otherwise; names must not turn into nonsense."""
    return response.content.decode(response.charset_encoding or "utf-8-sig")


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
