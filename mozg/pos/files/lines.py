"""The dishes of one row of an export, in each of the three shapes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from .amounts import money
from .cells import Cells
from .menu import Menu

ONE = Decimal(1)


class Line(NamedTuple):
    """A line of a check before it has a number; the amounts are those of `mozg.model.ReceiptItem`."""

    product: str | None = None
    quantity: Decimal | None = None
    gross: Decimal | None = None
    discount: Decimal | None = None
    revenue: Decimal | None = None
    vat: Decimal | None = None
    voided: bool = False

    def taken_off(self) -> "Line":
        """Return the line as one that was removed before payment: its gross tells what it was worth."""
        worth = self.revenue if self.gross is None else self.gross
        return self._replace(gross=worth, revenue=None if self.revenue is None else Decimal(0), voided=True)


class Lines(Protocol):
    """Gives the lines of a row. All columns are read, and faulty cells noted, when it is made."""

    def at(self, row: int) -> Sequence[Line]:
        """Return the lines of the row at position ``row``."""
        ...


def lines_of(cells: Cells, menu: Menu) -> Lines:
    """Return the reader of lines for the shape of the mapping."""
    if cells.mapping.shape == "wide":
        return DishColumns(cells, menu)
    return DishRows(cells, menu) if cells.mapping.shape == "lines" else DishTexts(cells, menu)


class DishRows:
    """One row per line item.

    Without a quantity column each row with a dish is one piece; a row without a dish keeps an unknown quantity. A
    line's money is its total where the file has one, else quantity × unit price, less its discount.
    """

    def __init__(self, cells: Cells, menu: Menu) -> None:
        self._menu = menu
        self._has_quantity, self._has_total = cells.has("quantity"), cells.has("line_total")
        self._has_dish = cells.has("item") or cells.has("item_id")
        self._names, self._ids = cells.text("item"), cells.text("item_id")
        self._variants, self._categories = cells.text("variant"), cells.text("category")
        self._quantities, self._totals = cells.quantity("quantity"), cells.money("line_total")
        self._unit_prices, self._list_prices = cells.price("unit_price"), cells.money("list_price")
        self._discounts, self._vats = cells.discount("line_discount"), cells.money("line_vat")
        if cells.mapping.missing_item == "reject" and self._has_dish:
            self._reject_nameless(cells)

    def at(self, row: int) -> Sequence[Line]:
        """Return the one line of the row."""
        product, quantity, discount = self._product(row), self._quantity(row), self._discounts[row]
        revenue, gross = self._total(row, quantity, discount)
        return (Line(product, quantity, gross, discount, revenue, self._vats[row]),)

    def _product(self, row: int) -> str | None:
        name, identity, variant = self._names[row], self._ids[row], self._variants[row]
        if name is None and identity is None:
            return None
        title = name or identity or ""
        full = f"{title} ({variant})" if variant else title
        return self._menu.product(full, identity, self._categories[row], self._list_prices[row])

    def _quantity(self, row: int) -> Decimal | None:
        if self._has_quantity:
            return self._quantities[row]
        nameless = self._has_dish and self._names[row] is None and self._ids[row] is None
        return None if nameless else ONE

    def _total(
        self, row: int, quantity: Decimal | None, discount: Decimal | None
    ) -> tuple[Decimal | None, Decimal | None]:
        if self._has_total:
            revenue = self._totals[row]
            return revenue, None if revenue is None or discount is None else revenue + discount
        price = self._unit_prices[row]
        if price is None or quantity is None:
            return None, None
        value = money(price * quantity)
        return (value, None) if discount is None else (value - discount, value)

    def _reject_nameless(self, cells: Cells) -> None:
        for row, (name, identity) in enumerate(zip(self._names, self._ids, strict=True)):
            if name is None and identity is None:
                cells.problems.setdefault(row, "no dish")


class DishTexts:
    """One row per receipt, with all dishes in one text or none: how many of each, and their money, is not known."""

    def __init__(self, cells: Cells, menu: Menu) -> None:
        self._menu = menu
        self._texts = cells.text("items")
        self._separator = cells.mapping.items_separator

    def at(self, row: int) -> Sequence[Line]:
        """Return a line for each name in the text."""
        names = (self._texts[row] or "").split(self._separator)
        return [Line(self._menu.product(name.strip())) for name in names if name.strip()]


class DishColumns:
    """One row per receipt and one column per dish, with quantities in the cells; empty and zero mean not ordered.

    Every dish column is on the menu, sold or not.
    """

    def __init__(self, cells: Cells, menu: Menu) -> None:
        self._dishes = [(menu.product(dish), cells.dish_quantities(dish)) for dish in cells.mapping.dishes]

    def at(self, row: int) -> Sequence[Line]:
        """Return a line for each dish with a quantity."""
        return [Line(product, quantities[row]) for product, quantities in self._dishes if quantities[row]]
