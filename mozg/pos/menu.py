"""A till's menu tree, and how kitchen and bar are told apart.

No till has a field that says so for every product. The rule: walk from the top group down to the product's own; the
first group whose name speaks of drinks makes the product *bar*, the first that speaks of food *kitchen*. A name that
says neither leaves the section unknown.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Self

from mozg.model import Category, Product

#: Kinds of product that can stand on a check or lie in a storeroom; the others are tariffs and fuel.
KNOWN = {"DISH", "GOODS", "MODIFIER", "SERVICE", "PREPARED"}

Section = Literal["kitchen", "bar"]
_CENT, _MILLI = Decimal("0.01"), Decimal("0.001")

_BAR = re.compile(
    r"\bбар\b|барн|напит|кофе|чай|чаи|вин[оа]|пив[оа]|сидр|коктейл|алкогол|крепк|лимонад|сок[иов]*\b|морс|вода|"
    r"\bbar\b|drink|beverage|coffee|tea\b|wine|beer|cocktail|spirits|juice",
    re.IGNORECASE,
)
_KITCHEN = re.compile(
    r"кухн|блюд|еда|завтрак|обед|суп|салат|закуск|горяч|гарнир|десерт|паст[аы]|пицц|бургер|выпечк|хлеб|мяс|рыб|"
    r"kitchen|food|dish|breakfast|lunch|soup|salad|starter|main|side|dessert|pasta|pizza|burger|bakery",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """A menu group."""

    name: str
    parent: str | None


@dataclass(frozen=True)
class Tree:
    """The menu groups by identifier."""

    groups: dict[str, Group]

    @classmethod
    def of(cls, rows: list[dict[str, Any]], *, parent: str) -> Self:
        """Build the tree from rows with ``id``, ``name`` and the field that names the parent group."""
        return cls({row["id"]: Group(row["name"], row.get(parent)) for row in rows})

    def categories(self) -> list[Category]:
        """Return every group as a category."""
        return [Category(key, group.name, group.parent, self.section(key)) for key, group in self.groups.items()]

    def section(self, group: str | None) -> Section | None:
        """Return ``kitchen`` or ``bar`` by the names from the top group down, or None if none of them tells."""
        for name in self._path(group):
            if _BAR.search(name):
                return "bar"
            if _KITCHEN.search(name):
                return "kitchen"
        return None

    def product(
        self, row: dict[str, Any], group: str | None, price: Decimal | int | None, unit: str | None, *, active: bool
    ) -> Product:
        """Return a product from a row with ``id`` and ``name``."""
        known = group if group in self.groups else None
        return Product(row["id"], row["name"], known, self.section(group), money(price), unit, active)

    def _path(self, group: str | None) -> list[str]:
        path: list[str] = []
        seen: set[str] = set()
        while group in self.groups and group not in seen:
            seen.add(group)
            path.insert(0, self.groups[group].name)
            group = self.groups[group].parent
        return path


def quantity(value: Decimal | int | None) -> Decimal | None:
    """Return a quantity in thousandths; what is missing stays missing."""
    return None if value is None else Decimal(value).quantize(_MILLI)


def money(value: Decimal | int | None) -> Decimal | None:
    """Return an amount with two decimals; what is missing stays missing."""
    return None if value is None else Decimal(value).quantize(_CENT)
