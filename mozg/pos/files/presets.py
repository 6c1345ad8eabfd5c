"""Exports whose columns their makers document: known by their heads, and read by a mapping that guesses nothing.

American tills add sales tax on top of prices. Revenue is then what they call net sales, and the tax is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mozg.errors import MappingError

from .mapping import Columns, Dates, Mapping, Status

_TAX = "Sales tax comes on top of the prices and is left out: revenue is net sales."


@dataclass(frozen=True)
class Preset:
    """An export by its maker's name: the ``heads`` that tell it from others, and what its columns mean.

    Of columns with several names (a role's value is then a tuple) the first that the file has is read.
    """

    maker: str
    heads: frozenset[str]
    columns: dict[str, str | tuple[str, ...]]
    dates: Dates
    status: Status
    notes: tuple[str, ...]
    discounts_are_negative: bool = False

    def mapping(self, file: str, heads: Sequence[str]) -> Mapping:
        """Return how to read a file with these heads."""
        columns = {role: _present(names, heads) for role, names in self.columns.items()}
        return Mapping(
            shape="lines", columns=Columns.model_validate({role: name for role, name in columns.items() if name}),
            dates=self.dates, status=self.status, discounts_are_negative=self.discounts_are_negative,
            notes={"": "\n".join([f"{file} is {self.maker}, whose columns are known.", *self.notes])},
        )  # fmt: skip


def _present(names: str | tuple[str, ...], heads: Sequence[str]) -> str | None:
    known = (names,) if isinstance(names, str) else names
    return next((name for name in known if name in heads), None)


TOAST = Preset(
    "Toast's export of item selections",
    frozenset({"Check Id", "Item Selection Id", "Menu Item", "Net Price", "Qty", "Order Date", "Void?"}),
    {
        "receipt": "Check Id", "date": "Order Date", "item": "Menu Item", "item_id": ("Master Id", "Item Id"),
        "category": "Menu Group", "quantity": "Qty", "line_total": "Net Price", "line_discount": ("Discount", "Discnt"),
        "status": "Void?", "waiter": "Server", "table": "Table", "hall": "Dining Area", "channel": "Dining Option",
    },
    Dates(order="mdy", marks="opened"),
    Status(void=["True", "Yes"]),
    (_TAX, "A comp is a line whose discount is its price. Give --timezone the restaurant's own: the file names none."),
)  # fmt: skip
SQUARE = Preset(
    "Square's export of items",
    frozenset({"Transaction ID", "Price Point Name", "Modifiers Applied", "Gross Sales", "Net Sales", "Event Type"}),
    {
        "receipt": "Transaction ID", "date": "Date", "time": "Time", "item": "Item", "variant": "Price Point Name",
        "category": "Category", "quantity": "Qty", "line_total": "Net Sales", "line_discount": "Discounts",
        "status": "Event Type", "waiter": "Employee", "channel": "Dining Option", "payment": "Card Brand",
    },
    Dates(order="mdy", marks="closed"),
    Status(refund=["Refund"]),
    (_TAX, "What modifiers cost is in the item's sales. Give --timezone what the column Time Zone says."),
    discounts_are_negative=True,
)  # fmt: skip
PRESETS = (TOAST, SQUARE)
#: Toast's export of modifiers: each row belongs to an item selection of the other file.
_MODIFIERS = frozenset({"Item Selection Id", "Modifier Id", "Option Group Name", "Parent Menu Selection"})


def known_export(heads: Sequence[str]) -> Preset | None:
    """Return the preset for a file with these heads, None if no maker is known to write such a file."""
    return next((preset for preset in PRESETS if preset.heads <= set(heads)), None)


def refuse_unreadable(file: str, heads: Sequence[str]) -> None:
    """Refuse a known export that cannot be counted.

    Raises:
        MappingError: it is Toast's export of modifiers.
    """
    if set(heads) >= _MODIFIERS:
        raise MappingError(
            f"{file} is Toast's export of modifiers. Toast does not document whether an item's price holds that of its "
            "modifiers, so that counting both may count money twice: import the item selections without this file."
        )
