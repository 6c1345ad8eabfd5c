"""The chain's directories in iikoCloud's words: organisations, terminals, menu, people, tables, means of payment."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from mozg.simulate.chain import METHODS, Chain, guid, rows
from mozg.simulate.iiko.entities import REVISION, store_id
from mozg.simulate.iiko.entries import STORE
from mozg.simulate.iiko.people import attendances, role_id, staff
from mozg.simulate.people import ROLES
from mozg.simulate.present import Present

_SHORT = ("id", "name", "code", "isFired")
_KINDS = {"cash": "Cash", "card": "Card", "non_cash": "External", "write_off": "Writeoff"}

Json = dict[str, Any]


def organizations(chain: Chain, seen: list[str], version: str, *, extended: bool | None) -> list[Json]:
    """Return those restaurants of ``seen`` that exist."""
    return [
        {
            "responseType": "Extended" if extended else "Simple",
            "id": row.external_id,
            "name": row.name,
            "code": row.code,
        }
        | (_details(row, version) if extended else {})
        for row in rows(chain.venues)
        if row.external_id in seen
    ]


def _details(row: Any, version: str) -> Json:
    return {"country": "Россия", "restaurantAddress": row.city, "currencyIsoName": "RUB", "version": version}


def terminal_groups(chain: Chain, wanted: list[str]) -> list[Json]:
    """Return one group of terminals per restaurant: the only place that tells a time zone."""
    return [
        {"organizationId": row.external_id, "items": [
            {"id": terminals_id(chain, row.code), "organizationId": row.external_id, "name": "Основной зал",
             "address": row.city, "timeZone": row.timezone, "posVersion": "9.3.6012.0"}]}
        for row in rows(chain.venues)
        if row.external_id in wanted
    ]  # fmt: skip


def terminals_id(chain: Chain, code: str) -> str:
    """Return the identifier of a restaurant's group of terminals."""
    return guid(chain.seed, "terminals", code)


def nomenclature(chain: Chain, start: int) -> Json:
    """Return the menu that is exported, without goods, or empty lists when nothing changed since ``start``."""
    if start == REVISION:
        return {"revision": REVISION, "groups": [], "productCategories": [], "products": [], "sizes": []}
    dishes = [
        {"id": row.external_id, "code": f"{row.number:05}", "name": row.name, "type": "Dish", "groupId": row.category,
         "parentGroup": row.category, "measureUnit": row.unit, "isDeleted": not row.active, "modifiers": [],
         "sizePrices": [{"sizeId": None, "price": {"currentPrice": row.price / 100, "isIncludedInMenu": row.listed}}]}
        for row in rows(chain.products)
    ]  # fmt: skip
    tree = [{**group, "parentGroup": group["parentId"]} for group in groups(chain)]
    return {"revision": REVISION, "groups": tree, "productCategories": [], "products": dishes, "sizes": []}


def products(chain: Chain) -> list[Json]:
    """Return the back office's list of products."""
    dishes = [
        {"id": row.external_id, "name": row.name, "code": str(row.number), "productArticle": f"{row.number:05}",
         "type": "DISH", "parentId": row.category, "isDeleted": not row.active}
        for row in rows(chain.products)
    ]  # fmt: skip
    goods = [
        {"id": row.external_id, "name": row.name, "code": f"9{i:04}", "productArticle": f"9{i:04}", "type": "GOODS",
         "parentId": None, "isDeleted": False}
        for i, row in enumerate(rows(chain.goods))
    ]  # fmt: skip
    return dishes + goods


def groups(chain: Chain) -> list[Json]:
    """Return the back office's list of menu groups."""
    return [
        {"id": row.external_id, "name": row.name, "parentId": row.parent, "isDeleted": False}
        for row in rows(chain.categories)
    ]


def employees(chain: Chain, fields: list[str] | None) -> list[Json]:
    """Return the staff; without ``fields`` each one has only four of them."""
    people = [
        {"id": row.external_id, "code": row.code, "name": row.name, "mainRoleId": role_id(chain, row.role_code),
         "roleIds": [role_id(chain, row.role_code)], "hireDate": str(row.hired_on),
         "fireDate": str(row.left_on) if row.left_on else None, "isFired": row.left_on is not None, "isSystem": False,
         "organizationIds": [chain.venues["external_id"][row.venue]]}
        for row in rows(staff(chain))
    ]  # fmt: skip
    return people if fields else [{name: one[name] for name in (*_SHORT, "organizationIds")} for one in people]


def positions(chain: Chain) -> list[Json]:
    """Return the jobs."""
    return [
        {"id": role_id(chain, code), "code": code, "name": name, "scheduleType": "HOURS"}
        for code, name in ROLES.items()
    ]


