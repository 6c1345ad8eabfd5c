"""What Poster answers about a simulated chain: amounts in hundredths and moments in milliseconds, as texts.

Poster lists no dishes that were struck from a check, and marks a check that was returned instead of writing another.
Returns of the chain are therefore not told.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from mozg.simulate.chain import METHODS, Chain, rows
from mozg.simulate.lines import KEPT
from mozg.simulate.people import ROLES

Json = dict[str, Any]

PAGE = 100
#: More checks than a restaurant makes in a month: month, number and restaurant make a check's identifier.
_MOST_CHECKS, _MOST_VENUES = 80_000, 10
_MEANS = {"cash": "payed_cash", "card": "payed_card", "non_cash": "payed_third_party"}
_MODES = {"dine_in": "1", "takeaway": "2", "delivery": "3"}
_HOUSE = [kind for _, kind in METHODS].index("write_off")


def spots(chain: Chain) -> list[Json]:
    """Return the restaurants."""
    return [{"spot_id": str(i + 1), "spot_name": one.name} for i, one in enumerate(rows(chain.venues))]


def categories(chain: Chain) -> list[Json]:
    """Return the menu groups."""
    number = {one.external_id: str(i + 1) for i, one in enumerate(rows(chain.categories))}
    return [
        {"category_id": number[one.external_id], "category_name": one.name,
         "parent_category": number.get(one.parent, "0"), "category_hidden": "0"}
        for one in rows(chain.categories)
    ]  # fmt: skip


def products(chain: Chain) -> list[Json]:
    """Return the dishes, withdrawn ones hidden."""
    number = {one.external_id: str(i + 1) for i, one in enumerate(rows(chain.categories))}
    return [
        {"product_id": str(i + 1), "product_name": one.name, "menu_category_id": number[one.category],
         "unit": "p", "hidden": str(int(not one.active)), "type": "2",
         "spots": [{"spot_id": str(v + 1), "price": str(one.price), "visible": "1"} for v in range(len(chain.venues))]}
        for i, one in enumerate(rows(chain.products))
    ]  # fmt: skip


def employees(chain: Chain) -> list[Json]:
    """Return the people."""
    return [
        {"user_id": str(i + 1), "name": one.name, "role_name": ROLES[one.role_code]}
        for i, one in enumerate(rows(chain.employees)) if one.hired_on <= chain.last
    ]  # fmt: skip


def checks(chain: Chain) -> dict[int, list[Json]]:
    """Return the checks of each restaurant, oldest first."""
    lines: dict[int, list[Any]] = {}
    for line in rows(chain.items[chain.items["state"] == KEPT]):
        lines.setdefault(line.receipt, []).append(line)
    struck: dict[int, list[Any]] = {}
    for line in rows(chain.items[chain.items["state"] != KEPT]):
        struck.setdefault(line.receipt, []).append(line)
    zones = [ZoneInfo(name) for name in chain.venues["timezone"]]
    found: dict[int, list[Json]] = {venue: [] for venue in range(len(chain.venues))}
    receipts: list[Any] = list(chain.receipts.sort_values("closed_at").itertuples())
    for one in receipts:
        if one.status != "refund":
            whole = lines.get(one.Index, []) + (struck.get(one.Index, []) if one.status == "void" else [])
            found[one.venue].append(_check(one, whole, zones[one.venue]))
    return found


def _check(one: Any, lines: list[Any], zone: ZoneInfo) -> Json:
    paid = dict.fromkeys((*_MEANS.values(), "payed_cert", "payed_bonus"), 0)
    for line in lines:
        kind = METHODS[line.payment][1] if line.payment < len(METHODS) else ""
        if one.status != "void" and kind in _MEANS:
            paid[_MEANS[kind]] += line.revenue
    on_the_house = one.status != "void" and bool(lines) and all(line.payment == _HOUSE for line in lines)
    return {
        "transaction_id": check_id(one), "date_start": milliseconds(one.opened_at, zone),
        "date_close": milliseconds(one.closed_at, zone), "status": "3" if one.status == "void" else "2",
        "guests_count": str(one.guests), "discount": "0", "pay_type": "1", "sum": str(one.gross),
        "payed_sum": str(sum(paid.values())), **{name: str(value) for name, value in paid.items()},
        "round_sum": "0", "tip_sum": "0", "spot_id": str(one.venue + 1),
        "table_name": "" if pd.isna(one.table) else str(one.table), "user_id": str(one.waiter + 1),
        "reason": "2" if on_the_house else "", "print_fiscal": "1", "service_mode": _MODES[one.channel],
        "date_close_date": f"{one.closed_at:%Y-%m-%d %H:%M:%S}",
        "products": [_line(line) for line in lines],
    }  # fmt: skip


def check_id(one: Any) -> str:
    """Return the identifier of a check."""
    day = one.business_date
    return str(((day.year * 12 + day.month) * _MOST_CHECKS + one.number) * _MOST_VENUES + one.venue)


def _line(line: Any) -> Json:
    return {
        "product_id": str(line.product + 1), "modification_id": "0", "num": str(line.quantity),
        "product_price": str(line.gross // line.quantity), "payed_sum": str(line.revenue),
        "tax_sum": str(line.vat), "product_cost": str(line.cost),
    }  # fmt: skip


def milliseconds(local: pd.Timestamp, zone: ZoneInfo) -> str:
    """Return a moment of the restaurant's clock as Poster writes it."""
    return str(int(local.to_pydatetime().replace(tzinfo=zone).timestamp() * 1000))


def between(found: list[Json], first: date, last: date) -> list[Json]:
    """Return the checks that were closed on the calendar days ``first`` … ``last``."""
    return [one for one in found if first.isoformat() <= one["date_close_date"][:10] <= last.isoformat()]


def cash_shifts(chain: Chain) -> list[Json]:
    """Return the cash shifts of all restaurants."""
    zones = [ZoneInfo(name) for name in chain.venues["timezone"]]
    return [
        {"cash_shift_id": str(one.number * _MOST_VENUES + one.venue), "spot_id": str(one.venue + 1),
         "timestart": milliseconds(one.opened_at, zones[one.venue]),
         "timeend": milliseconds(one.closed_at, zones[one.venue]),
         "date_start": f"{one.opened_at:%Y-%m-%d %H:%M:%S}", "user_id_start": "0",
         "amount_sell_cash": str(one.cash), "amount_sell_card": str(one.card)}
        for one in rows(chain.cash_shifts)
    ]  # fmt: skip


LISTS: dict[str, Callable[[Chain], list[Json]]] = {
    "access.getSpots": spots,
    "menu.getCategories": categories,
    "menu.getProducts": products,
    "access.getEmployees": employees,
}
