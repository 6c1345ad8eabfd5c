"""The chain's directories as r_keeper's collections: what `GetRefData` and `GetRefList` know."""

import threading
from collections.abc import Callable
from typing import Any

from mozg.simulate.chain import METHODS, Chain, rows
from mozg.simulate.identity import guid
from mozg.simulate.people import ROLES
from mozg.simulate.present import Present
from mozg.simulate.rkeeper import idents
from mozg.simulate.rkeeper.idents import guid_string

Item = dict[str, str]
ACTIVE, DELETED = "rsActive", "rsDeleted"


class Collections:
    """The collections by name, each with the number of its version, which grows whenever something in it changes.

    ``changes`` are attributes by collection and ident that somebody at a manager station has written anew.
    """

    def __init__(self, present: Present) -> None:
        self._present = present
        self.changes: dict[tuple[str, str], Item] = {}
        self._last: dict[str, tuple[int, list[Item]]] = {}
        self._lock = threading.Lock()

    def items(self, name: str) -> list[Item] | None:
        """Return the items of a collection, None if there is no such collection."""
        if name not in BUILDERS:
            return None
        return [item | self.changes.get((name, item["Ident"]), {}) for item in self._present.view(BUILDERS[name])]

    def version(self, name: str) -> int:
        """Return the version of a collection."""
        with self._lock:
            version, before = self._last.get(name, (0, []))
            now = self.items(name) or []
            if version == 0 or now != before:
                self._last[name] = version + 1, now
            return self._last[name][0]

    def names(self) -> list[str]:
        """Return the names of all collections."""
        return list(BUILDERS)


def _item(ident: int, guid: str, code: Any, name: str, parent: int = 0, status: str = ACTIVE, **more: Any) -> Item:
    return {
        "Ident": str(ident), "ItemIdent": str(ident), "GUIDString": guid_string(guid), "Code": str(code), "Name": name,
        "AltName": "", "MainParentIdent": str(parent), "Status": status, "ExtCode": "0",
        **{key.replace("_", "-"): str(value) for key, value in more.items()},
    }  # fmt: skip


def _restaurants(chain: Chain) -> list[Item]:
    return [_item(idents.RESTAURANT + i, v.external_id, v.code, v.name) for i, v in enumerate(rows(chain.venues))]


def _cash_groups(chain: Chain) -> list[Item]:
    return [
        _item(idents.CASH_SERVER + i, guid(chain.seed, "cash server", v.code), v.code, f"MIDSRV{v.code}",
              idents.RESTAURANT + i, NetName=f"MIDSRV{v.code}", Restaurant=idents.RESTAURANT + i)
        for i, v in enumerate(rows(chain.venues))
    ]  # fmt: skip


def _stations(chain: Chain) -> list[Item]:
    return [
        _item(idents.STATION + i, guid(chain.seed, "station", v.code), v.code, f"Касса {v.code}",
              idents.CASH_SERVER + i, NetName=f"STATION{v.code}")
        for i, v in enumerate(rows(chain.venues))
    ]  # fmt: skip


def _categories(chain: Chain) -> list[Item]:
    number = {row.external_id: idents.CATEGORY + i for i, row in enumerate(rows(chain.categories))}
    return [
        _item(number[row.external_id], row.external_id, i, row.name, number.get(row.parent, 0))
        for i, row in enumerate(rows(chain.categories), start=1)
    ]


def _dishes(chain: Chain) -> list[Item]:
    number = {row.external_id: idents.CATEGORY + i for i, row in enumerate(rows(chain.categories))}
    price = f"PRICETYPES_{idents.PRICE_TYPE}"
    return [
        _item(idents.DISH + i, row.external_id, row.number, row.name, number[row.category],
              ACTIVE if row.active else DELETED, PortionName=row.unit, SaleObjectType="sotMenuItem",
              CategPath=row.group, **{price: row.price})
        for i, row in enumerate(rows(chain.products))
    ]  # fmt: skip


def _roles(chain: Chain) -> list[Item]:
    return [
        _item(idents.ROLE + i, guid(chain.seed, "role", code), i + 1, name)
        for i, (code, name) in enumerate(ROLES.items())
    ]


def _employees(chain: Chain) -> list[Item]:
    role = {code: idents.ROLE + i for i, code in enumerate(ROLES)}
    return [
        _item(idents.EMPLOYEE + i, row.external_id, row.code, row.name, role[row.role_code],
              ACTIVE if row.left_on is None else DELETED)
        for i, row in enumerate(rows(chain.employees)) if row.hired_on <= chain.last
    ]  # fmt: skip


def _halls(chain: Chain) -> list[Item]:
    return [
        _item(idents.HALL + v * 10 + i, guid(chain.seed, "hall", v, name), i + 1, name, idents.RESTAURANT + v)
        for v in range(len(chain.venues))
        for i, name in enumerate(idents.HALLS)
    ]


def _tables(chain: Chain) -> list[Item]:
    return [
        _item(idents.TABLE + row.venue * 100 + row.number, guid(chain.seed, "table", row.venue, row.number), row.number,
              str(row.number), hall_ident(row), Hall=hall_ident(row), MaxGuests=row.seats)
        for row in rows(chain.tables)
    ]  # fmt: skip


def hall_ident(table: Any) -> int:
    """Return the ident of the hall that a table stands in."""
    number: int = idents.HALL + table.venue * 10 + idents.HALLS.index(table.hall)
    return number


def _currency_types(chain: Chain) -> list[Item]:
    names = [idents.CURRENCY_TYPES[kind] for _, kind in METHODS]
    return [
        _item(idents.CURRENCY_TYPE + i, guid(chain.seed, "currency type", name), i + 1, name)
        for i, name in enumerate(names)
    ]


def _currencies(chain: Chain) -> list[Item]:
    return [
        _item(idents.CURRENCY + i, guid(chain.seed, "pay", name), i + 1, name, idents.CURRENCY_TYPE + i)
        for i, name in enumerate(idents.CURRENCIES)
    ]


def _named(first: int, word: str, names: list[str]) -> Callable[[Chain], list[Item]]:
    def build(chain: Chain) -> list[Item]:
        return [_item(first + i, guid(chain.seed, word, name), i + 1, name) for i, name in enumerate(names)]

    return build


BUILDERS: dict[str, Callable[[Chain], list[Item]]] = {
    "RESTAURANTS": _restaurants,
    "CASHGROUPS": _cash_groups,
    "CASHES": _stations,
    "CATEGLIST": _categories,
    "MENUITEMS": _dishes,
    "PRICETYPES": _named(idents.PRICE_TYPE, "price type", ["Основная"]),
    "ROLES": _roles,
    "EMPLOYEES": _employees,
    "HALLPLANS": _halls,
    "TABLES": _tables,
    "CURRENCYTYPES": _currency_types,
    "CURRENCIES": _currencies,
    "DISCOUNTS": _named(idents.DISCOUNT, "discount", list(idents.DISCOUNTS)),
    "ORDERVOIDS": _named(idents.VOID, "void", list(idents.VOIDS)),
    "CHANGEABLEORDERTYPES": _named(idents.ORDER_TYPE, "order type", list(idents.ORDER_TYPES.values())),
    "UNCHANGEABLEORDERTYPES": _named(idents.ORDER_CATEGORY, "order category", ["Основная"]),
}