def attendance(chain: Chain, body: Json) -> list[Json]:
    """Return the attendances of one organisation that reach into a span."""
    first, last = (datetime.fromisoformat(body[name]).date() for name in ("startAt", "endAt"))
    found = attendances(chain, first, last, body["organizationId"])
    return [_attendance(chain, row, paid=bool(body.get("shouldIncludePaymentDetails"))) for row in found]


def _attendance(chain: Chain, row: Any, *, paid: bool) -> Json:
    zone, is_open = ZoneInfo(chain.venues["timezone"][row.venue]), pd.isna(row.ended_at)
    begun, over = (
        None if pd.isna(at) else at.to_pydatetime().replace(tzinfo=zone).isoformat()
        for at in (row.started_at, row.ended_at)
    )
    pay = {"regularPaidMinutes": 600, "regularPaymentSum": None if pd.isna(row.pay) else row.pay / 100,
           "overtimePaidMinutes": 0, "overtimePaymentSum": 0, "otherPaymentsSum": 0}  # fmt: skip
    return {
        "id": row.external_id, "employeeId": chain.employees["external_id"][row.employee],
        "roleId": role_id(chain, chain.employees["role_code"][row.employee]),
        "organizationId": chain.venues["external_id"][row.venue], "organizationName": chain.venues["name"][row.venue],
        "attendanceTypeCode": "W", "startAt": begun, "endAt": over, "isClosed": not is_open, "personalStartAt": begun,
        "personalEndAt": over, "isConfirmedManually": False, "comment": None, "createdAt": begun,
        "paymentDetails": pay if paid and not pd.isna(row.pay) else None,
    }  # fmt: skip


def stores(chain: Chain) -> list[Json]:
    """Return the storerooms."""
    return [{"id": store_id(chain, venue), "name": STORE, "organizationId": row.external_id}
            for venue, row in enumerate(rows(chain.venues))]  # fmt: skip


def stop_lists(present: Present, wanted: list[str]) -> list[Json]:
    """Return what cannot be sold now, moments in UTC."""
    chain, now = present.chain, pd.Timestamp(present.now)
    stopped = chain.stops[(chain.stops["started_at"] <= now) & (chain.stops["ended_at"] > now)]
    return [
        {"organizationId": row.external_id, "items": [
            {"terminalGroupId": terminals_id(chain, row.code),
             "items": [_stop(chain, row.timezone, one) for one in rows(stopped[stopped["venue"] == venue])]}]}
        for venue, row in enumerate(rows(chain.venues))
        if row.external_id in wanted
    ]  # fmt: skip


def _stop(chain: Chain, timezone: str, row: Any) -> Json:
    since = row.started_at.tz_localize(timezone).tz_convert("UTC")
    return {
        "balance": 0,
        "productId": chain.products["external_id"][row.product],
        "sizeId": None,
        "sku": f"{row.product + 1:05}",
        "dateAdd": since.strftime("%Y-%m-%d %H:%M:%S.000"),
    }


def sections(chain: Chain, groups_wanted: list[str]) -> list[Json]:
    """Return the halls of some groups of terminals, with their tables."""
    found = []
    for venue, row in enumerate(rows(chain.venues)):
        group = terminals_id(chain, row.code)
        if group in groups_wanted:
            tables = chain.tables[chain.tables["venue"] == venue]
            found += [_section(chain, group, venue, hall, some) for hall, some in tables.groupby("hall", sort=False)]
    return found


def _section(chain: Chain, group: str, venue: int, hall: Any, tables: pd.DataFrame) -> Json:
    return {
        "id": guid(chain.seed, "hall", venue, hall), "terminalGroupId": group, "name": hall,
        "tables": [
            {"id": table_id(chain, venue, row.number), "number": row.number, "name": str(row.number),
             "seatingCapacity": row.seats, "revision": REVISION, "isDeleted": False}
            for row in rows(tables)
        ],
    }  # fmt: skip


def table_id(chain: Chain, venue: int, number: int) -> str:
    """Return the identifier of a table."""
    return guid(chain.seed, "table", venue, number)


def payment_types(chain: Chain) -> list[Json]:
    """Return the means of payment."""
    return [
        {"id": guid(chain.seed, "pay", name), "code": kind.upper(), "name": name, "isDeleted": False,
         "paymentTypeKind": _KINDS[kind]}
        for name, kind in METHODS
    ]  # fmt: skip


def matching(found: list[Json], filters: list[Json]) -> list[Json]:
    """Return the rows that meet every filter: equal to its value, or among its values."""
    return [row for row in found if all(_meets(row.get(rule.get("field", "")), rule) for rule in filters)]


def _meets(value: Any, rule: Json) -> bool:
    wanted = rule.get("values") or [rule.get("value")]
    return any(one in wanted for one in (value if isinstance(value, list) else [value]))


def only(row: Json, fields: list[str] | None) -> Json:
    """Return the asked fields of a row; without any, for people, the short four."""
    wanted = fields or (_SHORT if "isFired" in row else tuple(row))
    return {name: value for name, value in row.items() if name in wanted}
