"""Both doors of iiko give the truth to the kopeck, over real HTTP."""

from collections import Counter
from datetime import UTC, date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mozg.model import Payment, Receipt, ReceiptItem
from mozg.pos import Till, connect
from mozg.simulate.chain import METHODS, REASONS, guid

FIRST, MIDDLE, LAST = date(2026, 10, 5), date(2026, 11, 4), date(2026, 11, 8)


def roubles(kopecks):
    return (Decimal(int(kopecks)) / 100).quantize(Decimal("0.01"))


def known(row):
    return {name: roubles(getattr(row, name)) for name in ("gross", "discount", "revenue", "vat", "cost")}


class Truth:
    """What the chain says of one venue, as records."""

    def __init__(self, chain, venue):
        self.zone = ZoneInfo(chain.venues["timezone"][venue])
        self.staff = chain.employees["external_id"]
        self.dishes = chain.products["external_id"]
        receipts = chain.receipts[chain.receipts["venue"] == venue]
        self.ids = {row.Index: row.external_id + "/storno" * (row.status == "refund") for row in receipts.itertuples()}
        self.voids = set(receipts.index[receipts["status"] == "void"])
        self.receipts = [self.receipt(row) for row in receipts.itertuples()]
        self.items = [self.item(row) for row in chain.items[chain.items["venue"] == venue].itertuples()]
        ways = {name: guid(chain.seed, "pay", name) for name, _ in METHODS}
        paid = chain.payments[chain.payments["venue"] == venue]
        self.payments = [
            Payment(self.ids[row.receipt], ways[row.method], row.business_date.date(), row.method, row.kind,
                    roubles(row.amount))
            for row in paid.itertuples()
        ]  # fmt: skip

    def utc(self, stamp):
        return stamp.to_pydatetime().replace(tzinfo=self.zone).astimezone(UTC)

    def receipt(self, row):
        hall = row.channel == "dine_in"
        return Receipt(
            external_id=self.ids[row.Index], business_date=row.business_date.date(), opened_at=self.utc(row.opened_at),
            closed_at=self.utc(row.closed_at), number=str(row.number), status=row.status, guests=row.guests,
            **known(row), waiter=self.staff[row.waiter], table_name=str(row.table) if hall else None,
            hall=row.hall if hall else None, channel=row.channel,
            discount_type=row.discount_type if row.discount else None,
        )  # fmt: skip

    def item(self, row):
        return ReceiptItem(
            receipt=self.ids[row.receipt], line="", business_date=row.business_date.date(),
            product=self.dishes[row.product], quantity=Decimal(row.quantity).quantize(Decimal("0.001")), **known(row),
            waiter=self.staff[row.waiter], voided=row.state > 0 or row.receipt in self.voids,
            void_reason=REASONS[row.reason],
        )  # fmt: skip


@pytest.mark.parametrize("number", range(4))
def test_five_weeks_of_every_venue_come_back_to_the_kopeck(served, chain, venues, number):
    truth = Truth(chain, number)
    with connect(venues[number]) as till:
        parts = [till.sales(FIRST, MIDDLE), till.sales(MIDDLE + timedelta(1), LAST)]
    receipts = [record for part in parts for record in part.receipts]
    items = [record._replace(line="") for part in parts for record in part.items]
    payments = [record for part in parts for record in part.payments]
    assert Counter(receipts) == Counter(truth.receipts)
    assert Counter(items) == Counter(truth.items)
    assert Counter(payments) == Counter(truth.payments)
    assert [part.window for part in parts] == [(FIRST, MIDDLE), (MIDDLE + timedelta(1), LAST)]


@pytest.mark.parametrize("number", [0, 2])
def test_lines_have_keys_that_are_unique_and_the_same_when_read_again(venues, number):
    with connect(venues[number]) as till:
        week = till.sales(LAST - timedelta(6), LAST)
        day = till.sales(LAST - timedelta(1), LAST - timedelta(1))
    for name in ("items", "payments"):
        keys = {(one.receipt, one.line): one for one in getattr(week, name)}
        assert len(keys) == len(getattr(week, name))
        assert all(keys[one.receipt, one.line] == one for one in getattr(day, name))
    assert len({one.external_id for one in week.receipts}) == len(week.receipts)


@pytest.mark.parametrize("number", [0, 3])
def test_statuses_and_voided_lines(venues, number):
    with connect(venues[number]) as till:
        sales = till.sales(FIRST, MIDDLE)
    by_status = {
        status: [one for one in sales.receipts if one.status == status] for status in ("sale", "refund", "void")
    }
    assert all(one.revenue == 0 < one.gross for one in by_status["void"])
    assert all(one.revenue < 0 for one in by_status["refund"])
    assert len(by_status["void"]) > 3 < len(by_status["refund"])
    voided = [one for one in sales.items if one.voided]
    assert all(one.revenue == 0 < one.gross for one in voided)
    assert any(one.void_reason for one in voided)
    assert not any(one.void_reason for one in sales.items if not one.voided)


def test_the_catalogue_is_the_same_through_both_doors(chain, venues):
    with connect(venues[0]) as server:
        ours = server.catalogue()
    with connect(venues[2]) as cloud:
        theirs = cloud.catalogue()
    assert ours.categories == theirs.categories
    dishes, goods = ours.products[: len(chain.products)], ours.products[len(chain.products) :]
    assert theirs.products == dishes + [one._replace(unit=None) for one in goods]
    assert {one.external_id: one.section for one in dishes} == dict(
        zip(chain.products["external_id"], chain.products["section"], strict=True)
    )
    assert [one.price for one in dishes] == [roubles(price) for price in chain.products["price"]]
    assert {one.unit for one in dishes} == {"порц"}
    by_id = {one.external_id: one for one in ours.employees}
    assert all(by_id[one.external_id] == one for one in theirs.employees)


def test_the_staff_is_people_only_and_leavers_are_inactive(chain, venues):
    with connect(venues[0]) as till:
        staff = till.catalogue().employees
    assert {one.external_id for one in staff} <= set(chain.employees["external_id"])
    assert {one.role for one in staff} == {"Официант", "Бармен", "Менеджер", "Повар"}
    gone = [one for one in staff if one.left_on]
    assert gone
    assert not any(one.active for one in gone)


def test_a_night_check_keeps_its_business_date_and_its_moment(chain, venues):
    with connect(venues[1]) as till:
        sales = till.sales(FIRST, FIRST + timedelta(6))
    moscow = ZoneInfo("Europe/Moscow")
    late = [one for one in sales.receipts if one.opened_at.astimezone(moscow).date() > one.business_date]
    assert late
    assert all(one.opened_at.tzinfo is UTC for one in late)


def test_questions_are_put_one_after_another_and_within_the_vendors_limits(served, venues):
    till: Till
    for venue in venues:
        with connect(venue) as till:
            till.catalogue()
            till.sales(LAST, LAST)
    assert max(served.log.busiest.values()) == 1
    assert served.log.widest == 7


def test_days_without_sales_are_empty_and_not_an_error(venues):
    with connect(venues[0]) as till:
        sales = till.sales(date(2020, 1, 1), date(2020, 1, 31))
    assert (sales.receipts, sales.items, sales.payments) == ([], [], [])


@pytest.mark.parametrize("last", [date(2026, 10, 1), date(2026, 11, 2)])
def test_a_window_is_between_one_and_31_days(venues, last):
    with connect(venues[2]) as till, pytest.raises(ValueError, match="1 to 31 days"):
        till.sales(date(2026, 10, 2), last)
