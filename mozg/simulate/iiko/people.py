"""The chain's people in iikoServer's XML: staff, roles, attendances, departments and storerooms."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as Tree
from zoneinfo import ZoneInfo

import pandas as pd

from mozg.simulate.chain import Chain, guid, rows
from mozg.simulate.iiko.entities import store_id
from mozg.simulate.iiko.entries import STORE
from mozg.simulate.people import ROLES


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
    return document(root)


def roles_xml(chain: Chain) -> str:
    """Return ``/resto/api/employees/roles``."""
    root = Tree.Element("employeeRoles")
    for code, name in ROLES.items():
        fields = {"id": role_id(chain, code), "code": code, "name": name, "scheduleType": "HOURS", "deleted": "false"}
        _element(root, "role", fields)
    return document(root)


def attendances(chain: Chain, first: date, last: date, department: str | None) -> list[Any]:
    """Return the attendances that reach into the days ``first`` … ``last``, both inclusive."""
    shifts = chain.attendances
    ended = shifts["ended_at"].fillna(shifts["started_at"] + timedelta(hours=12))
    wanted = (shifts["started_at"] < pd.Timestamp(last + timedelta(1))) & (ended >= pd.Timestamp(first))
    if department is not None:
        wanted &= shifts["venue"].map(chain.venues["external_id"]) == department
    return rows(shifts[wanted])


def attendances_xml(chain: Chain, found: list[Any], *, paid: bool, old: bool) -> str:
    """Return ``/resto/api/employees/attendance``; ``old`` servers spell the pay for overtime in another way."""
    root = Tree.Element("attendances")
    for row in found:
        fields = _attendance(chain, row)
        _element(root, "attendance", fields)
        if paid and not pd.isna(row.pay):
            overtime = "overtimePayedSum" if old else "overtimePaymentSum"
            sums = {"regularPayedMinutes": "600", "regularPaymentSum": f"{row.pay / 100:.9f}", overtime: "0",
                    "otherPaymentsSum": "0"}  # fmt: skip
            _element(root[-1], "paymentDetails", sums)
    return document(root)


def _attendance(chain: Chain, row: Any) -> dict[str, str]:
    zone = ZoneInfo(chain.venues["timezone"][row.venue])
    begun = row.started_at.to_pydatetime().replace(tzinfo=zone).isoformat()
    over = {} if pd.isna(row.ended_at) else {"dateTo": row.ended_at.to_pydatetime().replace(tzinfo=zone).isoformat()}
    at_the_till = {"personalDateFrom": begun} if row.employee % 3 else {}
    return {
        "id": row.external_id, "employeeId": chain.employees["external_id"][row.employee],
        "roleId": role_id(chain, chain.employees["role_code"][row.employee]), "dateFrom": begun, **over,
        "attendanceType": "W", "comment": "", "departmentId": chain.venues["external_id"][row.venue],
        "departmentName": chain.venues["name"][row.venue], **at_the_till, "created": begun,
    }  # fmt: skip


def departments_xml(chain: Chain) -> str:
    """Return ``/resto/api/corporation/departments``: one legal entity and its restaurants."""
    root, owner = Tree.Element("corporateItemDtoes"), guid(chain.seed, "owner")
    _element(root, "corporateItemDto", {"id": owner, "code": "", "name": "ООО «Сыроежка»", "type": "JURPERSON"})
    for row in rows(chain.venues):
        fields = {"id": row.external_id, "parentId": owner, "code": row.code, "name": row.name, "type": "DEPARTMENT"}
        _element(root, "corporateItemDto", fields)
    return document(root)


def stores_xml(chain: Chain) -> str:
    """Return ``/resto/api/corporation/stores``: one storeroom for each restaurant."""
    root = Tree.Element("corporateItemDtoes")
    for venue, row in enumerate(rows(chain.venues)):
        fields = {"id": store_id(chain, venue), "parentId": row.external_id, "name": STORE, "type": "STORE"}
        _element(root, "corporateItemDto", fields)
    return document(root)


def server_info_xml(version: str) -> str:
    """Return ``/resto/get_server_info.jsp``, which needs no sign-in."""
    root = Tree.Element("r")
    fields = {"serverName": "Сыроежка", "edition": "chain", "version": version, "serverState": "STARTED_SUCCESSFULLY"}
    for name, text in fields.items():
        Tree.SubElement(root, name).text = text
    return document(root)


def role_id(chain: Chain, code: str) -> str:
    """Return the identifier of a role."""
    return guid(chain.seed, "role", code)


def _element(root: Tree.Element, tag: str, fields: dict[str, str]) -> None:
    element = Tree.SubElement(root, tag)
    for name, text in fields.items():
        Tree.SubElement(element, name).text = text


def document(root: Tree.Element) -> str:
    """Return an XML document as the server writes it."""
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + Tree.tostring(root, encoding="unicode")
