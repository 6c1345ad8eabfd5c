"""Runs of reports: how they go, and the files that they left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from mozg.access.sessions import SignedIn
from mozg.reports.catalogue import Format
from mozg.reports.records import Run, run_of
from mozg.reports.records import runs as runs_of
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.paging import Asked, Page
from mozg.serve.api.problems import declared, missing
from mozg.serve.api.runs_background import QUEUE
from mozg.serve.api.swagger import PREFIX
from mozg.serve.api.text import LARGEST_ID
from mozg.serve.files import MEDIA, file_for, note_download

RunId = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{1,200}$", examples=["sales-demo-20261123T070500-0a1b"])]
ReportName = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="Only runs of this report.")]


class RunAnswer(BaseModel):
    """A run of a report. ``ok-empty`` is one that had nothing to show; ``files`` maps formats to where they are."""

    model_config = {"title": "Run"}

    id: str = Field(examples=["sales-demo-20261123T070500-0a1b"])
    report: str = Field(examples=["sales"])
    outcome: Literal["running", "ok", "ok-empty", "failed"]
    parameters: dict[str, Any] = Field(description="Dates, not words.", examples=[{"date_from": "2026-11-16"}])
    asked_by: str = Field(examples=["max@trattoria.example"])
    snapshot: int | None = Field(description="Which state of the data it shows.", examples=[42])
    started_at: datetime
    ended_at: datetime | None
    error: str | None = Field(description="Why it failed, in a sentence.")
    url: str = Field(examples=["/api/v1/runs/sales-demo-20261123T070500-0a1b"])
    files: dict[str, str] = Field(examples=[{"html": "/api/v1/runs/sales-demo-20261123T070500-0a1b/files/html"}])

    @classmethod
    def of(cls, run: Run) -> "RunAnswer":
        """Return what the API tells of a run; where files lie on the machine is nobody's business."""
        url = f"{PREFIX}/runs/{run.run_id}"
        return cls(
            id=run.run_id,
            report=run.report,
            outcome=run.outcome,
            parameters=dict(run.parameters),
            asked_by=run.asked_by,
            snapshot=run.snapshot,
            started_at=run.started_at,
            ended_at=run.ended_at,
            error=run.reason,
            url=url,
            files={kind: f"{url}/files/{kind}" for kind in run.formats},
        )


@asynccontextmanager
async def _working(_: Any) -> AsyncIterator[None]:
    await run_in_threadpool(QUEUE.clean_up)
    yield
    QUEUE.close()


router = APIRouter(prefix="/runs", tags=["reports"], lifespan=_working)
Reader = Annotated[SignedIn, Depends(allowed("reports.read"))]


@router.get("", responses=declared(401, 403) | etags.READ, response_model=Page[RunAnswer])
def runs(request: Request, paging: Asked, asking: Reader, report: ReportName = None) -> Response:
    """List the runs that one may see, newest first: of reports that name one's role, and of no venue but one's own."""
    before = _number(paging.after)
    found = [] if before == 0 else runs_of(asking.user, report=report, before=before, limit=paging.limit + 1)
    items, next_ = paging.cut(found, lambda run: str(run.number))
    return etags.answer(request, Page[RunAnswer](items=[RunAnswer.of(run) for run in items], next=next_))


@router.get("/{run_id}", responses=declared(401, 403, 404) | etags.READ, response_model=RunAnswer)
def run(request: Request, run_id: RunId, asking: Reader) -> Response:
    """Tell how a run goes or went."""
    return etags.answer(request, RunAnswer.of(_run(asking, run_id)))


@router.get(
    "/{run_id}/files/{format}",
    response_class=FileResponse,
    responses=declared(401, 403, 404)
    | etags.READ
    | {
        200: {
            "description": "The file.",
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()},
        }
    },
)
def file(
    run_id: RunId, format: Format, asking: Reader, if_none_match: Annotated[str | None, Header(max_length=2000)] = None
) -> Response:
    """Download what a run left as HTML, PDF or a workbook."""
    found = file_for(asking, _run(asking, run_id), format)
    if found is None:
        raise missing("file", f"{run_id}.{format}")
    headers = found.headers | {"Vary": "Authorization"}
    if if_none_match is not None and found.etag in if_none_match:
        return Response(status_code=304, headers=headers)
    note_download(asking, found)
    return FileResponse(found.path, media_type=MEDIA[format], filename=found.path.name, headers=headers)


def _run(asking: SignedIn, run_id: str) -> Run:
    found = run_of(asking.user, run_id)
    if found is None:
        raise missing("run", run_id)
    return found


def _number(after: str | None) -> int | None:
    """Return the place in the list that ``after`` names: nothing comes after what is no place, hence 0."""
    if after is None:
        return None
    return min(int(after), LARGEST_ID) if after.isascii() and after.isdigit() and len(after) < 20 else 0
