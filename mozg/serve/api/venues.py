"""Venues of one's organisation: adding, changing, closing."""

from datetime import date, datetime
from importlib.metadata import entry_points
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints, WithJsonSchema

from mozg.access.audit import note
from mozg.access.sessions import SignedIn
from mozg.access.venues import add_venue, change_venue, check_zone, venue_of_id, venues_of
from mozg.errors import AccessError, SettingsError, TillError
from mozg.model import Venue
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.paging import Asked, Page
from mozg.serve.api.problems import declared, missing, refusing
from mozg.serve.api.text import Body, Country, Day, Hour, Line, PathId, Zone
from mozg.sync.check import check_till

FILES = "files"
router = APIRouter(prefix="/venues", tags=["venues"])
Reader = Annotated[SignedIn, Depends(allowed("venues.read"))]
Changer = Annotated[SignedIn, Depends(allowed("venues.change"))]
Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]
TILLS = sorted({FILES, *entry_points(group="mozg.pos").names})
TillKind = Annotated[
    str,
    StringConstraints(max_length=64),
    WithJsonSchema({"type": "string", "enum": TILLS, "description": "The till's kind, or files."}),
]
TillConfig = Annotated[
    dict[Key, Annotated[str, StringConstraints(max_length=2000)] | StrictInt | StrictBool | None],
    Field(
        max_length=30,
        description="How the till is reached, with its credentials. It is sealed and never answered.",
        examples=[{"base_url": "https://till.example", "login": "api", "password": "…"}],
    ),
]
Check = Annotated[
    bool, Query(description="Connect to the till first, and add nothing if that fails: 409 says what is wrong.")
]
_REFUSALS = declared(401, 403, 404)


class VenueAnswer(BaseModel):
    """One restaurant. ``pos`` is how its till is read, or ``files``."""

    model_config = {"title": "Venue"}

    id: int = Field(examples=[3])
    name: str = Field(examples=["Nord"])
    timezone: str = Field(examples=["Europe/Paris"])
    country: str | None = Field(examples=["FR"])
    day_start_hour: int = Field(description="Local hour at which a business date begins, where the till is silent.")
    opened_on: date | None
    closed_on: date | None
    pos: str = Field(examples=["iiko_cloud"])
    has_credentials: bool = Field(description="Whether we were told how to reach the till.")

    @classmethod
    def of(cls, venue: Venue) -> Self:
        """Return what the API tells of a venue: everything but how its till is reached."""
        told = {name: getattr(venue, name) for name in cls.model_fields if name != "has_credentials"}
        return cls(**told, has_credentials=bool(venue.pos_config))


class NewVenue(Body):
    """A venue to add."""

    name: Line = Field(examples=["Nord"])
    timezone: Zone = Field(examples=["Europe/Paris"])
    country: Country | None = Field(None, examples=["FR"])
    day_start_hour: Hour = 0
    opened_on: Day | None = None
    pos: TillKind = FILES
    pos_config: TillConfig | None = None


class VenueChange(Body):
    """What to change; what is left out stays. Null forgets a country, a day or the till's credentials."""

    name: Line | None = None
    timezone: Zone | None = None
    country: Country | None = None
    day_start_hour: Hour | None = None
    opened_on: Day | None = None
    closed_on: Day | None = None
    pos: TillKind | None = None
    pos_config: TillConfig | None = None


@router.get("", responses=declared(401, 403) | etags.READ, response_model=Page[VenueAnswer])
def venues(request: Request, asking: Reader, paging: Asked) -> Response:
    """List the venues that one may see, by name, closed ones too."""
    seen = [VenueAnswer.of(venue) for venue in venues_of(asking.organization) if sees(asking, venue.id)]
    items, following = paging.of(seen, lambda venue: venue.name)
    return etags.answer(request, Page[VenueAnswer](items=items, next=following))


@router.post("", status_code=201, responses=declared(401, 403, 409))
def add(asked: NewVenue, asking: Changer, response: Response, check: Check = False) -> VenueAnswer:
    """Add a venue. Its till is read with the next sync, or when asked to."""
    check_zone(asked.timezone)
    _check_till(asked.pos)
    if check and asked.pos != FILES:
        _try(asking.organization.id, asked)
    with refusing(409):
        venue = add_venue(asking.organization, **asked.model_dump())
    note(asking.organization.id, asking.user.email, "venue.added", venue.name)
    response.headers["Location"] = f"/api/v1/venues/{venue.id}"
    return VenueAnswer.of(venue)


@router.get("/{venue_id}", responses=_REFUSALS | etags.READ, response_model=VenueAnswer)
def venue(request: Request, venue_id: PathId, asking: Reader) -> Response:
    """Tell about one venue."""
    return etags.answer(request, VenueAnswer.of(seen(asking, venue_id)))


@router.patch("/{venue_id}", responses=declared(401, 403, 404, 409, 412), response_model=VenueAnswer)
def change(request: Request, venue_id: PathId, asked: VenueChange, asking: Changer) -> Response:
    """Change a venue. A null ``closed_on`` opens a closed one again."""
    changes = asked.given("country", "opened_on", "closed_on", "pos_config")
    check_zone(changes.get("timezone", "UTC"))
    _check_till(changes.get("pos", FILES))
    with etags.CHANGING:
        now = seen(asking, venue_id)
        etags.must_match(request, VenueAnswer.of(now))
        with refusing(409):
            changed = change_venue(now, **changes)
    note(asking.organization.id, asking.user.email, "venue.changed", changed.name, fields=sorted(changes))
    return etags.answer(request, VenueAnswer.of(changed))


@router.delete("/{venue_id}", status_code=204, responses=_REFUSALS)
def close(venue_id: PathId, asking: Changer) -> None:
    """Close a venue as of today. Its numbers stay, and its till is read until its ``pos`` becomes ``files``."""
    now = seen(asking, venue_id)
    today = datetime.now(ZoneInfo(now.timezone)).date()
    with etags.CHANGING:
        change_venue(now, closed_on=now.closed_on or today)
    note(asking.organization.id, asking.user.email, "venue.closed", now.name)


def sees(asking: SignedIn, venue_id: int) -> bool:
    """Tell whether a venue of the organisation is one that somebody may see."""
    return asking.user.venues is None or venue_id in asking.user.venues


def seen(asking: SignedIn, venue_id: int) -> Venue:
    """Return a venue that somebody may see.

    Raises:
        HTTPException: 404, there is none, it is another organisation's, or not among the person's.
    """
    try:
        found = venue_of_id(asking.organization, venue_id)
    except AccessError:
        raise missing("venue", venue_id) from None
    if not sees(asking, venue_id):
        raise missing("venue", venue_id)
    return found


def _try(organization_id: int, asked: NewVenue) -> None:
    config = asked.pos_config or {}
    try:
        check_till(Venue(0, organization_id, asked.name, asked.timezone, asked.pos, config, asked.day_start_hour))
    except (TillError, SettingsError) as error:
        raise HTTPException(409, str(error)) from error


def _check_till(pos: str) -> None:
    if pos not in TILLS:
        raise HTTPException(422, f"The till {pos!r} is not installed. Known: {', '.join(TILLS)}.")
