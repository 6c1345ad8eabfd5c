"""Trying a venue's till."""

from typing import Self

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from mozg.errors import SettingsError, TillError
from mozg.serve.api.problems import declared
from mozg.serve.api.text import PathId
from mozg.serve.api.venues import Changer, seen
from mozg.sync.check import Checked, check_till

router = APIRouter(prefix="/venues", tags=["venues"])


class TillCheck(BaseModel):
    """What came of connecting to a till."""

    reached: bool = Field(description="Whether the till answered, as the restaurant that is meant.")
    told: str = Field(
        description="What was found or what is wrong and what to do, in sentences.",
        examples=["Connected to Nord (iikoServer): 112 receipts on 2026-11-21."],
    )
    restaurant: str | None = Field(None, description="What the till calls the restaurant.", examples=["Nord"])
    system: str | None = Field(None, examples=["iikoServer"])
    timezone: str | None = Field(None, description="The time zone that the till keeps, if it is not the venue's.")
    streams: list[str] = Field([], description="What it tells besides sales.", examples=[["cash_shifts", "shifts"]])
    missing: list[str] = Field([], description="What it does not tell.", examples=[["write_offs"]])

    @classmethod
    def of(cls, checked: Checked) -> Self:
        """Return what the API tells of a till that answered."""
        return cls(
            reached=True,
            told=" ".join(checked.sentences()),
            restaurant=checked.about.restaurant,
            system=checked.about.system,
            timezone=checked.clock,
            streams=list(checked.offered),
            missing=list(checked.missing),
        )


@router.post("/{venue_id}/check", responses=declared(401, 403, 404, 409))
def check(venue_id: PathId, asking: Changer) -> TillCheck:
    """Connect to the venue's till now and tell who answers, or what is wrong. Nothing is read into the record."""
    venue = seen(asking, venue_id)
    if venue.pos == "files":
        raise HTTPException(409, f"{venue.name} has no till to check: its receipts come from files.")
    try:
        return TillCheck.of(check_till(venue))
    except (TillError, SettingsError) as error:
        return TillCheck(reached=False, told=str(error))
