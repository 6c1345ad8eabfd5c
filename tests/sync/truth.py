"""What a simulated chain has of a restaurant, as each till tells it, in the form of `campaign.Campaign.record`."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mozg.simulate.poster.answers import check_id
from mozg.simulate.rkeeper import idents
from mozg.simulate.rkeeper.live import visit

MONEY = ("gross", "discount", "revenue", "vat", "cost")


@dataclass(frozen=True)
class Tongue:
    """How a maker's tills name a check and a dish, and what of a chain they do not tell."""

    check: Callable[[Any], str]
    dish: Callable[[Any], str]
    day: Callable[[Any], date] = lambda row: row.business_date.date()
    method: Callable[[str, str], str] = lambda method, kind: method
    tells_returns: bool = True
    tells_struck: bool = True
    tells_cost_of_void: bool = True


def _calendar(row):
    """Return the day of a check that counts to the day it was closed on, which begins at six."""
    return (row.closed_at - timedelta(hours=6)).date()


IIKO = Tongue(
    lambda row: row.external_id + "/storno" * (row.status == "refund"),
    lambda dish: dish.external_id,
)
RKEEPER = Tongue(
    lambda row: f"{idents.CASH_SERVER + row.venue}.{visit(row)}.{idents.ORDER}",
    lambda dish: dish.external_id,
    tells_cost_of_void=False,
)
_POSTERS_NAMES = {"cash": "Cash", "card": "Card", "non_cash": "Third party", "write_off": "On the house"}
POSTER = Tongue(
    check_id,
    lambda dish: str(dish.Index + 1),
    _calendar,
    lambda method, kind: _POSTERS_NAMES[kind],
    tells_returns=False,
    tells_struck=False,
)


def truth(tongue, chain, number, last):
    """Return checks, lines and payments of restaurant ``number`` up to ``last`` with how often each is there."""
    receipts = chain.receipts[chain.receipts["venue"] == number]
    if not tongue.tells_returns:
        receipts = receipts[receipts["status"] != "refund"]
    checks = {row.Index: row for row in receipts.itertuples() if tongue.day(row) <= last}
    dishes = [tongue.dish(dish) for dish in chain.products.itertuples()]
    lines = [row for row in rows_of(chain.items, number) if row.receipt in checks]
    if not tongue.tells_struck:
        lines = [row for row in lines if row.state == 0 or checks[row.receipt].status == "void"]
    paid = [row for row in rows_of(chain.payments, number) if row.receipt in checks]
    return [
        Counter(told_of(tongue, row) for row in checks.values()),
        by_dish(
            (tongue.check(checks[row.receipt]), dishes[row.product], Decimal(row.quantity), *amounts(row, MONEY[:3]),
             row.state != 0 or checks[row.receipt].status == "void")
            for row in lines
        ),
        Counter(
            (tongue.check(checks[row.receipt]), tongue.method(row.method, row.kind), roubles(row.amount))
            for row in paid
        ),
    ]  # fmt: skip


def told_of(tongue, row):
    """Return what is told of a check itself."""
    money = amounts(row, MONEY)
    if row.status == "void" and not tongue.tells_cost_of_void:
        money[-1] = None
    return tongue.check(row), tongue.day(row), row.status, row.guests, *money


def rows_of(frame, number):
    """Yield a restaurant's rows."""
    return frame[frame["venue"] == number].itertuples()


def by_dish(lines):
    """Return the sums of each dish on each check, struck out or not: a till tells lines of one dish as one."""
    sums = {}
    for receipt, product, *counted, voided in lines:
        before = sums.get((receipt, product, voided), [0] * len(counted))
        sums[receipt, product, voided] = [one + more for one, more in zip(before, counted, strict=True)]
    return Counter((*key, *map(Decimal, counted)) for key, counted in sums.items())


def by_day(checks):
    """Return each day's revenue."""
    days = Counter()
    for _, day, status, _, _, _, revenue, *_ in checks.elements():
        days[day] += revenue if status != "void" else 0
    return days


def roubles(kopecks):
    """Return an amount of kopecks in roubles."""
    return Decimal(int(kopecks)) / 100


def amounts(row, names):
    """Return the amounts of the named columns."""
    return [roubles(getattr(row, name)) for name in names]
