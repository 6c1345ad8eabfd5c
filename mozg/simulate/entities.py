"""The chain's directories in the servers' words: menu, people, departments, cash shifts."""

from datetime import date
from typing import Any
from xml.etree import ElementTree as Tree

import pandas as pd

from mozg.simulate.chain import METHODS, Chain, guid, rows
from mozg.simulate.people import ROLES

DISH_UNIT = "порц"


def server_products(chain: Chain) -> list[dict[str, Any]]:
    """Return the products as ``/resto/api/v2/entities/products/list`` has them."""
    return [
        {
            "id": row.external_id, "deleted": False, "name": row.name, "description": "",
            "num": f"{row.number:05}", "code": str(row.number), "parent": row.category, "modifiers": [],
            "category": guid(chain.seed, "category", row.section), "mainUnit": guid(chain.seed, "unit", row.unit),
            "defaultSalePrice": row.price / 100, "defaultIncludedInMenu": True, "type": "DISH", "unitWeight": 0.3,
        }
        for row in rows(chain.products)
    ]  # fmt: skip


def server_groups(chain: Chain) -> list[dict[str, Any]]:
    """Return the menu tree: sections on top, groups below."""
    return [
        {"id": row.external_id, "deleted": False, "name": row.name, "num": str(i), "code": str(i), "parent": row.parent}
        for i, row in enumerate(rows(chain.categories), start=1)
    ]


def units(chain: Chain) -> list[dict[str, Any]]:
    """Return the dictionary of measure units."""
    return [{"id": guid(chain.seed, "unit", DISH_UNIT), "rootType": "MeasureUnit", "deleted": False, "name": DISH_UNIT}]


def staff(chain: Chain) -> pd.DataFrame:
    """Return the employees whom the tills know on the chain's last day."""
    return chain.employees[[hired <= chain.last for hired in chain.employees["hired_on"]]]


def employees_xml(chain: Chain, *, deleted: bool) -> str:
    """Return ``/resto/api/employees``: the staff, a supplier and a guest in one list."""
    root = Tree.Element("employees")
    for row in rows(staff(chain)):
        gone = row.left_on is not None
        if gone and not deleted:
            continue
        code = str(chain.venues["code"][row.venue])
        fields = {
            "id": row.external_id, "code": row.code, "name": row.name, "login": f"user{row.code}",
            "mainRoleId": role_id(chain, row.role_code), "rolesIds": role_id(chain, row.role_code),
            "mainRoleCode": row.role_code, "roleCodes": row.role_code, "phone": "",
            "hireDate": f"{row.hired_on}T00:00:00+03:00",
            **({"fireDate": f"{row.left_on}T00:00:00+03:00"} if gone else {}),
            "preferredDepartmentCode": code, "departmentCodes": code, "deleted": str(gone).lower(),
            "supplier": "false", "employee": "true", "client": "false",
        }  # fmt: skip
        _element(root, "employee", fields)
    for name, kind in (("ООО «Овощебаза»", "supplier"), ("Постоянный гость", "client")):
        flags = {flag: str(flag == kind).lower() for flag in ("supplier", "employee", "client")}
        _element(root, "employee", {"id": guid(chain.seed, kind), "name": name, "deleted": "false", **flags})
    return _document(root)


def roles_xml(chain: Chain) -> str:
    """Return ``/resto/api/employees/roles``."""
    root = Tree.Element("employeeRoles")
    for code, name in ROLES.items():
        fields = {"id": role_id(chain, code), "code": code, "name": name, "scheduleType": "HOURS", "deleted": "false"}
        _element(root, "role", fields)
    return _document(root)


def departments_xml(chain: Chain) -> str:
    """Return ``/resto/api/corporation/departments``: one legal entity and its restaurants."""
    root, owner = Tree.Element("corporateItemDtoes"), guid(chain.seed, "owner")
    _element(root, "corporateItemDto", {"id": owner, "code": "", "name": "ООО «Сыроежка»", "type": "JURPERSON"})
    for row in rows(chain.venues):
        fields = {"id": row.external_id, "parentId": owner, "code": row.code, "name": row.name, "type": "DEPARTMENT"}
        _element(root, "corporateItemDto", fields)
    return _document(root)


def role_id(chain: Chain, code: str) -> str:
    """Return the identifier of a role."""
    return guid(chain.seed, "role", code)


def cash_shifts(chain: Chain, first: date, last: date) -> list[dict[str, Any]]:
    """Return the cash shifts opened on ``first`` … ``last``, both inclusive: one per restaurant and day."""
    keys, kinds = ["venue", "business_date"], [kind for _, kind in METHODS]
    money = chain.payments.pivot_table(index=keys, columns="kind", values="amount", aggfunc="sum")
    hours = chain.receipts.groupby(keys).agg(opened=("opened_at", "min"), closed=("closed_at", "max"))
    days = hours.join(money.reindex(columns=kinds).fillna(0) / 100).reset_index()
    wanted = days["business_date"].between(pd.Timestamp(first), pd.Timestamp(last))
    return [_shift(chain, row) for row in rows(days[wanted])]


def _shift(chain: Chain, row: Any) -> dict[str, Any]:
    number = (row.business_date.date() - chain.venues["opened_on"][row.venue]).days + 1
    return {
        "id": guid(chain.seed, "shift", row.venue, number), "sessionNumber": number, "fiscalNumber": number,
        "cashRegNumber": row.venue + 1, "openDate": row.opened.isoformat(timespec="milliseconds"),
        "closeDate": row.closed.isoformat(timespec="milliseconds"), "acceptDate": None, "sessionStartCash": 5000,
        "payOrders": row.cash + row.card + row.non_cash, "sumWriteoffOrders": 0, "salesCash": row.cash,
        "salesCredit": row.non_cash, "salesCard": row.card, "payIn": 0, "payOut": 0, "cashRemain": 5000, "cashDiff": 0,
        "sessionStatus": "UNACCEPTED", "conception": None, "pointOfSale": chain.venues["external_id"][row.venue],
    }  # fmt: skip


def _element(root: Tree.Element, tag: str, fields: dict[str, str]) -> None:
    element = Tree.SubElement(root, tag)
    for name, text in fields.items():
        Tree.SubElement(element, name).text = text


def _document(root: Tree.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + Tree.tostring(root, encoding="unicode")
