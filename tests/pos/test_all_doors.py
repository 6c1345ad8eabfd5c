"""One chain behind iikoCloud, iikoServer and r_keeper at once: the same receipts, to the kopeck, through every door."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mozg.model import Venue
from mozg.pos import connect
from mozg.simulate import Chain, serve
from mozg.simulate.edits import edited, forgotten_shift, surcharged
from mozg.simulate.rkeeper import serve_rkeeper

FIRST, LAST = date(2026, 10, 24), date(2026, 10, 26)
MOSCOW = ZoneInfo("Europe/Moscow")
MORNING = datetime(2026, 10, 27, 6)


@pytest.fixture(scope="module")
def tills():
    with serve(Chain.generate(7, FIRST, LAST, venues=1)) as iiko, serve_rkeeper(iiko.present) as rkeeper:
        yield iiko, rkeeper


@pytest.fixture
def present(tills):
    """The truth that all doors tell, put right again after a test has changed it."""
    present = tills[0].present
    truth = present.chain
    yield present
    present.replace(truth)
    present.now = MORNING


@pytest.fixture
def doors(tills, present):
    iiko, rkeeper = tills
    found = {
        "iikoCloud": iiko.venues("iiko_cloud"), "iikoServer": iiko.venues("iiko_server"),
        "r_keeper": rkeeper.venues(), "White Server": rkeeper.venues(white=True),
    }  # fmt: skip
    return {name: venue(**venues[0]) for name, venues in found.items()}


def venue(name, timezone, pos, pos_config, **_):
    return Venue(1, 1, name, timezone, pos, pos_config)


def read(venue):
    """Return receipts, items and payments without the identifiers that each system gives its own.

    A check is known by its day and number instead. r_keeper does not tell what a struck dish would have cost.
    """
    with connect(venue) as till:
        sales = till.sales(FIRST, LAST)
    known = {one.external_id: (one.business_date, one.number, one.status) for one in sales.receipts}
    receipts = [
        one._replace(external_id="", cash_shift=None, cost=None if one.status == "void" else one.cost)
        for one in sales.receipts
    ]
    items = [
        one._replace(receipt=known[one.receipt], line="", cost=None if one.voided else one.cost) for one in sales.items
    ]
    payments = [one._replace(receipt=known[one.receipt], line="") for one in sales.payments]
    return Counter(receipts), Counter(items), Counter(payments)


def revenue(sales):
    return sum((one.revenue for one in sales[0].elements()), Decimal(0))


def is_paid(receipt):
    """Tell whether a receipt is neither void nor on the house."""
    return receipt.status != "void" and (receipt.revenue or receipt.discount)


def roubles(kopecks):
    return Decimal(int(kopecks)) / 100


def test_the_chain_has_of_everything_that_is_compared(doors):
    receipts, items, payments = read(doors["iikoServer"])
    assert {one.status for one in receipts} == {"sale", "void", "refund"}
    assert {one.channel for one in receipts} == {"dine_in", "takeaway", "delivery"}
    assert {one.kind for one in payments} == {"cash", "card", "non_cash", "write_off"}
    assert max(Counter(one.receipt for one in payments).values()) > 1
    for name in ("waiter", "table_name", "hall", "guests", "discount", "vat", "cost", "number", "discount_type"):
        assert any(getattr(one, name) for one in receipts), name
    assert len({one.discount_type for one in receipts}) > 3
    assert any(one.voided and one.void_reason for one in items)
    assert any(one.quantity < 0 for one in items)
    assert any(one.closed_at.astimezone(MOSCOW).date() > one.business_date for one in receipts)


@pytest.mark.parametrize("state", ["as it was", "edited", "with a surcharge", "with a shift that nobody closed"])
def test_every_door_tells_the_same(doors, present, state):
    if state == "edited":
        present.replace(edited(present.chain, seed=1, number=60))
    elif state == "with a surcharge":
        present.replace(surcharged(present.chain, np.arange(0, len(present.chain.receipts), 7), 10))
    elif state != "as it was":
        present.replace(forgotten_shift(present.chain, 0, FIRST, 1))
    told = {name: read(one) for name, one in doors.items()}
    truth = told.pop("iikoServer")
    chain = present.chain
    assert sum(truth[0].values()) == len(chain.receipts)
    assert all(one.gross - one.discount == one.revenue for one in truth[0] if is_paid(one))
    assert revenue(truth) == roubles(chain.receipts.loc[chain.receipts["status"] != "void", "revenue"].sum())
    for name, sales in told.items():
        for what, ours, theirs in zip(("receipts", "items", "payments"), sales, truth, strict=True):
            assert ours == theirs, f"{what} through {name}"


@pytest.mark.parametrize("door", ["r_keeper", "White Server"])
def test_the_open_shift_is_read_live_and_becomes_the_same_receipts_in_the_reports(doors, present, door):
    def without_costs(sales):
        return [Counter(one._replace(cost=None) if hasattr(one, "cost") else one for one in part.elements())
                for part in sales]  # fmt: skip

    closed = without_costs(read(doors[door]))
    present.now = datetime(2026, 10, 27, 5, 59)
    assert without_costs(read(doors[door])) == closed
    present.now = datetime(2026, 10, 26, 20, 0)
    now = present.now.replace(tzinfo=MOSCOW).astimezone(UTC)
    evening = [one for one in closed[0].elements() if one.closed_at <= now]
    assert len(evening) < sum(closed[0].values())
    assert without_costs(read(doors[door]))[0] == Counter(evening)
