"""A refresh copies exactly what was touched, in one snapshot, and survives being killed."""

import multiprocessing
import random
import threading
import time
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from mozg.errors import LakeError
from mozg.lake.refresh import refresh
from mozg.lake.rollups import ROLLUPS
from mozg.lake.sweeps import TABLE_HOURS
from mozg.lake.tables import DIMENSIONS
from mozg.metrics import query
from mozg.model import Catalogue, Category, Product, Sales
from mozg.store.database import admin_engine, transaction
from mozg.store.load import load_sales

FACTS = {"receipts": "receipts", "items": "receipt_items", "payments": "payments"}
MONEY = {"receipts": "revenue", "items": "revenue", "payments": "amount"}


def house_menu(product):
    return Catalogue([Category("food", "Еда", section="kitchen")], [product])


def copied(lake, table):
    sums = f"SELECT venue_id, business_date, count(*), sum({MONEY[table]}) FROM {table}"
    return lake.rows(f"{sums} GROUP BY ALL ORDER BY ALL")


def recorded(organization, table):
    query = text(
        f"SELECT venue_id, business_date, count(*), sum({MONEY[table]}) FROM {FACTS[table]} WHERE NOT deleted "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    with transaction(organization.id) as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize("table", FACTS)
def test_the_lake_holds_what_the_record_holds(chain_organization, chain_lake, table):
    assert copied(chain_lake, table) == recorded(chain_organization, table) != []


def test_every_table_is_there(chain_lake):
    names = {name for (name,) in chain_lake.rows("SHOW TABLES")}
    stored = {*(rollup.name for rollup in ROLLUPS), TABLE_HOURS.name}
    assert names == {*(table.name for table in DIMENSIONS), *FACTS, *stored}


def test_without_a_lake_the_sentence_says_so_and_later_it_is_found(house, check, days):
    with pytest.raises(LakeError, match="no lake yet"):
        house.lake()
    house.sell(check(1, days[0]))
    assert house.revenue_by_day() == {days[0]: Decimal("100.00")}


def test_a_first_refresh_of_nothing_makes_an_empty_lake(house):
    refreshed = refresh(house.organization)
    assert refreshed.venue_days == 0
    assert house.revenue_by_day() == {}


def test_only_touched_days_are_written_again(house, check, days):
    first = house.sell(*(check(day.day, day) for day in days[:10]))
    second = house.sell(check(3, days[2], "150.00"))
    assert (first.venue_days, second.venue_days) == (10, 1)
    assert house.revenue_by_day() == {day: Decimal("150.00" if day.day == 3 else "100.00") for day in days[:10]}
    changes = house.lake().rows(
        f"SELECT DISTINCT business_date FROM ducklake_table_changes('lake_{second.snapshot}', 'main', 'receipts', "
        f"{second.snapshot}, {second.snapshot})"
    )
    assert changes == [(days[2],)]


def test_days_far_apart_are_refreshed_together(house, check):
    far = [date(2020, 2, 29), date(2024, 1, 1), date(2026, 3, 1), date(2026, 3, 2)]
    assert house.sell(*(check(number, day) for number, day in enumerate(far))).venue_days == 4
    assert house.revenue_by_day() == dict.fromkeys(far, Decimal("100.00"))


def test_nothing_touched_is_no_new_snapshot(house, check, days):
    first = house.sell(check(1, days[0]))
    assert house.sell(check(1, days[0])).snapshot == first.snapshot


def test_what_the_till_took_back_is_gone_from_facts_and_rollups(house, check, days):
    house.sell(check(1, days[0]), check(2, days[1]), window=(days[0], days[1]))
    house.sell(check(1, days[0]), window=(days[0], days[1]))
    for table in (*FACTS, "daily_sales", "hourly_sales", "dish_days", "waiter_days", "payment_days"):
        assert house.lake().rows(f"SELECT DISTINCT business_date FROM {table}") == [(days[0],)], table


def test_a_check_that_moves_to_another_day_leaves_the_old_one(house, check, days):
    house.sell(check(1, days[0]), check(2, days[0]))
    house.sell(check(2, days[4]))
    assert house.revenue_by_day() == {days[0]: Decimal("100.00"), days[4]: Decimal("100.00")}


def test_one_refresh_is_one_snapshot(house, check, days):
    first = house.sell(check(1, days[0]))
    second = house.sell(check(1, days[0], "1.00"), check(2, days[20]), check(3, days[30]))
    assert second.snapshot == first.snapshot + 1


def test_names_reach_the_lake_also_on_a_day_without_sales(house, check, days):
    house.sell(check(1, days[0]))
    house.teach(house_menu(Product("soup", "Суп дня", "food")))
    refresh(house.organization)
    assert query(house.lake(), ["revenue"], ["dish"])["dish"].tolist() == ["Суп дня"]


def test_a_dish_that_goes_to_the_bar_goes_there_in_the_past_too(house, check, days):
    house.sell(check(1, days[0]), check(2, days[1], product="tea"))
    house.teach(house_menu(Product("soup", "Суп", "drinks")))
    house.sell(check(3, days[2]))
    for rollups in (True, False):
        answer = query(house.lake(), ["kitchen_revenue", "bar_revenue"], rollups=rollups)
        assert answer["bar_revenue"].tolist() == [Decimal("300.00")], rollups
        assert answer["kitchen_revenue"].isna().all(), rollups


def test_an_old_snapshot_gives_the_old_digits(house, check, days):
    first = house.sell(check(1, days[0]), check(2, days[1]))
    second = house.sell(check(1, days[0], "1.00"), check(2, days[1]))
    third = house.sell(check(2, days[1]), window=(days[0], days[1]))
    hundred, one = Decimal("100.00"), Decimal("1.00")
    assert house.revenue_by_day(first.snapshot) == {days[0]: hundred, days[1]: hundred}
    assert house.revenue_by_day(second.snapshot) == {days[0]: one, days[1]: hundred}
    assert house.revenue_by_day(third.snapshot) == house.revenue_by_day() == {days[1]: hundred}
    assert query(house.lake(first.snapshot), ["revenue"])["revenue"].tolist() == [2 * hundred]


def test_a_snapshot_that_is_not_there_is_refused(house, check, days):
    house.sell(check(1, days[0]))
    with pytest.raises(LakeError, match="no snapshot 999"):
        house.lake(999)


def test_a_lake_that_is_open_stays_at_its_snapshot(house, check, days):
    house.sell(check(1, days[0]))
    early = house.lake()
    house.sell(check(1, days[0], "5.00"))
    assert early.rows("SELECT sum(revenue) FROM receipts") == [(Decimal("100.00"),)]
    assert house.lake().rows("SELECT sum(revenue) FROM receipts") == [(Decimal("5.00"),)]


@pytest.mark.slow
def test_readers_see_whole_states_only_while_the_writer_works(house, check, days):
    """Each state gives every one of ten days the same revenue; a reader must never see two in one state."""
    house.sell(*(check(day.day, day, "1.00") for day in days[:10]))
    done, seen, faults = threading.Event(), set(), []

    def read():
        while not done.is_set():
            try:
                seen.add(frozenset(house.revenue_by_day().values()))
            except Exception as error:  # noqa: BLE001  # whatever goes wrong in the thread must fail the test
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for state in range(2, 5):
        house.sell(*(check(day.day, day, f"{state}.00") for day in days[:10]))
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert all(len(state) == 1 for state in seen)
    assert len(seen) > 1


def test_two_refreshes_at_once_wait_for_each_other(house, check, days):
    house.sell(*(check(day.day, day) for day in days))
    house.load(Sales([check(1, days[0], "7.00")[0]]))
    results = []
    threads = [threading.Thread(target=lambda: results.append(refresh(house.organization))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.venue_days for result in results) == [0, 0, 1]
    assert house.revenue_by_day()[days[0]] == Decimal("7.00")


def test_a_day_that_is_committed_late_is_not_forgotten(house, check, days):
    """Two syncs run while a refresh copies: the one that began first commits last, in the middle of the copying."""
    house.sell(check(1, days[0]))
    with transaction(house.organization.id) as late, admin_engine().connect() as gate:
        load_sales(late, house.organization.id, house.venue.id, Sales([check(2, days[1])[0]]), 90)
        house.load(Sales([check(3, days[2])[0]]))
        with gate.begin():
            gate.execute(text("LOCK TABLE employees IN ACCESS EXCLUSIVE MODE"))
            copying = threading.Thread(target=refresh, args=[house.organization])
            copying.start()
            _wait_until_somebody_waits()
            late.commit()
        copying.join()
    refresh(house.organization)
    assert set(house.revenue_by_day()) == set(days[:3])


def _wait_until_somebody_waits():
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    deadline = time.monotonic() + 20
    with admin_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(query):
            assert time.monotonic() < deadline, "the refresh never came to the table that we hold"
            time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_refresh_leaves_the_lake_as_it_was_and_the_next_one_does_the_work(house, check, days):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    moments = random.Random(seed)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["mozg.lake.refresh"])
    house.sell(*(check(day.day, day, "1.00") for day in days))
    alive = 0
    for attempt in range(6):
        before = house.revenue_by_day()
        house.load(Sales([check(day.day, day, f"{attempt + 2}.00")[0] for day in days]))
        process = processes.Process(target=refresh, args=[house.organization])
        process.start()
        time.sleep(moments.uniform(0.1, 1.2))
        alive += process.is_alive()
        process.kill()
        process.join()
        after = Decimal(f"{attempt + 2}.00")
        assert house.revenue_by_day() in (before, dict.fromkeys(days, after))
        if attempt % 2:
            refresh(house.organization)
            assert house.revenue_by_day() == dict.fromkeys(days, after)
            assert query(house.lake(), ["revenue"])["revenue"].tolist() == [31 * after]
    assert alive > 0
