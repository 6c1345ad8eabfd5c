"""The chain's directories in the servers' words: menu, dictionaries, cash shifts, balances."""

from datetime import date
from typing import Any

import pandas as pd

from mozg.simulate.chain import METHODS, Chain, guid, rows
from mozg.simulate.iiko.entries import STORE
from mozg.simulate.present import Present

DISH_UNIT = "порц"
#: What every object's revision is: whoever asks for what is newer gets nothing.
REVISION = 1_764_001_122

Json = dict[str, Any]


def server_products(chain: Chain, *, deleted: bool = True) -> list[Json]:
    """Return the products as ``/resto/api/v2/entities/products/list`` has them, goods included."""
    dishes = [
        _product(chain, row, "DISH", row.unit) | {
            "num": f"{row.number:05}", "code": str(row.number), "parent": row.category, "deleted": not row.active,
            "category": guid(chain.seed, "category", row.section), "defaultSalePrice": row.price / 100,
            "defaultIncludedInMenu": row.listed,
        }
        for row in rows(chain.products)
        if deleted or row.active
    ]  # fmt: skip
    goods = [
        _product(chain, row, "GOODS", row.unit) | {"num": f"9{i:04}", "code": str(i), "defaultIncludedInMenu": False}
        for i, row in enumerate(rows(chain.goods))
    ]
    return dishes + goods


def _product(chain: Chain, row: Any, kind: str, unit: str) -> Json:
    return {
        "id": row.external_id, "deleted": False, "name": row.name, "description": "", "parent": None, "modifiers": [],
        "category": None, "mainUnit": guid(chain.seed, "unit", unit), "defaultSalePrice": None, "type": kind,
        "unitWeight": 0.3,
    }  # fmt: skip


def server_groups(chain: Chain) -> list[Json]:
    """Return the menu tree: sections on top, groups below."""
    return [
        {"id": row.external_id, "deleted": False, "name": row.name, "num": str(i), "code": str(i), "parent": row.parent}
        for i, row in enumerate(rows(chain.categories), start=1)
    ]


def dictionary(chain: Chain, kind: str) -> list[Json]:
    """Return ``/resto/api/v2/entities/list`` of one root type."""
    units = [("unit", unit) for unit in sorted({DISH_UNIT, *chain.goods["unit"]})]
    names = {"MeasureUnit": units, "PaymentType": [("pay", name) for name, _ in METHODS]}.get(kind, [])
    return [
        {"id": guid(chain.seed, word, name), "rootType": kind, "deleted": False, "code": str(i), "name": name}
        for i, (word, name) in enumerate(names)
    ]


def cash_shifts(present: Present, first: date, last: date, department: str | None) -> list[Json]:
    """Return the cash shifts opened on ``first`` … ``last``, both inclusive."""
    shifts, ids = present.chain.cash_shifts, present.chain.venues["external_id"]
    opened = shifts["opened_at"].dt.normalize()
    wanted = opened.between(pd.Timestamp(first), pd.Timestamp(last))
    if department is not None:
        wanted &= shifts["venue"].map(ids) == department
    return [_shift(present, row) for row in rows(shifts[wanted])]


def _shift(present: Present, row: Any) -> Json:
    chain, is_open = present.chain, row.closed_at.to_pydatetime() > present.now
    cash, card, other = row.cash / 100, row.card / 100, row.non_cash / 100
    manager = chain.employees.index[(chain.employees["venue"] == row.venue) & (chain.employees["role_code"] == "MNG")]
    return {
        "id": row.external_id, "sessionNumber": row.number, "fiscalNumber": row.number,
        "cashRegNumber": row.venue + 1, "cashRegSerial": f"{row.venue + 1:010}",
        "openDate": row.opened_at.isoformat(timespec="milliseconds"),
        "closeDate": None if is_open else row.closed_at.isoformat(timespec="milliseconds"), "acceptDate": None,
        "managerId": chain.employees["external_id"][manager[0]],
        "responsibleUser": chain.employees["external_id"][manager[0]], "sessionStartCash": 5000,
        "payOrders": round(cash + card + other, 2), "sumWriteoffOrders": 0, "salesCash": cash, "salesCredit": other,
        "salesCard": card, "payIn": 0, "payOut": 0, "payIncome": -cash, "cashRemain": 5000, "cashDiff": 0,
        "sessionStatus": "OPEN" if is_open else "UNACCEPTED", "conception": None,
        "pointOfSale": chain.venues["external_id"][row.venue],
    }  # fmt: skip


def balances(chain: Chain, day: date, department: str) -> list[Json]:
    """Return what lies in one restaurant's storeroom at the end of a day, without what is not there."""
    venue = list(chain.venues["external_id"]).index(department)
    found = chain.balances
    wanted = (found["venue"] == venue) & (found["business_date"] == pd.Timestamp(day)) & (found["quantity"] != 0)
    ids = chain.goods["external_id"]
    return [
        {"store": store_id(chain, venue), "product": ids[row.good], "amount": row.quantity, "sum": row.cost / 100}
        for row in rows(found[wanted])
    ]


def store_id(chain: Chain, venue: int) -> str:
    """Return the identifier of a restaurant's storeroom, which is called `STORE` everywhere."""
    return guid(chain.seed, "store", STORE, venue)
