"""Asking for numbers, of the venues that the person may see.

Nothing that is money is ever a binary float on its way: a sum is text with exactly the digits of the record, and an
average is text with as many as it takes. Counts are whole numbers, shares and other ratios are numbers, days and
moments are ISO 8601 (moments in the venue's local time), and what cannot be known is null.
"""

import functools
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from mozg.access.organizations import Organization
from mozg.access.sessions import SignedIn
from mozg.errors import LakeError, QueryError
from mozg.lake.reader import Lake, has_lake, open_lake
from mozg.metrics import DIMENSIONS, METRICS, Period, comparison, period
from mozg.metrics.periods import WORDS
from mozg.metrics.query import BEFORE
from mozg.metrics.query import rows as ask
from mozg.serve.api.asking import allowed
from mozg.serve.api.metrics import KINDS, Kind
from mozg.serve.api.problems import declared

router = APIRouter(tags=["metrics"])


def whole(given: object) -> object:
    """Return ``5.0`` as 5, which JSON takes for the same number, and anything else as it is."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


_DAY = r"(199[0-9]|2[01][0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_VALUE = r"^[^\x00]*$"
MOST_ROWS, MOST_VALUES, LARGEST = 10_000, 500, 2**31 - 1

Day = Annotated[str, StringConstraints(pattern=f"^{_DAY}$"), Field(examples=["2026-11-01"])]
Comparison = Annotated[str, StringConstraints(pattern=rf"^(none|previous|last_year|plan|{_DAY}\.\.{_DAY})$")]
Word = Annotated[str, WithJsonSchema({"type": "string", "enum": list(WORDS)})]
MetricName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(METRICS)})]
DimensionName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(DIMENSIONS)})]
Text = Annotated[str, StringConstraints(max_length=200, pattern=_VALUE)]
Whole = Annotated[int, BeforeValidator(whole), Field(ge=-LARGEST, le=LARGEST)]
Values = Annotated[list[Text | Whole | None], Field(min_length=1, max_length=MOST_VALUES)]
Cell = str | int | float | None
_KIND_SCHEMAS: Mapping[Kind, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": 200, "pattern": _VALUE},
    "number": {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    "date": {"type": "string", "pattern": f"^{_DAY}$"},
}
_WHERE_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "maxProperties": 10,
    "properties": {
        name: {
            "type": "array",
            "items": {"anyOf": [_KIND_SCHEMAS[KINDS[name]], {"type": "null"}]},
            "minItems": 1,
            "maxItems": MOST_VALUES,
        }
        for name in DIMENSIONS
    },
}


class Question(BaseModel):
    """Which metrics, split by what, of when. Without a period, everything that was ever read counts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    metrics: list[MetricName] = Field(min_length=1, max_length=40, examples=[["revenue", "checks"]])
    by: list[DimensionName] = Field(default_factory=list, max_length=4, examples=[["venue"]])
    where: Annotated[dict[DimensionName, Values], WithJsonSchema(_WHERE_SCHEMA)] = Field(
        default_factory=dict,
        max_length=10,
        description="Dimension → values; rows with one of them count. Null is what has no value.",
        examples=[{"section": ["bar"]}],
    )
    period: Word | None = Field(None, description="A word for a period, instead of `from` and `to`.")
    from_: Day | None = Field(None, alias="from", description="The first business date.")
    to: Day | None = Field(None, description="The last one; yesterday when left out.")
    compare: Comparison = Field("none", description="none, previous, last_year, plan, or FIRST..LAST.")
    like_for_like: bool = Field(False, description="Only venues that were open in both periods.")
    limit: Annotated[int, BeforeValidator(whole)] = Field(
        1000, ge=1, le=MOST_ROWS, description="How many rows at most."
    )


class Between(BaseModel):
    """Business dates, both inclusive."""

    model_config = {"title": "Period"}

    first: date
    last: date

    @classmethod
    def of(cls, span: Period | None) -> "Between | None":
        """Return what the API tells of a period."""
        return None if span is None else cls(first=span.first, last=span.last)


class ColumnAnswer(BaseModel):
    """A column of the answer. ``before`` columns are of the period that is compared with."""

    model_config = {"title": "Column"}

    name: str = Field(examples=["revenue"])
    title: str = Field(examples=["Revenue"])
    kind: Literal["metric", "dimension"]
    unit: str = Field(description="A metric's unit, or what a dimension's values are.", examples=["money"])
    before: bool = False


