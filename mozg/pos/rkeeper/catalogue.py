"""Reference data → menu and people."""

import re
from decimal import Decimal

from mozg.model import Catalogue, Employee, Product
from mozg.pos import menu
from mozg.pos.menu import Group, Tree
from mozg.pos.rkeeper.references import Item, Items, References

_KOPECKS = Decimal(100)
_PRICE = re.compile(r"PRICETYPES-(\d+)")
#: The interface writes *no price* as a number beyond any dish's.
_NO_PRICE = 10**12


def catalogue(references: References, price_type: int | None) -> Catalogue:
    """Return the menu and the people of an installation, deleted ones marked inactive.

    ``price_type`` is the ident of the price type that the menu is priced by; without one, the first that a dish has.
    """
    groups = references.items("CATEGLIST")
    tree = Tree({item.external_id: Group(item.name, _parent(groups, item)) for item in groups.values()})
    dishes = [_product(item, groups, tree, price_type) for item in references.items("MENUITEMS").values()]
    return Catalogue(tree.categories(), dishes, _employees(references))


def _parent(groups: Items, item: Item) -> str | None:
    parent = groups.get(item.parent)
    return parent.external_id if parent else None


def _product(item: Item, groups: Items, tree: Tree, price_type: int | None) -> Product:
    about = {"id": item.external_id, "name": item.name}
    unit = item.attributes.get("PortionName") or None
    return tree.product(about, _parent(groups, item), price(item, price_type), unit, active=item.active)


def price(item: Item, price_type: int | None) -> Decimal | None:
    """Return the price of a dish in whole money, None if it has none."""
    found = {int(match[1]): int(text) for name, text in item.attributes.items() if (match := _PRICE.fullmatch(name))}
    wanted = found.get(price_type) if price_type is not None else next((found[one] for one in sorted(found)), None)
    return None if wanted is None or abs(wanted) >= _NO_PRICE else menu.money(Decimal(wanted) / _KOPECKS)


def _employees(references: References) -> list[Employee]:
    """Return the people; the group that an employee stands in is the role."""
    roles = references.items("ROLES")
    return [
        Employee(item.external_id, item.name, roles[item.parent].name if item.parent in roles else None, None, None,
                 item.active)
        for item in references.items("EMPLOYEES").values()
    ]  # fmt: skip
