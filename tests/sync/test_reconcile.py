"""What was read is held against the till's own totals; what changed late is found, and a stubborn till let be."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from mozg.errors import TillAccessDenied, TillBusy, TillUnreachable
from mozg.model import CashShift, DiningTable, Receipt, Shift
from mozg.store.readings import MOST_REREADS
from mozg.sync.cursors import cursors_of
from mozg.sync.engine import sync_venue

DAY = timedelta(days=1)
TODAY = date(2026, 10, 25)
LONG_AGO = TODAY - 20 * DAY


def moment(day, hour=12):
    return datetime.combine(day, time(hour), UTC)


def receipt(number, day, revenue, **details):
    return Receipt(str(number), day, moment(day), moment(day, 13), revenue=Decimal(revenue), **details)


def shift(day, revenue, number=1, **details):
    closed = {"closed_at": moment(day, 22)} | details
    return CashShift(f"{day}/{number}", day, moment(day, 8), revenue=Decimal(revenue), **closed)


@pytest.fixture
def read(organization, shelf_venue, shelf):
    """Sync the shelf, and tell which days of sales were asked for besides the last seven."""

    def _read(until=TODAY, **options):
        done = sync_venue(organization, shelf_venue, until=until, **options)
        last = (until - 6 * DAY, until)
        return done, [window for window in shelf.days_of("sales") if window != last]

    return _read


@pytest.fixture
def two_months(shelf, read):
    """Two months are on the shelf and in the record: a check and a cash shift a day."""
    days = [TODAY - n * DAY for n in range(55)]
    shelf.receipts = [receipt(n, day, "100.00") for n, day in enumerate(days)]
    shelf.rows["cash_shifts"] = [shift(day, "100.00") for day in days]
    done, _ = read()
    assert (done.differences, done.history_left) == ([], 0)
    shelf.days_of("sales")
    return days


def change(shelf, day, revenue, *, told=None):
    """Change the check of a day, and what its cash shift says; without ``told``, to the same."""
    amount = Decimal(revenue)
    shelf.receipts = [one._replace(revenue=amount) if one.business_date == day else one for one in shelf.receipts]
    total = Decimal(told or revenue)
    shelf.rows["cash_shifts"] = [
        one._replace(revenue=total) if one.business_date == day else one for one in shelf.rows["cash_shifts"]
    ]


@pytest.fixture
def on_long_ago(ask, organization):
    """Return what the record says of the check of that day."""
    return lambda column: ask(organization, f"SELECT {column} FROM receipts WHERE business_date = '{LONG_AGO}'")


@pytest.fixture
def let_pass(ask, organization):
    """Let time pass for the rows of a table: their moment in ``column`` was so long ago."""

    def _let_pass(table, column, age, day=None):
        where = f"WHERE business_date = '{day}'" if day else ""
        ask(organization, f"UPDATE {table} SET {column} = now() - interval '{age}' {where} RETURNING 1")

    return _let_pass


def test_a_sync_after_which_nothing_changed_reads_only_the_last_days(two_months, read):
    done, others = read()
    assert (done.changed, others) == (0, [])


def test_a_late_edit_that_moves_money_is_found_by_its_cash_shift(two_months, read, shelf, on_long_ago):
    change(shelf, LONG_AGO, "80.00")
    done, others = read()
    assert (others, done.differences) == ([(LONG_AGO, LONG_AGO)], [])
    assert on_long_ago("revenue") == [(Decimal("80.00"),)]
    assert read()[1] == []


def test_a_check_deleted_late_is_found_too(two_months, read, shelf, on_long_ago):
    shelf.receipts = [one for one in shelf.receipts if one.business_date != LONG_AGO]
    shelf.rows["cash_shifts"] = [one for one in shelf.rows["cash_shifts"] if one.business_date != LONG_AGO]
    shelf.rows["cash_shifts"].append(shift(LONG_AGO, "0.00"))
    assert read()[1] == [(LONG_AGO, LONG_AGO)]
    assert on_long_ago("deleted") == [(True,)]


def test_an_edit_that_moves_no_money_is_found_within_a_week(two_months, read, shelf, on_long_ago, let_pass):
    shelf.receipts = [one._replace(guests=3) if one.business_date == LONG_AGO else one for one in shelf.receipts]
    assert read()[1] == []
    let_pass("day_readings", "read_at", "8 days", LONG_AGO)
    assert read()[1] == [(LONG_AGO, LONG_AGO)]
    assert on_long_ago("guests") == [(3,)]


def test_a_till_without_cash_shifts_is_looked_at_every_day(shelf, read, let_pass):
    shelf.receipts = [receipt(1, LONG_AGO, "100.00")]
    read()
    shelf.days_of("sales")
    let_pass("day_readings", "read_at", "25 hours", LONG_AGO)
    assert read()[1] == [(LONG_AGO, LONG_AGO)]


def test_a_till_that_never_agrees_is_read_again_a_few_times_and_the_difference_is_told(two_months, read, shelf):
    change(shelf, LONG_AGO, "80.00", told="81.00")
    rereads = [read() for _ in range(MOST_REREADS + 2)]
    assert [len(others) for _, others in rereads] == [1] * MOST_REREADS + [0, 0]
    for done, _ in rereads:
        ((day, told, sold, settled),) = done.differences
        assert (day, told, sold) == (LONG_AGO, Decimal("81.00"), Decimal("80.00"))
    assert settled
    change(shelf, LONG_AGO, "80.00", told="80.00")
    done, others = read()
    assert (done.differences, others) == ([], [])


def test_it_is_tried_again_when_the_till_says_something_new(two_months, read, shelf):
    change(shelf, LONG_AGO, "80.00", told="81.00")
    for _ in range(MOST_REREADS + 1):
        read()
    change(shelf, LONG_AGO, "80.00", told="82.00")
    assert len(read()[1]) == 1


def test_receipts_that_name_their_cash_shift_are_compared_shift_by_shift(shelf, read):
    shelf.receipts = [
        receipt(1, TODAY, "100.00", cash_shift=f"{TODAY}/1"),
        receipt(2, TODAY, "50.00", cash_shift=f"{TODAY}/2"),
    ]
    shelf.rows["cash_shifts"] = [shift(TODAY, "100.00", 1), shift(TODAY, "50.00", 2)]
    assert read()[0].differences == []
    shelf.rows["cash_shifts"] = [shift(TODAY, "90.00", 1), shift(TODAY, "60.00", 2)]
    (found,) = read()[0].differences
    assert (found.till_revenue, found.revenue) == (Decimal("150.00"), Decimal("150.00"))


@pytest.mark.parametrize("told", [{"closed_at": None}, {"revenue": None}])
def test_an_open_shift_and_one_without_a_total_are_not_compared(shelf, read, told):
    shelf.receipts = [receipt(1, TODAY, "100.00")]
    shelf.rows["cash_shifts"] = [shift(TODAY, "70.00")._replace(**told)]
    assert read()[0].differences == []


def test_a_till_that_tells_no_end_of_its_shifts_is_compared_once_they_must_be_over(shelf, read):
    days = [TODAY, TODAY - DAY, TODAY - 2 * DAY]
    shelf.receipts = [receipt(n, day, "100.00") for n, day in enumerate(days)]
    shelf.rows["cash_shifts"] = [shift(day, "70.00", closed_at=None) for day in days]
    assert [one.business_date for one in read()[0].differences] == [TODAY - 2 * DAY]


def test_a_wrong_number_of_receipts_is_a_difference(shelf, read):
    shelf.receipts = [receipt(1, TODAY, "100.00"), receipt(2, TODAY, "-20.00", status="refund")]
    shelf.rows["cash_shifts"] = [shift(TODAY, "80.00", receipts=1)]
    assert read()[0].differences == []
    shelf.rows["cash_shifts"] = [shift(TODAY, "80.00", receipts=2)]
    assert [one.business_date for one in read()[0].differences] == [TODAY]


def test_history_is_compared_as_well(shelf, read):
    old = TODAY - 50 * DAY
    shelf.receipts = [receipt(1, old, "100.00")]
    shelf.rows["cash_shifts"] = [shift(old, "99.00")]
    done, _ = read()
    assert [one.business_date for one in done.differences] == [old]


def test_what_comes_after_a_day_is_over_is_counted_as_late_and_a_backfill_is_not(
    two_months, read, shelf, organization, ask
):
    late = "SELECT business_date, late_receipts, late_amount FROM day_readings WHERE late_receipts > 0"
    assert ask(organization, late) == []
    change(shelf, LONG_AGO, "80.00")
    change(shelf, TODAY, "500.00")
    read()
    assert ask(organization, late) == [(LONG_AGO, 1, Decimal("20.00"))]
    read()
    assert ask(organization, late) == [(LONG_AGO, 1, Decimal("20.00"))]


def test_a_restaurant_that_is_no_longer_seen_loses_nothing(two_months, read, shelf, organization, ask):
    shelf.receipts, shelf.refuses = [], {"about": TillAccessDenied("The till shows this sign-in no such restaurant.")}
    with pytest.raises(TillAccessDenied):
        read()
    assert ask(organization, "SELECT count(*) FROM receipts WHERE deleted") == [(0,)]


def test_each_stream_has_its_cursor_and_what_a_till_lacks_is_named(shelf, read, shelf_venue, organization, ask):
    shelf.rows |= {
        "shifts": [Shift("s", "e", LONG_AGO, moment(LONG_AGO))],
        "dining_tables": [DiningTable("1", "1", seats=4)],
    }
    done, _ = read()
    assert ask(organization, "SELECT count(*) FROM shifts UNION ALL SELECT count(*) FROM dining_tables") == [(1,), (1,)]
    cursors = cursors_of(shelf_venue)
    for name in ("sales", "shifts"):
        assert (cursors[name].read_from, cursors[name].read_until) == (shelf_venue.opened_on, TODAY)
    assert "write_offs" in done.missing
    assert not {"shifts", "dining_tables"} & set(done.missing)
    shelf.rows["write_offs"] = []
    assert "write_offs" not in read()[0].missing


@pytest.mark.parametrize("why", [TillAccessDenied("This key has no right to attendance."), TillBusy("500 again.")])
def test_a_stream_that_fails_is_noted_and_the_others_go_on(shelf, read, shelf_venue, organization, ask, why):
    shelf.receipts, shelf.rows = [receipt(1, TODAY, "1.00")], {"shifts": [], "dining_tables": [DiningTable("1", "1")]}
    shelf.refuses = {"shifts": why}
    done, _ = read()
    assert done.troubles == {"shifts": str(why)}
    assert cursors_of(shelf_venue)["shifts"].trouble == str(why)
    assert ask(organization, "SELECT count(*) FROM dining_tables") == [(1,)]
    shelf.refuses = {}
    assert read()[0].troubles == {}
    assert cursors_of(shelf_venue)["shifts"].trouble is None
    assert cursors_of(shelf_venue)["shifts"].read_from == shelf_venue.opened_on


def test_a_till_that_is_gone_fails_the_sync(shelf, read):
    shelf.rows, shelf.refuses = {"shifts": []}, {"shifts": TillUnreachable("The till cannot be reached.")}
    with pytest.raises(TillUnreachable):
        read()


def test_what_changes_slowly_is_left_alone_for_some_hours_and_read_deeper_once_a_day(shelf, read, let_pass):
    shelf.rows = {"shifts": [], "cash_shifts": []}
    read()
    shelf.asked = []
    read()
    assert (shelf.days_of("shifts"), shelf.days_of("cash_shifts")) == ([], [(TODAY - 30 * DAY, TODAY)])
    let_pass("sync_cursors", "moved_at", "4 hours")
    read()
    assert shelf.days_of("shifts") == [(TODAY - 6 * DAY, TODAY)]
    let_pass("sync_cursors", "moved_at", "4 hours")
    let_pass("sync_cursors", "deep_at", "2 days")
    read()
    assert shelf.days_of("shifts") == [(TODAY - 30 * DAY, TODAY)]


def test_history_is_read_apart_if_wanted_and_from_earlier_once_that_is_said(shelf, read, shelf_venue):
    done, _ = read(parts="recent")
    assert (done.first, done.history_left) == (TODAY - 30 * DAY, (TODAY - 30 * DAY - shelf_venue.opened_on).days)
    done, others = read(parts="history")
    assert (done.history_left, others) == (0, [(shelf_venue.opened_on, TODAY - 31 * DAY)])
    done, others = read(since=shelf_venue.opened_on - 40 * DAY)
    assert [window[0] for window in others] == [shelf_venue.opened_on - 31 * DAY, shelf_venue.opened_on - 40 * DAY]
    assert read()[1] == []
