"""iikoCloud: the classic API for menu, tables and stop lists, its back office for reports, people and stock."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from mozg.model import Catalogue, DiningTable, Employee, PaymentType, Product, Shift, StopListEntry, Venue
from mozg.pos import menu
from mozg.pos.clock import Clock
from mozg.pos.config import required, unseen
from mozg.pos.iiko.cloud_session import CloudSession
from mozg.pos.iiko.doors import Row
from mozg.pos.patience import Patience
from mozg.pos.till import About, Reader

_PEOPLE = ["id", "name", "code", "mainRoleId", "hireDate", "fireDate", "isFired", "isSystem"]
_KINDS = {"CASH": "cash", "CARD": "card", "WRITEOFF": "write_off"}
_PAID = ("regularPaymentSum", "overtimePaymentSum", "otherPaymentsSum")
DAY = timedelta(days=1)


class CloudDoor:
    """The way through iikoCloud.

    ``pos_config``: organization_id and either api_key, app_id and client_secret, or api_login (the old sign-in);
    base_url if it is not the usual one; department_id if reports know the restaurant by another identifier; limits if
    iiko allows this key more or fewer calls than usual.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        (self.organization,) = required(venue, "organization_id")
        self.department = str(venue.pos_config.get("department_id") or self.organization)
        self._clock = Clock.of(venue)
        self._session = CloudSession(venue, patience)
        self._columns: dict[str, frozenset[str]] = {}
        self.name = self._session.name

    def open(self) -> None:
        """Sign in, unless a token of these credentials is still good."""
        self._session.open()

    def close(self) -> None:
        """Close the connection; tokens need no signing out."""
        self._session.close()

    def about(self) -> About:
        """Return the restaurant as the key's list of organisations has it."""
        body = {"returnAdditionalInfo": True, "includeDisabled": False}
        rows = self._session.rows("api/1/organizations", body, "organizations", "dictionaries")
        known = {row["id"]: row for row in rows}
        if self.organization not in known:
            names = {key: row["name"] for key, row in known.items()}
            raise unseen(self.name, "organization_id", self.organization, names)
        found = known[self.organization]
        version = f" {found['version']}" if found.get("version") else ""
        return About(found["name"], f"iikoCloud{version}", self._timezone(), found.get("currencyIsoName"))

    def columns(self, report: str) -> frozenset[str]:
        """Return the columns that a report has here."""
        if report not in self._columns:
            found = self._session.array("api/reporting/v1/olap/columns/get", {"reportType": report})
            self._columns[report] = frozenset(row["name"] for row in found)
        return self._columns[report]

    def report(self, report: str, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one report."""
        body = {"reportType": report, "buildSummary": False, "groupByRowFields": groups, "groupByColFields": [],
                "aggregateFields": figures,
                "filters": [{"name": name, **rule} for name, rule in filters.items()]}  # fmt: skip
        return self._session.rows("api/reporting/v1/olap/get", body, "data")

    def catalogue(self) -> Catalogue:
        """Return menu and people. Prices and units stand in the menu export, so a dish outside it has neither."""
        pages = self._session.pages
        tree = menu.Tree.of(list(pages("api/nomenclature/v2/group/list", {"filters": []})), parent="parentId")
        body = {"organizationId": self.organization, "startRevision": 0}
        by_id = {row["id"]: row for row in self._session.rows("api/1/nomenclature", body, "products", "dictionaries")}
        products = pages("api/nomenclature/v2/product/list", {"filters": []})
        found = [_product(row, tree, by_id.get(row["id"], {})) for row in products if row["type"].upper() in menu.KNOWN]
        return Catalogue(tree.categories(), found, self._employees())

    def balances(self, day: date) -> list[Row]:
        """Return what lies in the storerooms at the end of a day."""
        body = {"organizationId": self.organization, "balanceAt": self._clock.end_of(day).isoformat(),
                "shouldIncludeDetails": False}  # fmt: skip
        rows = self._session.pages("api/inventory/v1/stock_balance/list", body)
        return [
            {"store": self._stores.get(row["storeId"], row["storeId"]), "product": row["productId"],
             "amount": row["quantity"], "sum": row["costSum"]}
            for row in rows
        ]  # fmt: skip

    def streams(self) -> Mapping[str, Reader]:
        """Return what the cloud tells besides reports."""
        return {
            "shifts": self._shifts,
            "stop_list": lambda first, last: list(self._stop_list()),
            "dining_tables": lambda first, last: list(self._dining_tables()),
            "payment_types": lambda first, last: self._payment_types(),
        }

    @cached_property
    def _terminals(self) -> list[Row]:
        """The groups of terminals, which are the only ones to know the restaurant's time zone."""
        body = {"organizationIds": [self.organization], "includeDisabled": True}
        groups = self._session.rows("api/1/terminal_groups", body, "terminalGroups", "dictionaries")
        return [one for group in groups for one in group["items"] if group["organizationId"] == self.organization]

    def _timezone(self) -> str | None:
        return next((str(one["timeZone"]) for one in self._terminals if one.get("timeZone")), None)

    @cached_property
    def _stores(self) -> dict[str, str]:
        rows = self._session.pages("api/inventory/v1/stores/list", {"filters": []})
        return {row["id"]: row["name"] for row in rows}

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {row["id"]: row["name"] for row in self._session.pages("api/employees/v1/positions/list", {})}

    def _employees(self) -> list[Employee]:
        ours = {"filters": [{"field": "organizationIds", "value": self.organization}], "fields": _PEOPLE}
        people = self._session.pages("api/employees/v1/employee/list", ours)
        return [_employee(row, self._roles) for row in people if not row.get("isSystem")]

    def _shifts(self, first: date, last: date) -> list[Shift]:
        """Return the attendances that began on these business dates; asked a day wider, for days begin in the night."""
        body = {"organizationId": self.organization, "startAt": f"{first - DAY}T00:00:00",
                "endAt": f"{last + 2 * DAY}T00:00:00", "shouldIncludePaymentDetails": True}  # fmt: skip
        found = [self._shift(row) for row in self._session.pages("api/employees/v1/attendance/list", body)]
        return [shift for shift in found if first <= shift.business_date <= last]

    def _shift(self, row: Row) -> Shift:
        started = self._clock.moment(row["startAt"])
        assert started is not None
        paid = row.get("paymentDetails") or {}
        known = [Decimal(paid[name]) for name in _PAID if paid.get(name) is not None]
        return Shift(
            row["id"], row["employeeId"], self._clock.business_date(started), started,
            self._clock.moment(row.get("endAt"), started), self._roles.get(row.get("roleId") or ""),
            menu.money(sum(known, Decimal(0))) if known else None,
        )  # fmt: skip

    def _stop_list(self) -> Iterator[StopListEntry]:
        body = {"organizationIds": [self.organization], "returnSize": True}
        groups = self._session.rows("api/1/stop_lists", body, "terminalGroupStopLists", "stop lists")
        entries = (item for one in groups for terminal in one["items"] for item in terminal["items"])
        found: dict[str, Row] = {item["productId"]: item for item in entries}
        for product, item in found.items():
            since = self._clock.moment(f"{item['dateAdd'].replace(' ', 'T')}+00:00") if item.get("dateAdd") else None
            yield StopListEntry(product, since, menu.quantity(item.get("balance")))

    def _dining_tables(self) -> Iterator[DiningTable]:
        body = {"terminalGroupIds": [one["id"] for one in self._terminals], "returnSchema": False}
        path = "api/1/reserve/available_restaurant_sections"
        for hall in self._session.rows(path, body, "restaurantSections", "dictionaries"):
            for table in hall["tables"]:
                yield DiningTable(
                    table["id"], str(table["number"]), hall["name"], table.get("seatingCapacity") or None,
                    not table.get("isDeleted"),
                )  # fmt: skip

    def _payment_types(self) -> list[PaymentType]:
        body = {"organizationIds": [self.organization]}
        rows = self._session.rows("api/1/payment_types", body, "paymentTypes", "dictionaries")
        return [PaymentType(row["id"], row["name"], _kind(row), not row.get("isDeleted")) for row in rows]


def _kind(row: Row) -> Any:
    return _KINDS.get(str(row.get("paymentTypeKind")).upper(), "non_cash" if row.get("paymentTypeKind") else "unknown")


def _product(row: Row, tree: menu.Tree, offer: Row) -> Product:
    sizes = offer.get("sizePrices") or [{}]
    price = sizes[0].get("price", {}).get("currentPrice")
    return tree.product(row, row.get("parentId"), price, offer.get("measureUnit"), active=not row.get("isDeleted"))


def _employee(row: Row, roles: dict[str, str]) -> Employee:
    hired, left = (date.fromisoformat(row[name][:10]) if row.get(name) else None for name in ("hireDate", "fireDate"))
    return Employee(row["id"], row["name"], roles.get(row.get("mainRoleId") or ""), hired, left, not row["isFired"])
