"""How one file is to be read, where the file itself does not tell."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A frozen part of a mapping; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileOptions(Strict):
    """How to read a file; what is ``None`` is taken from the file.

    ``decimal`` is the decimal mark of its numbers. ``header_row`` is the row of the file that holds the column names.
    """

    encoding: str | None = None
    separator: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    decimal: Literal[".", ","] = "."
