"""White Server, the vendor's cloud: the same questions as JSON tasks, carried to an agent in the restaurant."""

import base64
import binascii
import time
from collections.abc import Mapping
from typing import Any

import httpx

from mozg.errors import TillAccessDenied, TillAnswerError, TillError
from mozg.model import Venue
from mozg.pos.config import limit, required
from mozg.pos.pace import Allowance, Pace
from mozg.pos.patience import Patience, TryLaterError
from mozg.pos.rkeeper import answers, commands
from mozg.pos.rkeeper.answers import Element, Row
from mozg.pos.trust import trusted
from mozg.pos.wire import Wire

ADDRESS = "https://ws.ucs.ru/wsserverlp"
_PATH = "api/v2/aggregators/Create"
#: The longest that the agent may take, in seconds; the vendor's limit is 180.
_WAIT = 150
#: How often a key of the vendor's own White Server may ask.
_LIMIT = Allowance(360, 60, 60)
#: Codes of https://docs.rkeeper.ru/ws/opisanie-oshibok-server-83198015.html that another attempt may better.
_PASSING = {"Timeout": 504, "InternalError": 500, "TaskLimitExceeded": 429, "AwaitingAnswer": 503}
_DENIED = {
    "AuthFailed": "Check the venue's token.",
    "License": "Renew the restaurant's licence for White Server, or check object_id.",
    "WsAgentNotSelected": "Choose the restaurant's default agent in White Server's panel.",
}

Json = dict[str, Any]


class _Cloud(Wire):
    """White Server; what went wrong stands in the answer's body under a code."""

    def check(self, response: httpx.Response) -> None:
        """Raise what the answer's ``error``, or the r_keeper result that it carries, stands for."""
        body = self._body(response)
        if body.get("error"):
            self._complain(body["error"])
        carried = (body.get("taskResponse") or {}).get("base64")
        if carried is not None:
            answers.check_status(self.name, self.carried(carried))

    def _complain(self, error: Json) -> None:
        code = (error.get("wsError") or {}).get("code", "")
        texts = [(error.get(part) or {}).get("desc") for part in ("agentError", "rkError", "wsError")]
        text = next((text for text in texts if text), code)
        if code in _PASSING:
            raise TryLaterError(text, _PASSING[code])
        raise self._refusal(code, text)

    def _refusal(self, code: str, text: str) -> TillError:
        if code in _DENIED:
            return TillAccessDenied(f"{self.name} refused a task with {code} ({text}). {_DENIED[code]}")
        if answers.lacks_procedure(text):
            return answers.missing_script(self.name)
        return TillAnswerError(
            f"{self.name} refused a task with {code} ({text}). Check that its agent runs and reaches r_keeper."
        )

    @staticmethod
    def _body(response: httpx.Response) -> Json:
        try:
            body = response.json()
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def carried(self, text: object) -> Element:
        """Return the r_keeper result that an answer carries."""
        try:
            return answers.result_of(base64.b64decode(str(text), validate=True))
        except (ValueError, binascii.Error) as error:
            raise self.unreadable("ExecuteRk7Query", str(error)) from error

    def task(self, kind: str, parameters: Json) -> Json:
        """Return the ``taskResponse`` of a task, waiting for one that was only taken."""
        body = self.json(self.ask("POST", _PATH, json={"taskType": kind, "params": parameters}))
        waited = 0.0
        while isinstance(body, dict) and not body.get("taskResponse") and waited < _WAIT:
            time.sleep(self.patience.first)
            waited += self.patience.first
            task = {"taskGuid": (body.get("responseCommon") or {}).get("taskGuid")}
            body = self.json(self.ask("POST", _PATH, json={"taskType": "GetTaskResponse", "params": task}))
        if not isinstance(body, dict) or not isinstance(body.get("taskResponse"), dict):
            raise self.unreadable(_PATH, f"no response to {kind}")
        response: Json = body["taskResponse"]
        return response


class WhiteDoor:
    """The way through White Server, which carries to the cash server and to the report database.

    ``pos_config``: token, object_id (the restaurant's number in the licensing system), restaurant_id if the cash
    server's own is not the one meant; base_url if it is not the usual one; limits if the token has others than usual.
    """

    has_cash_server = True

    def __init__(self, venue: Venue, patience: Patience) -> None:
        token, number = required(venue, "token", "object_id")
        base_url = str(venue.pos_config.get("base_url") or ADDRESS)
        usual = _LIMIT if httpx.URL(base_url).host == httpx.URL(ADDRESS).host else None
        pace = Pace("White Server", f"{base_url}\n{token}", otherwise=limit(venue, usual))
        trust = trusted(venue.pos_config.get("certificate"))
        self._cloud = _Cloud(base_url, patience, "White Server", trust, pace)
        self._cloud.client.headers["AggregatorAuthentication"] = token
        self._sync = {"objectId": int(number) if number.isdigit() else number, "timeout": _WAIT}
        self.name, self.address = self._cloud.name, f"{base_url} {number}"

    def close(self) -> None:
        """Close the connection."""
        self._cloud.close()

    def references(self, command: Element) -> Element:
        """Return the result of a command; the cash server has the reference data too."""
        return self.cash(command)

    def cash(self, command: Element) -> Element:
        """Return the result of a command of the cash server."""
        text = base64.b64encode(commands.written(command)).decode()
        response = self._cloud.task("ExecuteRk7Query", {"sync": self._sync, "base64": text})
        return self._cloud.carried(response.get("base64"))

    def rows(self, procedure: str, parameters: Mapping[str, str]) -> list[Row]:
        """Return what a stored procedure selects."""
        given = [{"name": name, "value": value} for name, value in parameters.items()]
        task = {"procName": f"RK7SQLPROC{procedure}", "procType": "storedProcedure", "params": given}
        response = self._cloud.task("ExecuteSqlQuery", {"sync": self._sync, **task})
        rows = answers.rows_in(response)
        if rows is None:
            raise self._cloud.unreadable("ExecuteSqlQuery", "no rows")
        return answers.unique(rows)
