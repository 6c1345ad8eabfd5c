"""What a restaurant keeps books of besides its checks comes back from both doors of iiko as the chain has it."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from mozg.model import STREAMS, Venue
from mozg.pos import connect
from mozg.simulate.chain import METHODS

FIRST, LAST = date(2026, 10, 12), date(2026, 11, 1)
NUMBER = 1  # a venue with a full history


def money(kopecks):
    return (Decimal(int(kopecks)) / 100).quantize(Decimal("0.01"))


def milli(amount):
    return Decimal(str(amount)).quantize(Decimal("0.001"))


@pytest.fixture(params=["iiko_server", "iiko_cloud"])
def door(request):
    return request.param


@pytest.fixture
def venue(served, door):
    row = served.venues(door)[NUMBER]
    return Venue(1, 1, row["name"], row["timezone"], row["pos"], row["pos_config"])


@pytest.fixture
def told(venue):
    """Read a stream of the venue for three weeks."""

    def _told(name, first=FIRST, last=LAST):
        with connect(venue) as till:
            rows = till.streams[name](first, last)
        assert all(isinstance(row, STREAMS[name].record) for row in rows)
        return list(rows)

    return _told


def of_chain(frame, *, first=FIRST, last=LAST):
    days = frame["business_date"].between(pd.Timestamp(first), pd.Timestamp(last))
    return list(frame[(frame["venue"] == NUMBER) & days].itertuples())


def test_streams_are_known_by_their_names(venue, door):
    with connect(venue) as till:
        names = set(till.streams)
    assert names <= set(STREAMS)
    only_in_the_cloud = {"stop_list", "dining_tables"}
    assert set(STREAMS) - names == (only_in_the_cloud if door == "iiko_server" else set())


def test_cash_shifts_have_the_tills_own_totals(told, chain, door):
    shifts = told("cash_shifts")
    truth = of_chain(chain.cash_shifts)
    assert Counter((one.business_date, one.cash, one.card, one.non_cash, one.revenue) for one in shifts) == Counter(
        (row.business_date.date(), money(row.cash), money(row.card), money(row.non_cash),
         money(row.cash + row.card + row.non_cash))
        for row in truth
    )  # fmt: skip
    assert all(one.closed_at > one.opened_at for one in shifts if door == "iiko_server")
    assert len({one.external_id for one in shifts}) == len(shifts)


def test_the_totals_of_shifts_are_those_of_the_receipts(venue):
    with connect(venue) as till:
        shifts, sales = till.streams["cash_shifts"](FIRST, LAST), till.sales(FIRST, LAST)
    assert sum(one.revenue for one in shifts) == sum(one.revenue for one in sales.receipts if one.status != "void")


def test_attendances(told, chain):
    truth, people = of_chain(chain.attendances), chain.employees
    assert Counter(
        (one.external_id, one.employee, one.business_date, one.role, one.pay, one.ended_at is None)
        for one in told("shifts")
    ) == Counter(
        (row.external_id, people["external_id"][row.employee], row.business_date.date(), people["role"][row.employee],
         None if pd.isna(row.pay) else money(row.pay), pd.isna(row.ended_at))
        for row in truth
    )  # fmt: skip
    (one,) = [one for one in told("shifts") if one.external_id == truth[0].external_id]
    assert one.started_at == truth[0].started_at.tz_localize(chain.venues["timezone"][NUMBER])


def test_write_offs_and_purchases(told, chain):
    ids = chain.goods["external_id"]
    assert Counter(
        (one.business_date, one.product, one.quantity, one.cost, one.reason, one.document) for one in told("write_offs")
    ) == Counter(
        (row.business_date.date(), ids[row.good], milli(row.quantity), money(row.cost), row.reason, row.document)
        for row in of_chain(chain.write_offs)
    )
    bought = told("purchases")
    assert Counter(
        (one.business_date, one.product, one.quantity, one.cost, one.supplier, one.document) for one in bought
    ) == Counter(
        (row.business_date.date(), ids[row.good], milli(row.quantity), money(row.cost), row.supplier, row.invoice)
        for row in of_chain(chain.purchases)
    )
    assert len({one.external_id for one in bought}) == len(bought) > 50


def test_stock_is_told_for_sundays_the_last_day_of_a_month_and_counts(told, chain):
    counts, ids = told("stock_counts"), chain.goods["external_id"]
    days = [date(2026, 10, 18), date(2026, 10, 25), date(2026, 10, 31), date(2026, 11, 1)]
    assert sorted({one.business_date for one in counts}) == days
    balances = {(row.business_date.date(), ids[row.good]): milli(row.quantity) for row in of_chain(chain.balances)}
    assert all(one.quantity == balances[one.business_date, one.product] for one in counts)
    counted = [one for one in counts if one.counted]
    truth = {ids[row.good]: row for row in of_chain(chain.stock_counts) if milli(row.quantity) != milli(row.book)}
    assert {one.business_date for one in counted} == {date(2026, 10, 31)}
    assert {one.product: one.expected for one in counted} == {key: milli(row.book) for key, row in truth.items()}
    assert len({one.external_id for one in counts}) == len(counts)


def test_the_ledger_makes_the_months_profit(told, chain):
    entries = told("ledger_entries")
    by_account = Counter()
    for one in entries:
        by_account[one.account] += one.amount
    sold = chain.receipts[(chain.receipts["venue"] == NUMBER) & (chain.receipts["status"] != "void")]
    sold = sold[sold["business_date"].between(pd.Timestamp(FIRST), pd.Timestamp(LAST))]
    assert by_account["Торговая выручка"] == money(sold["revenue"].sum() - sold["vat"].sum())
    assert by_account["Расход продуктов"] == money(sold["cost"].sum())
    for row in of_chain(chain.expenses):
        assert by_account[row.account] > 0
    assert {one.account_type for one in entries} == {"INCOME", "COST_OF_GOODS_SOLD", "EXPENSES"}
    assert len({one.external_id for one in entries}) == len(entries)


def test_costs_by_day_of_dishes_and_of_goods(told, chain):
    costs = {(one.product, one.valid_from): one.cost for one in told("product_costs")}
    lines = chain.items[(chain.items["venue"] == NUMBER) & (chain.items["state"] == 0) & (chain.items["quantity"] > 0)]
    line = lines[lines["business_date"] == pd.Timestamp(LAST)].iloc[0]
    dish = chain.products["external_id"][line["product"]]
    assert costs[dish, LAST] == money(line["cost"] // line["quantity"])
    bought = of_chain(chain.purchases)[0]
    cost = costs[chain.goods["external_id"][bought.good], bought.business_date.date()]
    assert float(cost) == pytest.approx(bought.cost / bought.quantity / 100, abs=0.01)
    october, november = ({key: cost for (key, day), cost in costs.items() if day.month == month} for month in (10, 11))
    assert any(october[key] != november[key] for key in october.keys() & november.keys())


@pytest.mark.parametrize("door", ["iiko_cloud"], indirect=True)
def test_what_cannot_be_sold_now(told, chain, served, door):
    stop = of_chain(chain.stops)[0]
    served.present.now = stop.started_at.to_pydatetime() + timedelta(minutes=5)
    (entry,) = [one for one in told("stop_list") if one.product == chain.products["external_id"][stop.product]]
    assert entry.started_at == stop.started_at.tz_localize(chain.venues["timezone"][NUMBER])
    assert entry.remaining == 0
    served.present.now = stop.ended_at.to_pydatetime() + timedelta(minutes=5)
    assert entry.product not in {one.product for one in told("stop_list")}


@pytest.mark.parametrize("door", ["iiko_cloud"], indirect=True)
def test_tables_are_those_of_the_receipts_with_their_seats(venue, chain, door):
    with connect(venue) as till:
        tables, sales = till.streams["dining_tables"](LAST, LAST), till.sales(LAST, LAST)
    mine = chain.tables[chain.tables["venue"] == NUMBER]
    assert [(one.name, one.hall, one.seats) for one in tables] == [
        (str(row.number), row.hall, row.seats) for row in mine.itertuples()
    ]
    assert {one.table_name for one in sales.receipts} - {None} <= {one.name for one in tables}


def test_means_of_payment(told, door):
    types = told("payment_types")
    assert [one.name for one in types] == [name for name, _ in METHODS]
    if door == "iiko_cloud":
        assert [one.kind for one in types] == [kind for _, kind in METHODS]


@pytest.mark.parametrize("door", ["iiko_server"], indirect=True)
def test_an_open_cash_shift(told, served, door):
    served.present.now = datetime(2026, 11, 1, 20)
    (today,) = [one for one in told("cash_shifts") if one.business_date == LAST]
    assert today.closed_at is None


def test_goods_have_names_in_the_catalogue(venue, chain, door):
    with connect(venue) as till:
        products = {one.external_id: one for one in till.catalogue().products}
    assert [products[key].name for key in chain.goods["external_id"]] == list(chain.goods["name"])
    units = list(chain.goods["unit"]) if door == "iiko_server" else [None] * len(chain.goods)
    assert [products[key].unit for key in chain.goods["external_id"]] == units
    withdrawn = chain.products[~chain.products["active"]]["external_id"]
    assert len(withdrawn)
    assert not any(products[key].active for key in withdrawn)
