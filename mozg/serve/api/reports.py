"""The reports that somebody may read, and starting a run of one."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mozg.access import audit
from mozg.access.sessions import SignedIn
from mozg.access.venues import venues_of
from mozg.errors import ParameterError
from mozg.metrics.periods import WORDS
from mozg.reports.catalogue import Format, Report, all_reports
from mozg.reports.parameter import Kind, Parameter
from mozg.reports.records import run_of
from mozg.reports.service import start_run
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.paging import Asked, Page
from mozg.serve.api.problems import declared, missing
from mozg.serve.api.query import Whole, lake_for
from mozg.serve.api.runs import RunAnswer
from mozg.serve.api.runs_background import QUEUE

router = APIRouter(prefix="/reports", tags=["reports"])
#: The organisation is who asks, never what is asked for.
OURS = "organization"
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)
KEYS_KEPT = 10_000

Name = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,63}$", examples=["sales"])]
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Given = bool | Whole | Text | Annotated[list[Text], Field(max_length=500)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class ParameterAnswer(BaseModel):
    """A parameter of a report. One without ``default`` must be given."""

    model_config = {"title": "Parameter"}

    name: str = Field(examples=["date_from"])
    type: Kind = Field(examples=["date"])
    title: str = Field(examples=["From"])
    default: bool | int | str | list[str] | None = Field(examples=["last_week"])
    choices: list[str] = Field(description="What a choice may be, or the words that a date may be.")
    minimum: int | None
    maximum: int | None

    @classmethod
    def of(cls, parameter: Parameter) -> "ParameterAnswer":
        """Return what the API tells of a parameter."""
        return cls(
            name=parameter.name,
            type=parameter.type,
            title=parameter.title,
            default=parameter.default,
            choices=list(WORDS if parameter.type == "date" else parameter.choices),
            minimum=parameter.minimum,
            maximum=parameter.maximum,
        )


class ReportAnswer(BaseModel):
    """A report and what it takes."""

    model_config = {"title": "Report"}

    name: str = Field(examples=["sales"])
    title: str = Field(examples=["Sales"])
    description: str
    formats: list[Format]
    parameters: list[ParameterAnswer]

    @classmethod
    def of(cls, report: Report) -> "ReportAnswer":
        """Return what the API tells of a report."""
        return cls(
            name=report.name,
            title=report.title,
            description=report.description,
            formats=list(report.formats),
            parameters=[ParameterAnswer.of(one) for one in report.parameters if one.name != OURS],
        )


class Start(BaseModel):
    """With what a report is run. Parameters that are left out have their defaults."""

    model_config = ConfigDict(extra="forbid", strict=True)

    parameters: dict[str, Given] = Field(
        default_factory=dict, max_length=50, examples=[{"date_from": "last_week", "date_to": "last_week"}]
    )
    formats: list[Format] = Field(["html"], max_length=3, description="What to make beside the notebook.")


@router.get("", responses=declared(401, 403) | etags.READ, response_model=Page[ReportAnswer])
def reports(request: Request, paging: Asked, asking: Annotated[SignedIn, Depends(allowed("reports.read"))]) -> Response:
    """List the reports that one's role may read, with their parameters."""
    readable = [report for report in all_reports() if asking.user.role in report.roles]
    told = [ReportAnswer.of(report.translated(asking.organization.locale)) for report in readable]
    items, next_ = paging.of(told, lambda one: one.name)
    return etags.answer(request, Page[ReportAnswer](items=items, next=next_))


