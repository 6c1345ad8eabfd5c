"""What can be asked: every metric with its definition, and what it can be split or filtered by."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from ibis.expr.types import Value
from pydantic import BaseModel, Field

from mozg.access.sessions import SignedIn
from mozg.metrics import DIMENSIONS, METRICS
from mozg.metrics.dimensions import with_dimensions
from mozg.metrics.metric import Unit
from mozg.metrics.periods import WORDS
from mozg.metrics.planner import FACTS
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.problems import declared

Kind = Literal["text", "number", "date"]
router = APIRouter(tags=["metrics"])


class MetricAnswer(BaseModel):
    """One number with one definition. ``better`` says which direction pleases a restaurant, if any does."""

    model_config = {"title": "Metric"}

    name: str = Field(examples=["average_check"])
    title: str = Field(examples=["Average check"])
    unit: Unit = Field(examples=["money"])
    better: Literal["up", "down"] | None = Field(examples=["up"])
    definition: str = Field(examples=["Revenue ÷ checks."])


class DimensionAnswer(BaseModel):
    """What a metric can be split or filtered by. ``kind`` is what its values are."""

    model_config = {"title": "Dimension"}

    name: str = Field(examples=["venue"])
    title: str = Field(examples=["Venue"])
    kind: Kind = Field(examples=["text"])
    definition: str = Field(examples=["The restaurant."])


class Vocabulary(BaseModel):
    """Everything that a question can be made of."""

    metrics: list[MetricAnswer]
    dimensions: list[DimensionAnswer]
    periods: list[str] = Field(description="Words that name a period.", examples=[["yesterday", "last_week"]])


@router.get("/metrics", responses=declared(401, 403) | etags.READ, response_model=Vocabulary)
def metrics(request: Request, _: Annotated[SignedIn, Depends(allowed("metrics.query"))]) -> Response:
    """List every metric with its definition, every dimension, and the words for periods."""
    told = [MetricAnswer.model_validate(metric, from_attributes=True) for metric in METRICS.values()]
    splits = [
        DimensionAnswer(name=one.name, title=one.title, kind=KINDS[one.name], definition=one.definition)
        for one in DIMENSIONS.values()
    ]
    return etags.answer(request, Vocabulary(metrics=told, dimensions=splits, periods=list(WORDS)))


def _kind(name: str) -> Kind:
    """Return what the values of a dimension are, from the first table that knows them."""
    table = next(fact.table for fact in FACTS if DIMENSIONS[name].needs in fact.table.columns)
    column: Value = with_dimensions(table, [name])[name]
    if column.type().is_date():
        return "date"
    return "number" if column.type().is_integer() else "text"


KINDS: dict[str, Kind] = {name: _kind(name) for name in DIMENSIONS}
