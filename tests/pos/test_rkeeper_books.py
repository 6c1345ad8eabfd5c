"""What r_keeper tells besides receipts, and what it says of itself."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError
from mozg.model import STREAMS, Venue
from mozg.pos import connect
from mozg.simulate.rkeeper.base import SCRIPT, procedures

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 7)


@pytest.fixture
def till(rkeeper_venue):
    with connect(rkeeper_venue) as till:
        yield till


def roubles(kopecks):
    return Decimal(int(kopecks)) / 100


def stream(till, name, first=FIRST, last=LAST):
    records = till.streams[name](first, last)
    assert {type(record) for record in records} <= {STREAMS[name].record}
    return records


def test_it_says_who_it_is(rkeeper, till):
    told = till.about()
    assert (told.restaurant, told.system) == (rkeeper.chain.venues["name"][0], "r_keeper 7.26.8.2001")


def test_another_restaurants_number_is_refused_with_those_that_may_be_meant(rkeeper, rkeeper_venue):
    wrong = replace(rkeeper_venue, pos_config=rkeeper_venue.pos_config | {"restaurant_id": "4"})
    with connect(wrong) as till, pytest.raises(TillAccessDenied, match=r"no restaurant '4'.*restaurant_id") as caught:
        till.about()
    assert f"{rkeeper.chain.venues['name'][1]} (1000002)" in str(caught.value)


def test_the_cash_server_knows_its_restaurant_where_the_settings_name_none(rkeeper):
    venue = rkeeper.venues(white=True)[1]
    venue["pos_config"].pop("restaurant_id")
    with connect(make(**venue)) as till:
        assert till.about().restaurant == rkeeper.chain.venues["name"][1]


def make(name, timezone, pos, pos_config, **_):
    return Venue(1, 1, name, timezone, pos, pos_config)


@pytest.mark.parametrize("setting", ["restaurant_id", "price_type"])
def test_idents_are_numbers(rkeeper_venue, setting):
    wrong = replace(rkeeper_venue, pos_config=rkeeper_venue.pos_config | {setting: "the first"})
    with pytest.raises(SettingsError, match=f"{setting} of venue .* is 'the first'"):
        connect(wrong)


def test_another_major_version_is_not_spoken(rkeeper, till, monkeypatch):
    for node in (rkeeper.reference, *rkeeper.doors.cash.values()):
        monkeypatch.setattr(node, "version", "8.1.0.3")
    with pytest.raises(TillAnswerError, match=r"speaks version '8\.1\.0\.3'\. This adapter speaks r_keeper 7\."):
        till.about()


def test_a_report_database_without_our_procedures(rkeeper, till, monkeypatch):
    monkeypatch.setattr(rkeeper.base, "procedures", {})
    for read in (till.about, lambda: till.sales(FIRST, FIRST)):
        with pytest.raises(TillAnswerError, match=r"lacks the procedures that MOZG reads.*procedures.sql"):
            read()


def test_the_menu_and_the_people(rkeeper, till):
    chain, told = rkeeper.chain, till.catalogue()
    assert {(one.external_id, one.name, one.price, one.active) for one in told.products} == {
        (row.external_id, row.name, roubles(row.price), row.active) for row in chain.products.itertuples()
    }
    sections = dict(zip(chain.products["external_id"], chain.products["section"], strict=True))
    assert {one.external_id: one.section for one in told.products} == sections
    names = dict(zip(chain.employees["external_id"], chain.employees["name"], strict=True))
    assert all(names[one.external_id] == one.name for one in told.employees)
    assert {one.role for one in told.employees} == {"Официант", "Бармен", "Менеджер", "Повар"}
    assert any(not one.active for one in told.employees)


def test_cash_shifts_have_the_tills_own_totals(rkeeper, till):
    shifts, sales = stream(till, "cash_shifts"), till.sales(FIRST, LAST)
    truth = rkeeper.chain.cash_shifts
    truth = truth[truth["venue"] == 0]
    assert [(one.business_date, one.number) for one in sorted(shifts)] == [
        (row.business_date.date(), str(row.number)) for row in truth.itertuples()
    ]
    for name in ("cash", "card", "non_cash"):
        assert {one.business_date: getattr(one, name) for one in shifts} == {
            row.business_date.date(): roubles(getattr(row, name)) for row in truth.itertuples()
        }
    revenue = Counter()
    for one in sales.receipts:
        revenue[one.cash_shift] += one.revenue if one.status != "void" else 0
    revenue.pop(None, None)
    assert {one.external_id: one.revenue for one in shifts} == dict(revenue)
    managers = {one.external_id for one in till.catalogue().employees if one.role == "Менеджер"}
    assert all(one.responsible in managers and one.register == "Касса 1" for one in shifts)


def test_attendances(rkeeper, till):
    chain = rkeeper.chain
    told = stream(till, "shifts", FIRST + timedelta(1), LAST)
    people, inside = chain.employees["external_id"], chain.attendances["business_date"] > str(FIRST)
    truth = chain.attendances[(chain.attendances["venue"] == 0) & inside]
    assert {(one.employee, one.business_date) for one in told} == {
        (people[row.employee], row.business_date.date()) for row in truth.itertuples()
    }
    assert all(one.ended_at is None or one.started_at < one.ended_at for one in told)
    assert {one.role for one in told} == {"Официант", "Бармен", "Менеджер", "Повар"}


def test_tables_and_means_of_payment(rkeeper, till):
    tables = rkeeper.chain.tables[rkeeper.chain.tables["venue"] == 0]
    assert {(one.name, one.hall, one.seats) for one in stream(till, "dining_tables")} == {
        (str(row.number), row.hall, row.seats) for row in tables.itertuples()
    }
    assert {(one.name, one.kind) for one in stream(till, "payment_types")} == {
        ("Наличные", "cash"), ("Банковская карта", "card"), ("СБП", "non_cash"), ("За счёт заведения", "write_off"),
    }  # fmt: skip


def test_the_stop_list_is_the_cash_servers(rkeeper, till, rkeeper_venue):
    stops = rkeeper.chain.stops
    first = stops[stops["venue"] == 0].iloc[0]
    rkeeper.present.now = first["started_at"].to_pydatetime() + timedelta(minutes=1)
    told = stream(till, "stop_list")
    assert rkeeper.chain.products["external_id"][first["product"]] in {one.product for one in told}
    assert all(not one.remaining for one in told)
    if rkeeper_venue.pos == "rkeeper":
        alone = {name: value for name, value in rkeeper_venue.pos_config.items() if name != "cash_url"}
        with connect(replace(rkeeper_venue, pos_config=alone)) as till:
            assert "stop_list" not in till.streams


def test_what_storehouse_keeps_is_not_told(till):
    assert set(STREAMS) - set(till.streams) == {
        "write_offs", "purchases", "stock_counts", "ledger_entries", "product_costs",
    }  # fmt: skip


def test_the_script_creates_every_procedure_that_is_called(rkeeper, till):
    till.about()
    till.sales(FIRST, FIRST)
    for read in till.streams.values():
        read(FIRST, FIRST)
    called = {path.rpartition("/")[2] for path in rkeeper.log.paths if "sqlprocdata" in path}
    assert {f"RK7SQLPROC{name}" for name in called} <= set(procedures(SCRIPT.read_text("utf-8")))
