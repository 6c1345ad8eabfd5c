"""iikoCloud: every call is a POST with a bearer token, which lives an hour and is shared by all venues of one key."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import httpx
import jwt

from mozg.errors import TillAccessDenied
from mozg.model import Catalogue, Employee, Product, Venue
from mozg.pos.iiko import menu
from mozg.pos.iiko.config import required
from mozg.pos.iiko.doors import Row
from mozg.pos.iiko.patience import Patience
from mozg.pos.iiko.wire import SessionLostError, Wire

ADDRESS = "https://api-ru.iiko.services"
_PAGE = 1000
_UNKNOWN_LIFE = 50 * 60.0
_PEOPLE = ["id", "name", "code", "mainRoleId", "hireDate", "fireDate", "isFired", "isSystem"]
#: The server's own wait for the restaurant, in seconds; ours is longer, so that its answer is the one we hear.
_WAIT = {"Timeout": "120"}


@dataclass
class Tokens:
    """Tokens that are still good, by address and credentials: iiko blocks who signs in too often."""

    _known: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[str, ...]) -> str | None:
        """Return a token that will live for another minute at least."""
        with self._lock:
            token, end = self._known.get(key, (None, 0.0))
        return token if end - 60 > time.time() else None

    def keep(self, key: tuple[str, ...], token: str) -> None:
        """Remember a token until it ends."""
        with self._lock:
            self._known[key] = (token, _end(token))

    def drop(self, key: tuple[str, ...]) -> None:
        """Forget a token that was refused."""
        with self._lock:
            self._known.pop(key, None)


_TOKENS = Tokens()


class CloudDoor:
    """The way through iikoCloud.

    ``pos_config``: organization_id and either api_key, app_id and client_secret, or api_login (the old sign-in);
    base_url if it is not the usual one; department_id if reports know the restaurant by another identifier.
    """

    def __init__(self, venue: Venue, patience: Patience) -> None:
        (self.organization,) = required(venue, "organization_id")
        self.department = str(venue.pos_config.get("department_id") or self.organization)
        self._path, self._credentials = _sign_in(venue)
        base_url = str(venue.pos_config.get("base_url") or ADDRESS)
        self._wire = Wire(base_url, patience)
        self._key = (base_url, *self._credentials.values())
        self.name = self._wire.name

    def open(self) -> None:
        """Sign in, unless a token of these credentials is still good."""
        if _TOKENS.get(self._key) is None:
            answer = self._wire.json(self._ask_for_token())
            if not isinstance(answer, dict) or not isinstance(answer.get("token"), str):
                raise self._wire.unreadable(self._path, "no token")
            _TOKENS.keep(self._key, answer["token"])

    def _ask_for_token(self) -> httpx.Response:
        try:
            return self._wire.ask("POST", self._path, json=self._credentials)
        except SessionLostError:
            raise
        except TillAccessDenied as denied:
            if "apiLogin" not in self._credentials:
                raise
            raise TillAccessDenied(
                f"{self.name} no longer accepts api_login. Make an API key in iikoWeb (Integrations, API keys) "
                "and give the venue api_key, app_id and client_secret instead."
            ) from denied

    def close(self) -> None:
        """Close the connection; tokens need no signing out."""
        self._wire.close()

    def report(self, groups: list[str], figures: list[str], filters: dict[str, Row]) -> list[Row]:
        """Return the rows of one SALES report."""
        path = "api/reporting/v1/olap/get"
        body = {"reportType": "SALES", "buildSummary": False, "groupByRowFields": groups, "groupByColFields": [],
                "aggregateFields": figures,
                "filters": [{"name": name, **rule} for name, rule in filters.items()]}  # fmt: skip
        rows: list[Row] = self._rows(path, body, "data")
        return rows

    def catalogue(self) -> Catalogue:
        """Return menu and people. Prices and units stand in the menu export, so a dish outside it has neither."""
        tree = menu.Tree.of(list(self._pages("api/nomenclature/v2/group/list", {})), parent="parentId")
        offers = self._rows("api/1/nomenclature", {"organizationId": self.organization}, "products")
        by_id = {row["id"]: row for row in offers}
        products = self._pages("api/nomenclature/v2/product/list", {})
        found = [_product(row, tree, by_id.get(row["id"], {})) for row in products if row["type"].upper() in menu.SOLD]
        return Catalogue(tree.categories(), found, self._employees())

    def _employees(self) -> list[Employee]:
        roles = {row["id"]: row["name"] for row in self._pages("api/employees/v1/positions/list", {})}
        ours = {"filters": [{"field": "organizationIds", "value": self.organization}], "fields": _PEOPLE}
        people = self._pages("api/employees/v1/employee/list", ours)
        return [_employee(row, roles) for row in people if not row.get("isSystem")]

    def _pages(self, path: str, body: Row) -> Iterator[Row]:
        offset, more = 0, True
        while more:
            rows = self._rows(path, {"filters": [], **body, "limit": _PAGE, "offset": offset}, "items")
            yield from rows
            offset, more = offset + len(rows), len(rows) == _PAGE

    def _rows(self, path: str, body: Row, name: str) -> list[Row]:
        answer = self._wire.json(self._ask(path, body))
        if not isinstance(answer, dict) or not isinstance(answer.get(name), list):
            raise self._wire.unreadable(path, f"no rows under {name}")
        rows: list[Row] = answer[name]
        return rows

    def _ask(self, path: str, body: Row) -> httpx.Response:
        """Ask with a token; if it has died, sign in once more."""
        try:
            return self._ask_once(path, body)
        except SessionLostError:
            _TOKENS.drop(self._key)
            return self._ask_once(path, body)

    def _ask_once(self, path: str, body: Row) -> httpx.Response:
        self.open()
        return self._wire.ask(
            "POST", path, json=body, headers=_WAIT | {"Authorization": f"Bearer {_TOKENS.get(self._key)}"}
        )


def _sign_in(venue: Venue) -> tuple[str, dict[str, str]]:
    if venue.pos_config.get("api_login"):
        return "api/1/access_token", {"apiLogin": str(venue.pos_config["api_login"])}
    api_key, app_id, client_secret = required(venue, "api_key", "app_id", "client_secret")
    return "api/v2/access_token", {"apiKey": api_key, "appId": app_id, "clientSecret": client_secret}


def _end(token: str) -> float:
    """Return when a token dies, in seconds since 1970: iiko tells it only inside the token."""
    try:
        return float(jwt.decode(token, options={"verify_signature": False})["exp"])
    except (jwt.InvalidTokenError, KeyError):
        return time.time() + _UNKNOWN_LIFE


def _product(row: Row, tree: menu.Tree, offer: Row) -> Product:
    sizes = offer.get("sizePrices") or [{}]
    price = sizes[0].get("price", {}).get("currentPrice")
    return tree.product(row, row.get("parentId"), price, offer.get("measureUnit"), active=not row.get("isDeleted"))


def _employee(row: Row, roles: dict[str, str]) -> Employee:
    hired, left = (date.fromisoformat(row[name][:10]) if row.get(name) else None for name in ("hireDate", "fireDate"))
    return Employee(row["id"], row["name"], roles.get(row.get("mainRoleId") or ""), hired, left, not row["isFired"])
