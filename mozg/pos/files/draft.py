"""From what was seen in an export to a mapping that says so."""

from typing import Literal

from mozg.errors import MappingError
from mozg.model import Venue

from .cells import Cells
from .clock import Moment
from .guess_money import Findings, line_money, receipt_money
from .mapping import Columns, Dates, Join, Mapping, Shape, Status
from .moments import DateOrder, order_of
from .options import FileOptions
from .price_lists import price_list_among
from .receipts import is_one_sitting
from .sight import Sight
from .vocabulary import means_refund, means_void, words

LEAST_COLUMNS = 3
LEAST_TEXTS = 0.3
_SHARED = ("receipt", "date", "time", "closed", "status", "guests", "waiter", "table", "hall", "channel", "payment")
_OF_DISHES = ("item", "variant", "category", "quantity")
_ELSEWHERE = Venue(0, 0, "", "UTC")


class Draft:
    """Decides, one question at a time, and notes why."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._main = sight.export.tables[0]
        self._file = self._main.path.name
        self._notes: dict[str, str] = {}

    def mapping(self) -> Mapping:
        """Return the mapping. Raises `MappingError` where the export cannot be receipts."""
        self._refuse_no_receipts()
        shape = self._shape()
        columns = self._columns(shape)
        dishes = self._sight.dishes if shape == "wide" else []
        order, closed = self._date_order(), self._marks_closing()
        self._introduce(dishes)
        mapping = Mapping(
            shape=shape,
            discounts_are_negative=self._discounts_are_negative(),
            dishes=dishes,
            columns=columns,
            dates=Dates(order=order, marks="closed" if closed else "opened"),
            status=self._status(),
            file=FileOptions(decimal=self._sight.decimal),
            join=self._joins(),
            price_list=price_list_among(self._sight, columns, dishes),
        )
        numbers = self._receipt_numbers(mapping)
        return mapping.model_copy(update={"receipt_numbers": numbers, "notes": self._notes})

    def _refuse_no_receipts(self) -> None:
        listed = f"Its columns are: {', '.join(self._main.header)}."
        if len(self._main.header) < LEAST_COLUMNS:
            raise MappingError(
                f"{self._file} cannot hold receipts: it has {len(self._main.header)} columns, and a receipt needs at "
                f"least a number, a date, and a dish or an amount. {listed}"
            )
        if "receipt" not in self._sight.roles:
            raise MappingError(
                f"{self._file}: no column looks like a receipt number. {listed} Write a mapping that names it."
            )

    def _shape(self) -> Shape:
        roles, number = self._sight.roles, self._sight.of("receipt")
        single = number is not None and number.is_unique
        if single and self._sight.dishes:
            return self._because("wide", "each receipt number occurs once and dishes have a column each")
        if single and not {"quantity", "unit_price"} & roles.keys() and self._joined_texts():
            return self._because("receipts", "each receipt number occurs once, with all dishes in one text")
        if {"item", "items", "item_id"} & roles.keys():
            return self._because("lines", "rows name one dish each")
        if self._sight.amounts:
            return self._because("receipts", "rows have an amount and no dish")
        raise MappingError(
            f"{self._file}: no column looks like a dish or an amount. Its columns are: {', '.join(self._main.header)}."
        )

    def _because(self, shape: Shape, why: str) -> Shape:
        self._notes["shape"] = why[0].upper() + why[1:] + "."
        return shape

    def _joined_texts(self) -> str | None:
        """The column that lists all dishes of a receipt in one text."""
        for role in ("items", "item"):
            profile = self._sight.of(role)
            if profile and (
                role == "items" or sum("," in cell for cell in profile.cells) >= LEAST_TEXTS * profile.known
            ):
                return profile.name
        return None

    def _columns(self, shape: Shape) -> Columns:
        roles = self._sight.roles
        chosen = {role: roles[role] for role in _SHARED if role in roles}
        if shape == "lines":
            chosen |= self._dish_columns() | self._noted(line_money(self._sight))
            if chosen.get("unit_price") not in {None, *self._main.header}:
                chosen["list_price"] = chosen["unit_price"]
        else:
            chosen |= self._noted(receipt_money(self._sight))
        if shape == "receipts" and (texts := self._joined_texts()):
            chosen["items"] = texts
            self._notes["columns.items"] = "How many of each dish, and their prices, this text does not say."
        return Columns(**chosen)

    def _dish_columns(self) -> dict[str, str]:
        roles = self._sight.roles
        chosen = {role: roles[role] for role in _OF_DISHES if role in roles}
        if "item" not in roles and "items" in roles:
            chosen["item"] = roles["items"]
        if identity := self._dish_key():
            chosen["item_id"] = identity
        elif "item" not in chosen and "item_id" in roles:
            chosen["item_id"] = roles["item_id"]
        return chosen

    def _dish_key(self) -> str | None:
        """The column of the export whose joined file names the dishes, directly or through further files."""
        name = self._sight.roles.get("item")
        if name is None or name in self._main.columns:
            return None
        tables = {join.file: (join, table) for join, table in self._sight.linked.joins}
        bare = name.rpartition(":")[2]
        join: Join | None = next((join for join, table in tables.values() if bare in table.columns), None)
        while join and join.on not in self._main.columns:
            on = join.on
            join = next((other for other, table in tables.values() if on in table.columns), None)
        return join.on if join else None

    def _noted(self, findings: Findings) -> dict[str, str]:
        for role, (column, why) in findings.items():
            if why:
                self._notes[f"columns.{role}"] = f"{column!r}: {why}."
        return {role: column for role, (column, _) in findings.items()}

    def _date_order(self) -> DateOrder | None:
        profile = self._sight.of("date")
        if profile is None:
            self._notes["columns"] = "No column holds dates: give the business date with --date YYYY-MM-DD."
            return None
        try:
            order, reason = order_of(profile.distinct)
        except ValueError as error:
            self._notes["columns"] = f'Undecided: {error}. Add [dates] with order = "dmy" or order = "mdy".'
            return None
        self._notes["dates.order"] = f"{profile.name!r}: {reason}."
        return order

    def _marks_closing(self) -> bool:
        date = self._sight.roles.get("date", "")
        return any(word in {"closed", "close", "closing", "paid", "закрыт", "закрытия"} for word in words(date))

    def _discounts_are_negative(self) -> bool:
        profile = self._sight.of("discount")
        known = [number for number in profile.numbers if number] if profile else []
        return bool(known) and all(number < 0 for number in known)

    def _status(self) -> Status:
        profile = self._sight.of("status")
        if profile is None:
            return Status()
        self._notes["status"] = f"Values of {profile.name!r}: {', '.join(profile.distinct[:20])}."
        void = [value for value in profile.distinct if means_void(value)]
        return Status(
            void=void, refund=[value for value in profile.distinct if means_refund(value) and value not in void]
        )

    def _joins(self) -> list[Join]:
        for join, _ in self._sight.linked.joins:
            self._notes[f"join.{join.file}"] = (
                f"All but a few values of {join.on!r} are found in its column {join.key!r}."
            )
        return [join for join, _ in self._sight.linked.joins]

    def _receipt_numbers(self, mapping: Mapping) -> Literal["unique", "restart daily"]:
        moments = self._moments_by_number(mapping)
        days = {moment.business_date for shown in moments.values() for moment in shown}
        if any(not is_one_sitting(shown) for shown in moments.values() if len(shown) > 1):
            why = "The same number stands on receipts of different days."
        elif len(days) <= 1:
            why = "Whether numbers start again the next day cannot be told from one day."
        else:
            self._notes["receipt_numbers"] = "No number stands on receipts of different days."
            return "unique"
        self._notes["receipt_numbers"] = why
        return "restart daily"

    def _moments_by_number(self, mapping: Mapping) -> dict[str, list[Moment]]:
        if mapping.columns.date is None or "Undecided" in self._notes.get("columns", ""):
            return {}
        cells = Cells(self._sight.export, mapping)
        moments: dict[str, list[Moment]] = {}
        for number, moment in zip(cells.text("receipt"), cells.moments(_ELSEWHERE, None), strict=True):
            if number is not None and moment is not None:
                moments.setdefault(number, []).append(moment)
        return moments

    def _introduce(self, dishes: list[str]) -> None:
        main = self._main
        how = f"read as {main.encoding}, separated by {main.separator!r}" if main.encoding else "an Excel workbook"
        self._notes[""] = f"Written from {main.path.name} ({how}), {len(main)} rows."
        if dishes:
            self._notes["dishes"] = f"{len(dishes)} columns of quantities."
        self._notes["file"] = f"Numbers are written with {self._sight.decimal!r} as the decimal mark."
