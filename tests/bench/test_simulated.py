"""The records that are measured with are the chain's, to the kopeck."""

from decimal import Decimal

import pytest

from bench.stage.simulated import catalogue_of, chain_of, sales_of


@pytest.fixture(scope="module")
def small_chain():
    return chain_of(venues=2, days=10)


@pytest.fixture(scope="module")
def second_venue(small_chain):
    return sales_of(small_chain, 1)


def test_money_adds_up_to_that_of_the_chain(small_chain, second_venue):
    for name, records in (("receipts", second_venue.receipts), ("items", second_venue.items)):
        truth = getattr(small_chain, name)
        kopecks = int(truth.loc[truth["venue"] == 1, "revenue"].sum())
        assert sum(record.revenue for record in records) == Decimal(kopecks) / 100


def test_keys_tell_records_apart(second_venue):
    for records in (second_venue.receipts, second_venue.items, second_venue.payments):
        keys = {record[0] if len(record) == 16 else record[:2] for record in records}
        assert len(keys) == len(records) > 100


def test_lines_belong_to_receipts_and_name_things_of_the_catalogue(small_chain, second_venue):
    catalogue = catalogue_of(small_chain)
    receipts = {receipt.external_id for receipt in second_venue.receipts}
    products = {product.external_id for product in catalogue.products}
    people = {person.external_id for person in catalogue.employees}
    assert all(line.receipt in receipts and line.product in products for line in second_venue.items)
    assert {line.waiter for line in second_venue.items} | {r.waiter for r in second_venue.receipts} <= people


def test_times_are_told_in_utc_and_days_lie_in_the_window(second_venue):
    first, last = second_venue.window
    assert all(first <= receipt.business_date <= last for receipt in second_venue.receipts)
    assert all(receipt.opened_at.utcoffset().total_seconds() == 0 for receipt in second_venue.receipts)
    assert {None} < {receipt.hall for receipt in second_venue.receipts}
