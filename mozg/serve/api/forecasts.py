"""The forecasts that were made, newest first told."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from mozg.access.sessions import SignedIn
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.paging import Asked, Page
from mozg.serve.api.problems import declared
from mozg.serve.api.text import LARGEST_ID
from mozg.serve.api.venues import seen
from mozg.store.database import transaction
from mozg.store.forecasts import newest_forecasts

router = APIRouter(tags=["forecasts"])
VenueId = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Only this venue's.")]


class ForecastAnswer(BaseModel):
    """One day of a venue's forecast with its 80 % band; amounts are text with exact digits."""

    model_config = {"title": "Forecast"}

    venue: int = Field(examples=[3])
    venue_name: str = Field(examples=["Nord"])
    metric: str = Field(examples=["revenue"])
    made_on: date = Field(description="The first day that was not known when it was made.")
    business_date: date
    expected: str = Field(examples=["120500.5000"])
    low: str = Field(examples=["101200.0000"])
    high: str = Field(examples=["139800.0000"])
    model: str = Field(examples=["Prophet"])
    past_error: str | None = Field(
        description="What such forecasts missed ÷ what came (WAPE), on the past.", examples=["0.081200"]
    )

    @classmethod
    def of(cls, row: Row[Any]) -> "ForecastAnswer":
        """Return what the API tells of a forecast day."""
        return cls(
            venue=row.venue_id,
            venue_name=row.name,
            metric=row.metric,
            made_on=row.made_on,
            business_date=row.business_date,
            expected=str(row.yhat),
            low=str(row.lo80),
            high=str(row.hi80),
            model=row.model,
            past_error=None if row.wape is None else str(row.wape),
        )


@router.get("/forecasts", responses=declared(401, 403, 404) | etags.READ, response_model=Page[ForecastAnswer])
def forecasts(
    request: Request,
    paging: Asked,
    asking: Annotated[SignedIn, Depends(allowed("forecasts.read"))],
    venue: VenueId = None,
    metric: Literal["revenue"] | None = None,
) -> Response:
    """List the newest forecast of each venue that one may see, by venue and day."""
    venues = asking.user.venues if venue is None else (seen(asking, venue).id,)
    with transaction(asking.organization.id) as connection:
        rows = newest_forecasts(connection, venues=venues, metric=metric)
    told = [ForecastAnswer.of(row) for row in rows]
    items, next_ = paging.of(told, lambda one: f"{one.venue:019}.{one.metric}.{one.business_date}")
    return etags.answer(request, Page[ForecastAnswer](items=items, next=next_))
