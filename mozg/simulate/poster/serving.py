"""A simulated Poster on a real port of this machine. Whatever happens, it answers with status 200."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mozg.simulate.chain import Chain, rows
from mozg.simulate.faults import Faults
from mozg.simulate.gate import Gate
from mozg.simulate.identity import guid
from mozg.simulate.log import Log
from mozg.simulate.poster import answers
from mozg.simulate.poster.answers import Json
from mozg.simulate.present import Present
from mozg.simulate.serving import running


@dataclass
class ServedPoster:
    """A chain on Poster: its address, its token, its faults, and a log of what was asked.

    ``refusing`` is an error code and its text that every question gets.
    """

    present: Present
    address: str
    token: str
    faults: Faults = field(default_factory=Faults)
    log: Log = field(default_factory=Log)
    refusing: tuple[int, str] | None = None

    @property
    def chain(self) -> Chain:
        """The chain as the tills have it now."""
        return self.present.chain

    def replace(self, chain: Chain) -> None:
        """Let the tills tell another truth from now on: a copy of the chain from `mozg.simulate.edits`."""
        self.present.replace(chain)

    def venues(self) -> list[Json]:
        """Return each restaurant as ``name, timezone, country, opened_on, pos, pos_config, day_start_hour``."""
        return [
            {"name": one.name, "timezone": one.timezone, "country": one.country, "opened_on": one.opened_on,
             "pos": "poster", "day_start_hour": 6,
             "pos_config": {"base_url": self.address, "token": self.token, "spot_id": str(number + 1)}}
            for number, one in enumerate(rows(self.chain.venues))
        ]  # fmt: skip

    def answer(self, method: str, asked: dict[str, str]) -> Json:
        """Return the answer to one question."""
        if "token" not in asked:
            return _error(10, "No access token passed")
        if asked["token"] != self.token:
            return _error(11, "Access token is not valid")
        if self.refusing is not None:
            return _error(*self.refusing)
        if method in answers.LISTS:
            return {"response": self.present.view(answers.LISTS[method])}
        if method == "dash.getTransactions":
            return {"response": self._checks(asked)}
        if method == "finance.getCashShifts":
            return {"response": self._cash_shifts(asked)}
        return _error(404, f"Method {method} not found")

    def _checks(self, asked: dict[str, str]) -> list[Json]:
        found = self.present.view(answers.checks).get(int(asked["id"]) - 1, [])
        found = answers.between(found, _day(asked["dateFrom"]), _day(asked["dateTo"]))
        ids = [one["transaction_id"] for one in found]
        after = ids.index(asked["next_tr"]) + 1 if asked.get("next_tr") in ids else 0
        return found[after : after + answers.PAGE]

    def _cash_shifts(self, asked: dict[str, str]) -> list[Json]:
        first, last = (_day(asked[name]).isoformat() for name in ("dateFrom", "dateTo"))
        return [one for one in self.present.view(answers.cash_shifts)
                if one["spot_id"] == asked["spot_id"] and first <= one["date_start"][:10] <= last]  # fmt: skip


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # a day of the calendar


def _error(code: int, text: str) -> Json:
    return {"error": {"code": code, "message": text}}


@contextlib.contextmanager
def serve_poster(chain: Chain | Present, port: int = 0) -> Iterator[ServedPoster]:
    """Serve ``chain`` on 127.0.0.1 at ``port`` (0: any free one) for as long as the block runs.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        present = chain if isinstance(chain, Present) else Present(chain)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        served = ServedPoster(present, address, guid(present.chain.seed, "poster token"))

        async def answer(request: Request) -> Response:
            method: Any = request.path_params["method"]
            return JSONResponse(await run_in_threadpool(served.answer, method, dict(request.query_params)))

        app = Starlette(routes=[Route("/api/{method}", answer)])
        with running(Gate(app, served.faults, served.log), listener):
            yield served
