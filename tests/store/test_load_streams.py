"""What tills tell besides sales is loaded as exactly as sales are."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mozg.model import STREAMS, CashShift, DiningTable, ProductCost, Shift, StopListEntry
from mozg.store.database import transaction
from mozg.store.load_streams import load_stream
from mozg.store.tables import Base

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))
WEEK = (MONDAY, date(2026, 3, 8))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def load(record):
    """Load rows of a stream, each time as a sync run of its own."""
    runs = iter(range(1, 1000))

    def _load(name, rows, window=WEEK):
        with transaction(record.organization.id) as connection:
            owner = (record.organization.id, record.venue.id)
            return load_stream(connection, *owner, STREAMS[name], rows, window, next(runs))

    return _load


def shift(number, day=MONDAY, **details):
    return Shift(str(number), "e-1", day, NOON, **details)


def cost(product, day, amount):
    return ProductCost(product, day, Decimal(amount))


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_each_stream_has_a_table_with_a_column_for_each_of_its_fields(stream):
    assert set(stream.record._fields) <= set(Base.metadata.tables[stream.name].columns.keys())


def test_every_field_comes_back_as_it_was_given(record, load):
    one = CashShift(
        "s-1", MONDAY, NOON, NOON + HOUR, "612", "1", "e-9", Decimal("141870.50"), 133, Decimal("51230.50"),
        Decimal("90640.00"), Decimal("0.00"), Decimal("-3.00"),
    )  # fmt: skip
    assert (load("cash_shifts", [one]).changed, load("cash_shifts", [one]).changed) == (1, 0)
    assert record.rows(f"SELECT {', '.join(one._fields)} FROM cash_shifts") == [tuple(one)]


def test_a_stream_by_days_is_its_window_changed_moved_and_deleted_rows_included(record, load):
    first = load("shifts", [shift(1), shift(2), shift(3, WEDNESDAY)])
    assert (first.read, first.changed, first.days) == (3, 3, {MONDAY, WEDNESDAY})
    record.days_to_refresh()
    again = load("shifts", [shift(1, ended_at=NOON + HOUR), shift(3, TUESDAY)])
    assert (again.changed, record.days_to_refresh()) == (3, [MONDAY, TUESDAY, WEDNESDAY])
    live = "SELECT external_id, business_date, ended_at FROM shifts WHERE NOT deleted ORDER BY 1"
    assert record.rows(live) == [("1", MONDAY, NOON + HOUR), ("3", TUESDAY, None)]
    load("shifts", [], (WEDNESDAY, WEDNESDAY))
    assert len(record.rows(live)) == 2


def test_a_whole_stream_is_everything_there_is(record, load):
    load("dining_tables", [DiningTable("1", "1", "Зал", 4), DiningTable("2", "2", "Веранда", 2)], (MONDAY, MONDAY))
    load("dining_tables", [DiningTable("1", "1", "Зал", 6)], (TUESDAY, TUESDAY))
    assert record.rows("SELECT name, seats FROM dining_tables WHERE NOT deleted") == [("1", 6)]
    assert record.days_to_refresh() == []


def test_costs_are_kept_from_the_day_on_which_they_change(record, load):
    load("product_costs", [cost("soup", MONDAY, "90.1234"), cost("tea", MONDAY, "5"), cost("soup", TUESDAY, "90.1234")])
    assert load("product_costs", [cost("soup", WEDNESDAY, "95"), cost("tea", WEDNESDAY, "5")]).changed == 1
    kept = "SELECT product, valid_from, cost FROM product_costs ORDER BY 1, 2"
    soup = [("soup", MONDAY, Decimal("90.1234")), ("soup", WEDNESDAY, Decimal("95.0000"))]
    assert record.rows(kept) == [*soup, ("tea", MONDAY, Decimal("5.0000"))]
    load("product_costs", [cost("soup", WEDNESDAY, "90.1234")])
    assert record.rows(kept)[1] == ("soup", WEDNESDAY, Decimal("90.1234"))


def test_an_entry_of_the_stop_list_lasts_until_it_is_gone(record, load):
    seen = "SELECT product, started_at, ended_at IS NULL, remaining FROM stop_list ORDER BY started_at"
    load("stop_list", [StopListEntry("soup", NOON), StopListEntry("tea", NOON, Decimal("3"))])
    assert load("stop_list", [StopListEntry("soup", NOON), StopListEntry("tea", NOON, Decimal("3"))]).changed == 0
    load("stop_list", [StopListEntry("tea", NOON, Decimal("1"))])
    assert record.rows(seen + ", product") == [
        ("soup", NOON, False, None),
        ("tea", NOON, True, Decimal("1.000")),
    ]
    load("stop_list", [StopListEntry("tea", NOON + HOUR)])
    assert record.rows("SELECT ended_at FROM stop_list WHERE ended_at IS NOT NULL AND product = 'tea'") == [
        (NOON + HOUR,)
    ]
    load("stop_list", [])
    assert record.rows("SELECT count(*) FROM stop_list WHERE ended_at IS NULL") == [(0,)]


def test_without_a_moment_an_entry_begins_when_it_is_first_seen(record, load):
    load("stop_list", [StopListEntry("soup")])
    load("stop_list", [StopListEntry("soup")])
    assert record.rows("SELECT count(*), max(now() - started_at) < interval '1 minute' FROM stop_list") == [(1, True)]
