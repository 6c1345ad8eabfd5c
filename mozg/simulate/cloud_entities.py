"""The chain's directories in iikoCloud's words."""

from typing import Any

from mozg.simulate.chain import Chain, guid, rows
from mozg.simulate.entities import role_id, staff
from mozg.simulate.people import ROLES

REVISION = 1764001122
_SHORT = ("id", "name", "code", "isFired")

Json = dict[str, Any]


def organizations(chain: Chain, wanted: list[str] | None, *, extended: bool | None) -> list[Json]:
    """Return the restaurants that the key can see."""
    return [
        {
            "responseType": "Extended" if extended else "Simple",
            "id": row.external_id,
            "name": row.name,
            "code": row.code,
        }
        | ({"country": "Россия", "restaurantAddress": row.city, "currencyIsoName": "RUB"} if extended else {})
        for row in rows(chain.venues)
        if not wanted or row.external_id in wanted
    ]


def terminal_groups(chain: Chain, wanted: list[str]) -> list[Json]:
    """Return one group of terminals per restaurant: the only place that tells a time zone."""
    return [
        {"organizationId": row.external_id, "items": [
            {"id": guid(chain.seed, "terminals", row.code), "organizationId": row.external_id, "name": "Основной зал",
             "address": row.city, "timeZone": row.timezone, "posVersion": "9.3.6012.0"}]}
        for row in rows(chain.venues)
        if row.external_id in wanted
    ]  # fmt: skip


def nomenclature(chain: Chain, start: int) -> Json:
    """Return the menu, or empty lists when nothing changed since revision ``start``."""
    if start == REVISION:
        return {"revision": REVISION, "groups": [], "productCategories": [], "products": [], "sizes": []}
    dishes = [
        {"id": row.external_id, "code": f"{row.number:05}", "name": row.name, "type": "Dish", "groupId": row.category,
         "parentGroup": row.category, "measureUnit": row.unit, "isDeleted": False, "modifiers": [],
         "sizePrices": [{"sizeId": None, "price": {"currentPrice": row.price / 100, "isIncludedInMenu": True}}]}
        for row in rows(chain.products)
    ]  # fmt: skip
    tree = [{**group, "parentGroup": group["parentId"]} for group in groups(chain)]
    return {"revision": REVISION, "groups": tree, "productCategories": [], "products": dishes, "sizes": []}


def products(chain: Chain) -> list[Json]:
    """Return the back office's list of products."""
    return [
        {"id": row.external_id, "name": row.name, "code": str(row.number), "productArticle": f"{row.number:05}",
         "type": "DISH", "parentId": row.category, "isDeleted": False}
        for row in rows(chain.products)
    ]  # fmt: skip


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