class Numbers(BaseModel):
    """Rows sorted by their dimensions. Money is text in ``currency``; see the columns for units."""

    columns: list[ColumnAnswer]
    rows: list[list[Cell]] = Field(examples=[[["Nord", "120500.50", 310]]])
    more: bool = Field(description="Whether `limit` cut rows off.")
    period: Between | None
    compared_with: Between | None
    currency: str = Field(examples=["EUR"])
    snapshot: int = Field(description="Which state of the data these are numbers of.", examples=[42])


@router.post("/query", responses=declared(401, 403, 409), response_model=Numbers)
def query(asked: Question, asking: Annotated[SignedIn, Depends(allowed("metrics.query"))]) -> Response:
    """Ask for numbers. Reports are made of the same answers, so a number has one value wherever it is read.

    Money and quantities are text with exact digits; counts, shares and ratios are numbers. 409: nothing was read yet.
    """
    during = _period(asked, asking.organization)
    before = comparison(during, asked.compare) if during else None
    if during is None and (asked.compare != "none" or asked.like_for_like):
        raise QueryError("A comparison needs a period to compare: give `period`, or `from` and `to`.")
    lake = lake_for(asking)
    metrics, by = list(dict.fromkeys(asked.metrics)), list(dict.fromkeys(asked.by))
    answer = ask(
        lake, metrics, by, during=during, compare=before, where=dict(_conditions(asked.where)),
        like_for_like=asked.like_for_like, limit=asked.limit + 1,
    )  # fmt: skip
    columns = [_column(name) for name in answer.columns]
    money = [column.unit == "money" for column in columns]
    told = Numbers.model_construct(  # what the lake answers needs no check, which takes long where there is much of it
        columns=columns,
        rows=[list(map(_cell, row, money)) for row in answer.rows[: asked.limit]],
        more=len(answer.rows) > asked.limit,
        period=Between.of(during),
        compared_with=Between.of(before),
        currency=asking.organization.currency,
        snapshot=lake.snapshot,
    )
    return Response(told.model_dump_json(), media_type="application/json")


def lake_for(asking: SignedIn) -> Lake:
    """Open the lake of a person's organisation as that person may see it.

    Raises:
        HTTPException: 409, nothing has been read into it yet.
        LakeError: it cannot be read.
    """
    try:
        return open_lake(asking.organization, asking.scope())
    except LakeError:
        if has_lake(asking.organization):
            raise
        raise HTTPException(409, "Nothing has been read from the tills yet, so there are no numbers.") from None


def _period(asked: Question, organization: Organization) -> Period | None:
    """Return the period that is asked for; words mean today in the organisation's time zone."""
    today = datetime.now(ZoneInfo(organization.timezone)).date()
    if asked.period is not None:
        if asked.from_ or asked.to:
            raise QueryError("Give either `period`, or `from` and `to`.")
        if asked.period not in WORDS:
            raise QueryError(f"{asked.period!r} is no period. The words are {', '.join(WORDS)}.")
        return period(asked.period, today=today)
    if asked.from_ is None:
        if asked.to is not None:
            raise QueryError("`to` needs `from`.")
        return None
    return period(asked.from_, asked.to or "", today=today)


def _conditions(where: Mapping[str, list[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the conditions with values as the dimensions hold them."""
    for name, values in where.items():
        kind = KINDS.get(name, "text")  # an unknown dimension is refused where the question is asked
        yield name, [None if value is None else _typed(name, value, kind) for value in values]


def _typed(name: str, value: str | int, kind: str) -> str | int | date:
    if kind == "text" and isinstance(value, str):
        return value
    if kind == "number" and isinstance(value, int):
        return value
    try:
        if kind == "date" and isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise QueryError(f"{name} is a {kind}, and {value!r} is none.")


@functools.cache
def _column(name: str) -> ColumnAnswer:
    if name in DIMENSIONS:
        return ColumnAnswer(name=name, title=DIMENSIONS[name].title, kind="dimension", unit=KINDS[name])
    before = name not in METRICS
    metric = METRICS[name.removesuffix(BEFORE) if before else name]
    return ColumnAnswer(name=name, title=metric.title, kind="metric", unit=metric.unit, before=before)


def _cell(value: Any, money: bool) -> Cell:
    """Return a value as JSON has it; ``money`` is text, whether it is a sum or an average."""
    if value is None or value != value:
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if money:
        return format(Decimal(repr(value)), "f")
    return value if isinstance(value, int | float) else str(value)