@router.post(
    "/{name}/runs",
    status_code=202,
    responses=declared(401, 403, 404, 409) | {202: {"headers": {"Location": {"schema": {"type": "string"}}}}},
)
def start(
    name: Name,
    asked: Start,
    response: Response,
    asking: Annotated[SignedIn, Depends(allowed("reports.run"))],
    idempotency_key: Key = None,
) -> RunAnswer:
    """Run a report with one's own rights; `Location` is where to ask how it goes.

    The call is checked before it is taken. With an `Idempotency-Key`, the same call again gives the run that the
    first one started. 409: nothing was read from the tills yet. 429: too many runs wait already.
    """
    report = next((one for one in all_reports() if one.name == name and asking.user.role in one.roles), None)
    if report is None:
        raise missing("report", name)
    with _CALLS.one_by_one(idempotency_key):
        run_id = _CALLS.before(asking, idempotency_key, name, asked) or _start(report, asked, asking)
        _CALLS.keep(asking, idempotency_key, name, asked, run_id)
    run = run_of(asking.user, run_id)
    assert run is not None, "who may start a run may see it"
    answer = RunAnswer.of(run)
    response.headers["Location"] = answer.url
    return answer


def _start(report: Report, asked: Start, asking: SignedIn) -> str:
    formats = list(dict.fromkeys(asked.formats))
    if unknown := [format_ for format_ in formats if format_ not in report.formats]:
        raise ParameterError(f"The report {report.name} is not made as {', '.join(unknown)}.")
    _check(report, asked.parameters, asking)
    lake_for(asking)
    with QUEUE.place(asking.organization.id) as place:
        started = start_run(asking.organization, report.name, asked.parameters, formats, scope=asking.scope())
        place.take(started)
    audit.viewed(asking.user, report.name, "run")
    audit.note(asking.organization.id, asking.user.email, "report.run", report.name, run=started.run_id)
    return started.run_id


def _check(report: Report, given: Mapping[str, Any], asking: SignedIn) -> None:
    """Refuse at once what would only fail in the notebook."""
    if OURS in given:
        raise ParameterError(f"{OURS} is not for you to give: reports run for your own organisation.")
    for parameter in report.parameters:
        value = given.get(parameter.name)
        if parameter.type == "date" and isinstance(value, str) and value not in WORDS:
            read = str(parameter.read(value))
            if not FIRST.isoformat() <= read <= LAST.isoformat():
                raise ParameterError(f"The parameter {parameter.name} is {read}: no till is that old or that new.")
    if "venues" in given and any(one.name == "venues" for one in report.parameters):
        _check_venues(next(one for one in report.parameters if one.name == "venues").read(given["venues"]), asking)


def _check_venues(names: Any, asking: SignedIn) -> None:
    allowed_ = asking.user.venues
    known = {venue.name for venue in venues_of(asking.organization) if allowed_ is None or venue.id in allowed_}
    if unknown := [name for name in names if name not in known]:
        raise ParameterError(f"There is no venue {', '.join(map(repr, unknown[:5]))} that you may see.")


class _Calls:
    """Which call started which run, so that a client that lost the answer may call again; kept for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, str], tuple[str, str]] = OrderedDict()

    def one_by_one(self, key: str | None) -> AbstractContextManager[object]:
        """Let calls with a key wait for each other, so that two of the same at once start one run."""
        return nullcontext() if key is None else self._lock

    def before(self, asking: SignedIn, key: str | None, name: str, asked: Start) -> str | None:
        """Return the run that the same call started before, if any.

        Raises:
            HTTPException: 409, the key belongs to another call.
        """
        if key is None or (asking.user.id, key) not in self._kept:
            return None
        run_id, call = self._kept[asking.user.id, key]
        if call != _call(name, asked):
            raise HTTPException(409, "This Idempotency-Key was used for another call. Take a new one.")
        return run_id

    def keep(self, asking: SignedIn, key: str | None, name: str, asked: Start, run_id: str) -> None:
        """Remember a call."""
        if key is None:
            return
        self._kept[asking.user.id, key] = run_id, _call(name, asked)
        while len(self._kept) > KEYS_KEPT:
            self._kept.popitem(last=False)


def _call(name: str, asked: Start) -> str:
    return hashlib.sha256(f"{name} {asked.model_dump_json()}".encode()).hexdigest()


_CALLS = _Calls()
