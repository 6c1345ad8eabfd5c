"""Kinds of values that bodies and paths are made of, each bounded, so that the database need not refuse any."""

import re
from datetime import date
from typing import Annotated, Any

import pytz  # type: ignore[import-untyped]
from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from typing_extensions import TypeAliasType

from mozg.access.users import address
from mozg.errors import AccessError

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
#: The largest whole number that every JSON client holds exactly.
LARGEST_ID = 2**53 - 1


def _number(given: Any) -> Any:
    """Refuse what pydantic would take for a number, but the document does not call one."""
    if isinstance(given, str | bool):
        raise ValueError("Input should be a number")
    return given


def _day(given: Any) -> Any:
    """Refuse what pydantic would take for a day: a moment, or seconds since 1970."""
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("Input should be a day like 2026-01-31")
    return given


def _address(given: str) -> str:
    """Return an e-mail address in the form in which we keep it."""
    try:
        return address(given)
    except AccessError as error:
        raise ValueError(str(error)) from None


#: One line of text, such as a name.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PLAIN)]
Address = Annotated[
    str,
    StringConstraints(min_length=3, max_length=254, pattern=_PLAIN),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
NewPassword = Annotated[str, StringConstraints(min_length=10, max_length=256)]
Password = Annotated[str, StringConstraints(max_length=256)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Zone = TypeAliasType(
    "Zone",
    Annotated[
        str,
        StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$"),
        WithJsonSchema({"type": "string", "enum": list(pytz.all_timezones), "description": "A name of the IANA list."}),
    ],
)
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
Hour = Annotated[int, Field(ge=0, le=23), BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_number)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class Body(BaseModel):
    """A request's body: what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid")

    def given(self, *nullable: str) -> dict[str, Any]:
        """Return what was sent; null counts for the fields named, and says nothing for the others."""
        sent = self.model_dump(exclude_unset=True)
        return {name: value for name, value in sent.items() if value is not None or name in nullable}
