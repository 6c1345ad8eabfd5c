"""Reading a venue's till now, and how that goes."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from mozg.access.audit import note
from mozg.access.organizations import Organization
from mozg.access.sessions import SignedIn
from mozg.errors import MozgError
from mozg.lake.refresh import refresh
from mozg.model import Venue
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.problems import declared
from mozg.serve.api.text import PathId
from mozg.serve.api.venues import FILES, Reader, seen
from mozg.sync.cursors import read_until
from mozg.sync.engine import Step, sync_venue
from mozg.sync.journal import Told, is_being_read, last_reading

AT_ONCE, WAITING = 4, 100
router = APIRouter(prefix="/venues", tags=["venues"])
_LOG = logging.getLogger("mozg.api")


class Readings:
    """The tills that this process reads: four at once, each venue once at a time."""

    def __init__(self) -> None:
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="till")
        self._lock = threading.Lock()
        self._steps: dict[int, Step | None] = {}

    def begin(self, organization: Organization, venue: Venue) -> None:
        """Read a till soon, then bring the lake up to the record.

        Raises:
            HTTPException: 409, it is being read; 503, a hundred wait already.
        """
        with self._lock:
            if venue.id in self._steps or is_being_read(venue):
                raise HTTPException(409, f"The till of {venue.name} is being read. See how that goes, or wait.")
            if len(self._steps) >= WAITING:
                raise HTTPException(503, "Too many tills wait to be read. Try again in some minutes.")
            self._steps[venue.id] = None
        self._workers.submit(self._read, organization, venue)

    def step(self, venue: Venue) -> tuple[bool, Step | None]:
        """Tell whether this process reads a till, or will soon, and how far it is."""
        return venue.id in self._steps, self._steps.get(venue.id)

    def _read(self, organization: Organization, venue: Venue) -> None:
        try:
            sync_venue(organization, venue, watch=lambda step: self._steps.update({venue.id: step}))
            refresh(organization)
        except MozgError as error:  # the journal has what the till said, and the night refreshes the lake
            _LOG.warning("venue %s was not read: %s", venue.id, error)
        finally:
            del self._steps[venue.id]


READINGS = Readings()


class SyncStatus(BaseModel):
    """How the last reading of a till went, or goes now. Times are in UTC."""

    state: Literal["never", "waiting", "running", "ok", "failed"]
    read_until: date | None = Field(description="The last business date that is on record.")
    days_done: int | None = Field(description="Of the days to be read, those on record; null if it is not running.")
    days: int | None
    rows_read: int | None
    rows_changed: int | None
    started_at: datetime | None
    ended_at: datetime | None
    error: str | None = Field(description="Why it failed.", examples=[None])

    @classmethod
    def of(cls, venue: Venue) -> "SyncStatus":
        """Return what the journal and this process know."""
        under_way, step = READINGS.step(venue)
        told = last_reading(venue)
        return cls(
            state=_state(told, under_way, step),
            read_until=read_until(venue),
            days_done=step and step.days_done,
            days=step and step.days,
            rows_read=told and told.read,
            rows_changed=told and told.changed,
            started_at=told and told.started_at,
            ended_at=told and told.ended_at,
            error=told and told.error,
        )


@router.post("/{venue_id}/sync", status_code=202, responses=declared(401, 403, 404, 409))
def sync(
    venue_id: PathId, asking: Annotated[SignedIn, Depends(allowed("venues.sync"))], response: Response
) -> SyncStatus:
    """Read the venue's till now, from where the last reading ended. Follow it at the address in ``Location``."""
    venue = seen(asking, venue_id)
    if venue.pos == FILES:
        raise HTTPException(409, f"{venue.name} has no till to read: its receipts come from files.")
    READINGS.begin(asking.organization, venue)
    note(asking.organization.id, asking.user.email, "venue.read", venue.name)
    response.headers["Location"] = f"/api/v1/venues/{venue.id}/sync/status"
    return SyncStatus.of(venue)


@router.get("/{venue_id}/sync/status", responses=declared(401, 403, 404) | etags.READ, response_model=SyncStatus)
def status(request: Request, venue_id: PathId, asking: Reader) -> Response:
    """Tell how the last reading of the venue's till went, or how far the one under way is."""
    return etags.answer(request, SyncStatus.of(seen(asking, venue_id)))


def _state(
    told: Told | None, under_way: bool, step: Step | None
) -> Literal["never", "waiting", "running", "ok", "failed"]:
    if under_way:
        return "running" if step or (told and told.outcome == "running") else "waiting"
    if told is None:
        return "never"
    return "running" if told.outcome == "running" else "failed" if told.outcome == "failed" else "ok"
