"""Poster's API: every answer has status 200, with the result under ``response`` or what is wrong under ``error``."""

from typing import Any

import httpx

from mozg.errors import TillAccessDenied, TillAnswerError
from mozg.model import Venue
from mozg.pos.config import limit
from mozg.pos.pace import Allowance, Pace
from mozg.pos.patience import Patience, TryLaterError
from mozg.pos.wire import Wire

ADDRESS = "https://joinposter.com"
#: The vendor's limit is five calls a second.
_LIMIT = Allowance(300, 60, 5)
#: Codes of https://dev.joinposter.com that somebody must mend; any other is a question that Poster does not take.
_DENIED = {
    10: "Add the venue's token.", 11: "Check the venue's token.", 12: "Make a new token: this one has expired.",
    20: "Give the application the right to what it asked for.", 54: "Give the application the right to it.",
    503: "The account is archived: unlock it at Poster.", 700: "The account's tariff does not include the API.",
}  # fmt: skip
_LATER = {429, 500}


class Door(Wire):
    """The API with one account's token, which goes into the address of each question and into no error."""

    def __init__(self, venue: Venue, token: str, patience: Patience) -> None:
        base_url = str(venue.pos_config.get("base_url") or ADDRESS)
        usual = _LIMIT if httpx.URL(base_url).host.endswith("joinposter.com") else None
        pace = Pace("Poster", f"{base_url}\n{token}", otherwise=limit(venue, usual))
        super().__init__(base_url, patience, "Poster", pace=pace)
        self._token = token

    def get(self, method: str, **what: Any) -> Any:
        """Return what a method answers."""
        body = self.json(self.ask("GET", f"api/{method}", params={"token": self._token, **what}))
        if not isinstance(body, dict) or "response" not in body:
            raise self.unreadable(method, "no response")
        return body["response"]

    def check(self, response: httpx.Response) -> None:
        """Raise what the answer itself complains of."""
        code, text = _complaint(response)
        if code is None:
            return
        if code in _LATER:
            raise TryLaterError(text, code)
        if code in _DENIED:
            raise TillAccessDenied(f"{self.name} refused a request with code {code} ({text}). {_DENIED[code]}")
        raise TillAnswerError(
            f"{self.name} refused a request with code {code} ({text}). Its API may have changed; please report it."
        )


def _complaint(response: httpx.Response) -> tuple[int | None, str]:
    """Return code and text of an error, which is a number beside a message, or both in an object."""
    try:
        body = response.json()
    except ValueError:
        return None, ""
    error = body.get("error") if isinstance(body, dict) else None
    if not error:
        return None, ""
    if isinstance(error, dict):
        return int(error.get("code") or 0), str(error.get("message") or error)
    return int(error) if str(error).isdigit() else 0, str(body.get("message") or error)
