"""iikoServer (``/resto/api``): reports, people and cash shifts of a restaurant's own server or its chain's."""

import contextlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from xml.etree import ElementTree as Tree

from mozg.errors import TillAnswerError, TillError
from mozg.model import CashShift, Catalogue, Employee, PaymentType, Shift, Venue
from mozg.pos import menu
from mozg.pos.clock import Clock
from mozg.pos.config import required, unseen
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.server_session import ServerSession
from mozg.pos.patience import Patience
from mozg.pos.till import About, Reader

_ENTITIES = "resto/api/v2/entities"
#: The vendor's sample and its schema spell overtime in two ways.
_PAID = ("regularPaymentSum", "overtimePayedSum", "overtimePaymentSum", "otherPaymentsSum")
OLDEST = 6
DAY = timedelta(days=1)


class ServerDoor:
    """The way through a restaurant's own server or its chain's.

    ``pos_config``: base_url (what stands before ``/resto``), login, password, department_id.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        self._session = ServerSession(venue, patience)
        (self.department,) = required(venue, "department_id")
        self._clock = Clock.of(venue)
        self._columns: dict[str, frozenset[str]] = {}
        self.name = self._session.name

    def open(self) -> None:
        """Sign in, which takes a licence slot."""
        self._session.open()

    def close(self) -> None:
        """Sign out, which frees it."""
        self._session.close()

    def about(self) -> About:
        """Return the restaurant as the server's list of departments has it."""
        version = self._version()
        tree = self._session.xml("resto/api/corporation/departments")
        known = {one.findtext("id"): one.findtext("name") or "" for one in tree if one.findtext("type") == "DEPARTMENT"}
        if self.department not in known:
            raise unseen(self.name, "department_id", self.department, known)
        return About(known[self.department], f"iikoServer {version}".strip())

    def columns(self, report: str) -> frozenset[str]:
        """Return the columns that a report has here."""
        if report not in self._columns:
            answer = self._session.json("GET", "resto/api/v2/reports/olap/columns", params={"reportType": report})
            if not isinstance(answer, dict):
                raise self._session.wire.unreadable("resto/api/v2/reports/olap/columns", "no columns")
            self._columns[report] = frozenset(answer)
        return self._columns[report]

    def report(self, report: str, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one report."""
        body = {"reportType": report, "buildSummary": False, "groupByRowFields": groups, "groupByColFields": [],
                "aggregateFields": figures, "filters": filters}  # fmt: skip
        answer = self._session.json("POST", "resto/api/v2/reports/olap", json=body)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise self._session.wire.unreadable("resto/api/v2/reports/olap", "no rows under data")
        rows: list[Row] = answer["data"]
        return rows

    def catalogue(self) -> Catalogue:
        """Return menu and people."""
        groups = self._session.rows(f"{_ENTITIES}/products/group/list", includeDeleted="true")
        products = self._session.rows(f"{_ENTITIES}/products/list", includeDeleted="true")
        units = self._session.rows(f"{_ENTITIES}/list", rootType="MeasureUnit")
        tree = menu.Tree.of(groups, parent="parent")
        names = {unit["id"]: unit["name"] for unit in units}
        found = [self._product(row, tree, names) for row in products if row["type"] in menu.KNOWN]
        return Catalogue(tree.categories(), found, self._employees())

    def balances(self, day: date) -> list[Row]:
        """Return what lies in the storerooms at the end of a day."""
        path, at = "resto/api/v2/reports/balance/stores", f"{day}T23:59:59"
        rows = self._session.rows(path, timestamp=at, department=self.department)
        return [{**row, "store": self._stores.get(row["store"], row["store"])} for row in rows]

    def streams(self) -> Mapping[str, Reader]:
        """Return what a server tells besides reports."""
        return {
            "shifts": self._shifts,
            "cash_shifts": self._cash_shifts,
            "payment_types": lambda first, last: self._payment_types(),
        }

    def _version(self) -> str:
        """Return the server's version, or nothing if it does not tell.

        Raises:
            TillAnswerError: it is too old.
        """
        found = ""
        with contextlib.suppress(TillError):
            found = self._session.xml("resto/get_server_info.jsp", encoding="UTF-8").findtext("version") or ""
        major = found.partition(".")[0]
        if major.isdigit() and int(major) < OLDEST:
            raise TillAnswerError(
                f"{self.name} is iiko {found}, and {OLDEST}.0 is the oldest that can be read. "
                "Update the server, or import files that it exports."
            )
        return found

    @cached_property
    def _stores(self) -> dict[str | None, str | None]:
        return {one.findtext("id"): one.findtext("name") for one in self._session.xml("resto/api/corporation/stores")}

    @cached_property
    def _roles(self) -> dict[str | None, str | None]:
        roles = self._session.xml("resto/api/employees/roles")
        return {role.findtext("id"): role.findtext("name") for role in roles.iter("role")}

    @staticmethod
    def _product(row: Row, tree: menu.Tree, units: dict[str, str]) -> Any:
        unit = units.get(row.get("mainUnit") or "")
        return tree.product(row, row.get("parent"), row.get("defaultSalePrice"), unit, active=not row["deleted"])

    def _employees(self) -> list[Employee]:
        people = self._session.xml("resto/api/employees", includeDeleted="true")
        return [_employee(one, self._roles) for one in people if one.findtext("employee") == "true"]

    def _shifts(self, first: date, last: date) -> list[Shift]:
        """Return the attendances that began on these business dates.

        Asked a day wider: the server's clock need not be the restaurant's, and it tells all that reach into its days.
        """
        path = f"resto/api/employees/attendance/department/{self.department}/"
        span = {"from": str(first - DAY), "to": str(last + DAY)}
        rows = self._session.xml(path, withPaymentDetails="true", **span)
        found = [self._shift(one) for one in rows if one.findtext("departmentId") in (None, self.department)]
        return [shift for shift in found if first <= shift.business_date <= last]

    def _shift(self, one: Tree.Element) -> Shift:
        started = self._clock.moment(one.findtext("dateFrom"))
        assert started is not None
        known = [Decimal(text) for name in _PAID if (text := one.findtext(f"paymentDetails/{name}"))]
        return Shift(
            one.findtext("id", ""), one.findtext("employeeId", ""), self._clock.business_date(started), started,
            self._clock.moment(one.findtext("dateTo"), started), self._roles.get(one.findtext("roleId")),
            menu.money(sum(known, Decimal(0))) if known else None,
        )  # fmt: skip

    def _cash_shifts(self, first: date, last: date) -> list[CashShift]:
        span = {"openDateFrom": str(first), "openDateTo": str(last + DAY)}
        rows = self._session.rows("resto/api/v2/cashshifts/list", status="ANY", departmentId=self.department, **span)
        found = [self._cash_shift(row) for row in rows]
        return [shift for shift in found if first <= shift.business_date <= last]

    def _cash_shift(self, row: Row) -> CashShift:
        opened = self._clock.moment(row["openDate"])
        assert opened is not None
        return CashShift(
            row["id"], self._clock.business_date(opened), opened, self._clock.moment(row.get("closeDate"), opened),
            str(row["sessionNumber"]), str(row["cashRegNumber"]), row.get("responsibleUser"),
            menu.money(row["payOrders"]), None, menu.money(row.get("salesCash")), menu.money(row.get("salesCard")),
            menu.money(row.get("salesCredit")), menu.money(row.get("cashDiff")),
        )  # fmt: skip

    def _payment_types(self) -> list[PaymentType]:
        rows = self._session.rows(f"{_ENTITIES}/list", rootType="PaymentType")
        return [PaymentType(row["id"], row["name"], active=not row["deleted"]) for row in rows]


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
