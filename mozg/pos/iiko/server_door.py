"""iikoServer (``/resto/api``): SHA-1 sign-in, a session that holds a licence slot, plain-text errors, XML people."""

import contextlib
import hashlib
from datetime import date
from typing import Any
from xml.etree import ElementTree as Tree

import httpx

from mozg.errors import TillError
from mozg.model import Catalogue, Employee, Venue
from mozg.pos.iiko import menu
from mozg.pos.iiko.config import required
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.patience import Patience, TryLaterError
from mozg.pos.iiko.wire import SessionLostError, Wire


class ServerDoor:
    """The way through a restaurant's own server or its chain's.

    ``pos_config``: base_url (what stands before ``/resto``), login, password, department_id.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        base_url, self._login, password, self.department = required(
            venue, "base_url", "login", "password", "department_id"
        )
        self._digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
        self._wire = Wire(base_url, patience)
        self._key: str | None = None
        self.name = self._wire.name

    def open(self) -> None:
        """Sign in, which takes a licence slot."""
        answer = self._wire.ask("POST", "resto/api/auth", data={"login": self._login, "pass": self._digest})
        self._key = answer.text.strip()
        if not self._key or "<" in self._key:
            self._key = None
            raise self._wire.unreadable("resto/api/auth", "no session key")

    def close(self) -> None:
        """Free the slot. A till that is gone by now frees it by itself within the hour, so its silence is no error."""
        with contextlib.closing(self._wire), contextlib.suppress(TillError, TryLaterError):
            if self._key is not None:
                self._wire.once("POST", "resto/api/logout", data={"key": self._key})
        self._key = None

    def report(self, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one SALES report."""
        body = {"reportType": "SALES", "buildSummary": False, "groupByRowFields": groups, "groupByColFields": [],
                "aggregateFields": figures, "filters": filters}  # fmt: skip
        answer = self._json("POST", "resto/api/v2/reports/olap", json=body)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise self._wire.unreadable("resto/api/v2/reports/olap", "no rows under data")
        rows: list[Row] = answer["data"]
        return rows

    def catalogue(self) -> Catalogue:
        """Return menu and people."""
        entities = "resto/api/v2/entities"
        groups = self._json("GET", f"{entities}/products/group/list", params={"includeDeleted": "true"})
        products = self._json("GET", f"{entities}/products/list", params={"includeDeleted": "true"})
        units = self._json("GET", f"{entities}/list", params={"rootType": "MeasureUnit"})
        tree = menu.Tree.of(groups, parent="parent")
        names = {unit["id"]: unit["name"] for unit in units}
        found = [self._product(row, tree, names) for row in products if row["type"] in menu.SOLD]
        return Catalogue(tree.categories(), found, self._employees())

    @staticmethod
    def _product(row: Row, tree: menu.Tree, units: dict[str, str]) -> Any:
        unit = units.get(row.get("mainUnit") or "")
        return tree.product(row, row.get("parent"), row.get("defaultSalePrice"), unit, active=not row["deleted"])

    def _employees(self) -> list[Employee]:
        roles = self._wire.xml(self._ask("GET", "resto/api/employees/roles"))
        names = {role.findtext("id"): role.findtext("name") for role in roles.iter("role")}
        people = self._wire.xml(self._ask("GET", "resto/api/employees", params={"includeDeleted": "true"}))
        return [_employee(one, names) for one in people if one.findtext("employee") == "true"]

    def _json(self, method: str, path: str, **what: Any) -> Any:
        return self._wire.json(self._ask(method, path, **what))

    def _ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Ask within the session; if the server has forgotten it (a restart does that), sign in once more."""
        try:
            return self._ask_once(method, path, **what)
        except SessionLostError:
            self.open()
            return self._ask_once(method, path, **what)

    def _ask_once(self, method: str, path: str, **what: Any) -> httpx.Response:
        return self._wire.ask(method, path, headers={"Cookie": f"key={self._key}"}, **what)


def _employee(element: Tree.Element, roles: dict[str | None, str | None]) -> Employee:
    return Employee(
        external_id=element.findtext("id", ""),
        name=element.findtext("name", ""),
        role=roles.get(element.findtext("mainRoleId")),
        hired_on=_day(element.findtext("hireDate")),
        left_on=_day(element.findtext("fireDate")),
        active=element.findtext("deleted") != "true",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
