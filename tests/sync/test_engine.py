"""A sync reads every day once, the newest first, the last days again, and keeps what it had when the till fails."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mozg.access.venues import add_venue
from mozg.errors import SettingsError, StoreError, TillError
from mozg.settings import settings as ours
from mozg.store.database import transaction
from mozg.sync.cursors import move_cursor, read_until
from mozg.sync.engine import sync, sync_venue
from mozg.sync.journal import reading

DAY = timedelta(days=1)
days = some.dates(date(2020, 1, 1), date(2030, 12, 31))
RUNS = "SELECT source, outcome, read, changed, error FROM sync_runs ORDER BY id"


@settings(deadline=None, max_examples=15)
@given(moves=some.lists(days, min_size=1, max_size=6))
def test_a_cursor_never_moves_back(cursor_venue, moves):
    before = read_until(cursor_venue)
    for day in moves:
        with transaction(cursor_venue.organization_id) as connection:
            connection.execute(move_cursor(cursor_venue, day))
    assert read_until(cursor_venue) == max([*moves, *([before] if before else [])])


@pytest.fixture(scope="module")
def cursor_venue(new_organization):
    return add_venue(new_organization(), "Курсор", timezone="UTC")


def test_a_first_sync_reads_everything_and_a_second_changes_nothing(organization, venue, small_chain, ask):
    steps = []
    first = sync_venue(organization, venue, since=small_chain.first, until=small_chain.last, watch=steps.append)
    assert (first.first, first.last) == (small_chain.first, small_chain.last)
    sold = ask(organization, "SELECT (SELECT count(*) FROM receipts), (SELECT count(*) FROM receipt_items)")
    assert sold == [(len(small_chain.receipts), len(small_chain.items))]
    assert first.read >= first.changed > sum(sold[0]) + len(small_chain.payments)
    assert [step.days_done for step in steps] == sorted(step.days_done for step in steps)
    assert {step.days_done for step in steps} == {step.days for step in steps} == {31, 42}
    assert (steps[-1].rows, steps[-1].seconds_left) == (first.read, 0.0)
    assert read_until(venue) == small_chain.last
    ask(organization, "DELETE FROM touched_days RETURNING id")
    again = sync_venue(organization, venue, until=small_chain.last)
    assert again.read > again.changed == 0
    assert ask(organization, "SELECT count(*) FROM touched_days") == [(0,)]
    assert ask(organization, RUNS) == [
        ("iiko_server", "ok", first.read, first.changed, None),
        ("iiko_server", "ok", again.read, 0, None),
    ]


def test_the_last_days_are_read_again(organization, venue, small_chain):
    middle = small_chain.first + 20 * DAY
    sync_venue(organization, venue, since=small_chain.first, until=middle)
    again = sync_venue(organization, venue, until=middle + 2 * DAY)
    assert again.first == middle - ours().reread_days * DAY + DAY
    assert again.last == middle + 2 * DAY
    earlier = sync_venue(organization, venue, until=middle - DAY)
    assert (earlier.first, earlier.last) == (middle - DAY - ours().reread_days * DAY + DAY, middle - DAY)
    assert read_until(venue) == middle + 2 * DAY


def test_a_venue_never_read_begins_on_its_opening_day(organization, tills, small_chain):
    given_ = tills.venues()[0] | {"opened_on": small_chain.last - 2 * DAY}
    venue = add_venue(organization, **given_)
    assert sync_venue(organization, venue, until=small_chain.last).first == small_chain.last - 2 * DAY


def test_without_an_opening_day_it_begins_a_year_ago(organization, tills, small_chain):
    venue = add_venue(organization, **(tills.venues()[0] | {"opened_on": None}))
    done = sync_venue(organization, venue, until=small_chain.last, parts="recent")
    assert done.first - done.history_left * DAY == small_chain.last - 365 * DAY


def test_a_till_that_fails_keeps_what_was_read_and_the_failure_is_noted(
    organization, venue, tills, small_chain, ask, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    newest = small_chain.last - 30 * DAY

    def fail_from_now(step):
        if step.days_done < 42:
            tills.faults.once("olap", 500, times=50)

    with pytest.raises(TillError) as caught:
        sync_venue(organization, venue, since=small_chain.first, until=small_chain.last, watch=fail_from_now)
    tills.faults.queue.clear()
    kept = ask(organization, "SELECT count(*) FROM receipts")[0][0]
    assert kept > 0
    assert ask(organization, "SELECT min(business_date), max(business_date) FROM receipts") == [
        (newest, read_until(venue))
    ]
    assert read_until(venue) == small_chain.last
    ((source, outcome, read, changed, error),) = ask(organization, RUNS)
    assert (source, outcome, error) == ("iiko_server", "failed", str(caught.value))
    assert read == changed > kept
    sync_venue(organization, venue, until=small_chain.last)
    assert ask(organization, "SELECT count(*) FROM receipts") == [(len(small_chain.receipts),)]


def test_a_till_of_a_kind_we_do_not_know_is_a_sentence_and_is_noted(organization, ask):
    venue = add_venue(organization, "Зал", timezone="UTC", pos="abacus")
    with pytest.raises(SettingsError, match=r"'abacus', which is not installed. Known: .*iiko_server"):
        sync_venue(organization, venue, until=date(2026, 1, 1))
    assert ask(organization, "SELECT outcome FROM sync_runs") == [("failed",)]


def test_venues_fed_by_files_are_passed_over(organization):
    venue = add_venue(organization, "Файлы", timezone="UTC")
    assert sync(organization, [venue]) == []


def test_a_second_reader_of_a_venue_is_told_to_wait(organization, venue, small_chain):
    with reading(venue, "files"), pytest.raises(StoreError, match=r"is being read by another process. Wait"):
        sync_venue(organization, venue, until=small_chain.last)
    with reading(venue, "files"):
        pass


def test_the_last_day_is_today_at_the_venue(organization, tills):
    early = add_venue(organization, **(tills.venues()[0] | {"timezone": "Pacific/Kiritimati"}))
    late = add_venue(organization, **(tills.venues()[0] | {"timezone": "Pacific/Niue", "name": "Другая"}))
    one, other = (sync_venue(organization, venue, since=date.today()).last for venue in (early, late))
    assert one - other in (DAY, 2 * DAY)
