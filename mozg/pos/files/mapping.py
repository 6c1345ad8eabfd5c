"""The mapping: which column of a till's export means what. One TOML file, strict about every key."""

import difflib
import tomllib
import typing
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from mozg.errors import MappingError

from .options import FileOptions, Strict

Shape = Literal["lines", "receipts", "wide"]
MISSING = ("", "NULL", "null", "NaN", "nan", "N/A", "n/a", "#N/A", "\\N")


class Columns(Strict):
    """Which column holds what. A column of a joined file is named ``file.csv:column`` where names clash.

    Of the row: ``receipt`` number, ``date`` (with or without a time), ``time``, ``closed``, ``waiter``, ``guests``,
    ``table``, ``hall``, ``channel``, ``status``, ``payment``. Of the dish: ``item`` (name), ``item_id``, ``variant``
    (size), ``category``, ``list_price``. Of the line: ``quantity``, ``unit_price``, ``line_total``, ``line_discount``,
    ``line_vat``. Of the receipt: ``total`` (what was to be paid, VAT included), ``total_gross``, ``total_discount``,
    ``total_vat``, and ``items``, one text with all dishes.
    """

    receipt: str
    date: str | None = None
    time: str | None = None
    closed: str | None = None
    status: str | None = None
    item: str | None = None
    item_id: str | None = None
    variant: str | None = None
    category: str | None = None
    list_price: str | None = None
    items: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    line_total: str | None = None
    line_discount: str | None = None
    line_vat: str | None = None
    total: str | None = None
    total_gross: str | None = None
    total_discount: str | None = None
    total_vat: str | None = None
    guests: str | None = None
    waiter: str | None = None
    table: str | None = None
    hall: str | None = None
    channel: str | None = None
    payment: str | None = None

    def used(self) -> dict[str, str]:
        """Return ``{role: column}`` for the roles that have a column."""
        return {role: column for role, column in self if column is not None}


class Dates(Strict):
    """``order`` of day, month and year in dates of short numbers (``None``: from the column).

    ``marks`` says whether the time in the file is when a check was opened or when it was closed.
    """

    order: Literal["ymd", "dmy", "mdy"] | None = None
    marks: Literal["opened", "closed"] = "opened"


class Status(Strict):
    """Values of the status column that make a receipt (or a line) ``void`` or a ``refund``; case does not matter."""

    void: list[str] = Field(default_factory=list)
    refund: list[str] = Field(default_factory=list)


class Join(Strict):
    """A file that completes the rows: its row whose ``key`` equals our ``on``. ``file`` may hold * and ?."""

    file: str
    on: str
    key: str


class PriceList(Strict):
    """A file with one row per dish, found by the dish's ``name``; gives list prices and menu groups."""

    file: str
    name: str
    price: str | None = None
    category: str | None = None


class Mapping(Strict):
    """How to read a till's export.

    ``shape`` is one row per line item (``lines``), one row per receipt (``receipts``), or one row per receipt with a
    column per dish and quantities in the cells (``wide``). ``receipt_numbers`` that restart daily make the date part
    of a receipt's identity. ``missing_item`` says what becomes of lines without a dish. ``missing_values`` are texts
    that mean an empty cell. ``discounts_are_negative`` where the file writes a discount of five as -5. ``notes``
    become comments of the TOML file, by dotted key.
    """

    shape: Shape = "lines"
    receipt_numbers: Literal["unique", "restart daily"] = "unique"
    day_start_hour: int | None = Field(default=None, ge=0, le=23)
    missing_item: Literal["keep", "reject"] = "keep"
    max_rejected_share: float = Field(default=0.2, ge=0, le=1)
    missing_values: list[str] = Field(default_factory=lambda: list(MISSING))
    discounts_are_negative: bool = False
    items_separator: str = Field(default=",", min_length=1)
    dishes: list[str] = Field(default_factory=list)
    columns: Columns
    dates: Dates = Dates()
    status: Status = Status()
    file: FileOptions = FileOptions()
    join: list[Join] = Field(default_factory=list)
    price_list: PriceList | None = None
    notes: dict[str, str] = Field(default_factory=dict, repr=False)

    @model_validator(mode="after")
    def _fits_its_shape(self) -> "Mapping":
        given = self.columns.used()
        foreign = sorted(_FOREIGN[self.shape] & given.keys())
        if foreign:
            raise ValueError(f"shape = {self.shape!r} has no use for columns.{foreign[0]}")
        if (self.shape == "wide") != bool(self.dishes):
            raise ValueError("dishes lists the dish columns of shape = 'wide', and only of that")
        if self.shape == "lines" and not {"item", "item_id", "unit_price", "line_total"} & given.keys():
            raise ValueError("shape = 'lines' needs columns.item, or money: columns.line_total or columns.unit_price")
        return self

    @classmethod
    def load(cls, path: Path) -> "Mapping":
        """Read a mapping from TOML. Raises `MappingError` that names the key at fault and the nearest known one."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise MappingError(f"{path.name} cannot be read: {error.strerror or error}. Check the path.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingError(f"{path.name} is not valid TOML: {error}.") from error
        _check_keys(cls, values, path.name, "")
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise MappingError(f"{path.name}: {_sentences(error)}") from error

    def dumps(self) -> str:
        """Return the mapping as TOML, with ``notes`` as comments."""
        from .mapping_text import written  # the writer needs this module's types

        return written(self)


_LINE_ROLES = {"item", "item_id", "variant", "category", "list_price", "quantity", "unit_price", "line_total"}
_LINE_MONEY = {"line_discount", "line_vat"}
_FOREIGN: dict[str, set[str]] = {
    "lines": {"items"},
    "receipts": _LINE_ROLES | _LINE_MONEY,
    "wide": _LINE_ROLES | _LINE_MONEY | {"items"},
}


def _check_keys(model: type[BaseModel], values: dict[str, Any], file: str, prefix: str) -> None:
    known = [name for name in model.model_fields if name != "notes"]
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"Did you mean {prefix}{near[0]}?" if near else f"Known keys here: {', '.join(known)}."
            raise MappingError(f"{file}: unknown key {prefix}{key}. {hint}")
        part = _model_of(model.model_fields[key].annotation)
        for table in value if isinstance(value, list) else [value]:
            if part and isinstance(table, dict):
                _check_keys(part, table, file, f"{prefix}{key}.")


def _model_of(annotation: Any) -> type[BaseModel] | None:
    choices = [annotation, *typing.get_args(annotation)]
    return next((kind for kind in choices if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _sentences(error: ValidationError) -> str:
    found = [(".".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in error.errors()]
    return " ".join(f"{where}: {what}." if where else f"{what.removeprefix('Value error, ')}." for where, what in found)
