"""Dishes, menu groups and people, gathered while receipts are read."""

import re
from decimal import Decimal
from functools import cache

from mozg.model import Catalogue, Category, Employee, Product


@cache
def named(name: str) -> str:
    """Return the identity of something known by name only: blanks and case do not matter."""
    return "name:" + re.sub(r"\s+", " ", name).strip().casefold()


class Menu:
    """What an export mentions. Each thing keeps the name under which it was seen first."""

    def __init__(self) -> None:
        self._products: dict[str, Product] = {}
        self._categories: dict[str, Category] = {}
        self._employees: dict[str, Employee] = {}

    def product(
        self, name: str, identity: str | None = None, category: str | None = None, price: Decimal | None = None
    ) -> str:
        """Note a dish and return its ``external_id``; ``identity`` is the till's own number of the dish, if known."""
        key = named(name) if identity is None else f"item:{identity}"
        seen = self._products.get(key)
        if seen is None or (seen.category is None and category) or (seen.price is None and price is not None):
            first = seen or Product(key, name)
            group = first.category or (self.category(category) if category else None)
            self._products[key] = first._replace(category=group, price=price if first.price is None else first.price)
        return key

    def price(self, name: str, price: Decimal | None, category: str | None) -> None:
        """Add what a price list says of a dish that was sold; other dishes of the list are left out."""
        if named(name) in self._products:
            self.product(name, category=category, price=price)

    def category(self, name: str) -> str:
        """Note a menu group and return its ``external_id``."""
        return self._categories.setdefault(named(name), Category(named(name), name)).external_id

    def employee(self, name: str | None) -> str | None:
        """Note a waiter and return the ``external_id``."""
        return self._employees.setdefault(named(name), Employee(named(name), name)).external_id if name else None

    def catalogue(self) -> Catalogue:
        """Return everything noted, in the order of the file."""
        return Catalogue(list(self._categories.values()), list(self._products.values()), list(self._employees.values()))
