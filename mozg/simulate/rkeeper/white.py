"""White Server: the vendor's cloud door to a restaurant's servers, one JSON task per request."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mozg.simulate.rkeeper.base import Missing, ReportBase
from mozg.simulate.rkeeper.commands import Node

Json = dict[str, Any]


@dataclass
class White:
    """The tasks of White Server for the restaurants by their number in the licensing system.

    ``later`` makes it answer only that the task was taken, so that its result must be fetched. ``failing`` answers the
    next tasks with an error code of the vendor's list.
    """

    nodes: dict[int, Node]
    rows: Callable[[str, dict[str, str]], list[Json]]
    later: bool = False
    failing: list[str] = field(default_factory=list)
    _kept: dict[str, Json] = field(default_factory=dict)

    def answer(self, asked: Json) -> Json:
        """Return the answer to one task."""
        if self.failing:
            return _error("", asked, self.failing.pop(0))
        if asked.get("taskType") == "GetTaskResponse":
            return self._fetched(asked)
        task = str(uuid.uuid4())
        parameters = asked.get("params") or {}
        number = (parameters.get("sync") or parameters.get("async") or {}).get("objectId")
        done = self._done(task, asked, parameters, number)
        if "taskResponse" in done and (self.later or "async" in parameters):
            self._kept[task] = done
            return {"responseCommon": done["responseCommon"], "error": None}
        return done

    def _fetched(self, asked: Json) -> Json:
        task = str((asked.get("params") or {}).get("taskGuid"))
        return self._kept.pop(task, None) or _error(task, asked, "NotFound", "Saved data is not on the server")

    def _done(self, task: str, asked: Json, parameters: Json, number: Any) -> Json:
        kind = asked.get("taskType")
        if number not in self.nodes:
            return _error(task, asked, "License", f"WsAgent: no licence for {number}")
        if kind == "ExecuteRk7Query":
            return self._query(task, asked, parameters, number)
        if kind == "ExecuteSqlQuery":
            return self._procedure(task, asked, parameters)
        return _error(task, asked, "BadRequest", "InvalidRequestStructure")

    def _query(self, task: str, asked: Json, parameters: Json, number: int) -> Json:
        try:
            text = base64.b64decode(parameters.get("base64", ""), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return _error(task, asked, "BadRequest", "InvalidRequestStructure")
        answer = self.nodes[number].answer(text)
        return _done(task, asked, {"base64": base64.b64encode(answer).decode()})

    def _procedure(self, task: str, asked: Json, parameters: Json) -> Json:
        given = {one["name"]: str(one["value"]) for one in parameters.get("params") or []}
        try:
            rows = self.rows(str(parameters.get("procName")), given)
        except (Missing, ValueError) as error:
            return _agent_error(task, asked, f"Could not find stored procedure or its parameter: {error}")
        return _done(task, asked, {"queryResult": {"rows": rows}})


def _common(task: str, asked: Json) -> Json:
    parameters = asked.get("params") or {}
    number = (parameters.get("sync") or parameters.get("async") or {}).get("objectId")
    return {"taskGuid": task, "taskType": asked.get("taskType"), "objectId": number}


def _done(task: str, asked: Json, response: Json) -> Json:
    return {"taskResponse": response, "responseCommon": _common(task, asked), "error": None}


def _error(task: str, asked: Json, code: str, text: str = "") -> Json:
    return {"responseCommon": _common(task, asked), "error": {"wsError": {"code": code, "desc": text or code}}}


def _agent_error(task: str, asked: Json, text: str) -> Json:
    error = {"wsError": {"code": "AgentError", "desc": "Agent error"}, "agentError": {"code": 1, "desc": text}}
    return {"responseCommon": _common(task, asked), "error": error}


def rows_of(base: ReportBase, name: str, given: dict[str, str]) -> list[Json]:
    """Return what a stored procedure selects, as parsed rows."""
    return [json.loads(row) for row in base.run(name, given)]
