"""Poster's checks come back to the kopeck over real HTTP, and what goes wrong ends in one sentence."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError, TillBusy
from mozg.model import Venue
from mozg.pos import connect as connect_by_name
from mozg.pos.clock import Clock
from mozg.pos.conformance import broken_promises
from mozg.pos.poster import connect, records
from mozg.simulate import Chain
from mozg.simulate.poster import serve_poster

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 7)


@pytest.fixture(scope="module")
def serving():
    with serve_poster(Chain.generate(7, FIRST, LAST, venues=2)) as served:
        yield served


@pytest.fixture
def served(serving):
    yield serving
    serving.faults.clear()
    serving.log.clear()


@pytest.fixture
def venue(served):
    venue = served.venues()[0]
    return Venue(1, 1, venue["name"], venue["timezone"], "poster", venue["pos_config"], venue["day_start_hour"])


def roubles(kopecks):
    return (Decimal(int(kopecks)) / 100).quantize(Decimal("0.01"))


def test_three_days_come_back_to_the_kopeck(served, venue, patience):
    with connect(venue, patience) as till:
        sales = till.sales(FIRST, LAST)
    chain, zone = served.present.chain, ZoneInfo(venue.timezone)
    truth = chain.receipts[(chain.receipts["venue"] == 0) & (chain.receipts["status"] != "refund")]
    kept = {"sale": "revenue", "void": None}
    assert Counter((one.business_date, one.closed_at, one.status, one.gross, one.revenue, one.channel)
                   for one in sales.receipts) == Counter(
        (row.business_date.date(), row.closed_at.to_pydatetime().replace(tzinfo=zone).astimezone(UTC), row.status,
         roubles(row.gross), roubles(row.revenue if kept[row.status] else 0), row.channel) for row in truth.itertuples()
    )  # fmt: skip
    paid = chain.payments[chain.payments["receipt"].isin(truth.index)]
    for kind in ("cash", "card", "non_cash"):
        assert sum(one.amount for one in sales.payments if one.kind == kind) == roubles(
            paid.loc[paid["kind"] == kind, "amount"].sum()
        )
    cost = chain.items[
        (chain.items["state"] == 0) & chain.items["receipt"].isin(truth.index[truth["status"] == "sale"])
    ]
    assert sum(one.cost for one in sales.items if not one.voided) == roubles(cost["cost"].sum())


def test_it_keeps_every_promise_of_a_till(venue):
    assert broken_promises(lambda: connect_by_name(venue), FIRST, LAST) == []


def test_pages_are_followed_to_the_end(served, venue, patience):
    with connect(venue, patience) as till:
        assert len(till.sales(FIRST, LAST).receipts) > 100
    assert served.log.paths["/api/dash.getTransactions"] >= 3


def test_it_names_the_restaurant_or_those_that_may_be_meant(venue, patience):
    with connect(venue, patience) as till:
        assert till.about().restaurant == venue.name
    wrong = replace(venue, pos_config=venue.pos_config | {"spot_id": "9"})
    with connect(wrong, patience) as till, pytest.raises(TillAccessDenied, match=r"no restaurant '9'.*spot_id"):
        till.about()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [(11, TillAccessDenied, "Check the venue's token"), (20, TillAccessDenied, "Give the application the right"),
     (503, TillAccessDenied, "archived"), (700, TillAccessDenied, "tariff"), (42, TillAnswerError, "code 42"),
     (500, TillBusy, "not able to answer")],
)  # fmt: skip
def test_what_poster_says_is_understood(served, venue, patience, monkeypatch, code, kind, words):
    monkeypatch.setattr(served, "refusing", (code, "because"))
    with connect(venue, patience) as till, pytest.raises(kind, match=words) as caught:
        till.sales(FIRST, FIRST)
    assert venue.pos_config["token"] not in str(caught.value)


def test_a_wrong_token_and_a_missing_one(venue, patience):
    wrong = replace(venue, pos_config=venue.pos_config | {"token": "nonsense"})
    with connect(wrong, patience) as till, pytest.raises(TillAccessDenied, match="Check the venue's token"):
        till.catalogue()
    with pytest.raises(SettingsError, match="lacks token"):
        connect(replace(venue, pos_config=venue.pos_config | {"token": ""}))


def test_a_page_is_not_an_answer(served, venue, patience):
    served.faults.page("getTransactions")
    with connect(venue, patience) as till, pytest.raises(TillAnswerError, match="an HTML page"):
        till.sales(FIRST, FIRST)


@pytest.mark.parametrize(
    ("more", "status", "revenue", "reason"),
    [({}, "sale", Decimal("9.00"), None), ({"status": "3"}, "void", 0, None),
     ({"print_fiscal": "2"}, "void", 0, "Returned"), ({"reason": "1"}, "void", 0, "Guests left without paying")],
    ids=["sold", "deleted", "returned", "unpaid"],
)  # fmt: skip
def test_what_counts_as_sold(venue, more, status, revenue, reason):
    check = {"transaction_id": "1", "status": "2", "date_start": "1759650000000", "date_close": "1759653600000",
             "guests_count": "2", "payed_cash": "900", "products": [
                 {"product_id": "7", "modification_id": "3", "num": "2", "product_price": "500", "payed_sum": "900"}],
             } | more  # fmt: skip
    day = date(2025, 10, 5)
    told = records.sales([check, check], Clock.of(venue), (day, day))
    (receipt,), (item,) = told.receipts, told.items
    assert (receipt.status, receipt.revenue, item.void_reason) == (status, revenue, reason)
    assert (item.product, item.gross, item.cost) == ("7.3", Decimal("10.00"), None)
    assert sum(one.amount for one in told.payments) == revenue
