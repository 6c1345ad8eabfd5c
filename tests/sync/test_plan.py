"""Every day is read once, the last ones again, the newest first."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as some

from mozg.sync.cursors import Cursor
from mozg.sync.plan import DAY, history, recent, spans, windows

TODAY = date(2026, 11, 22)
days = some.dates(date(2020, 1, 1), TODAY)
longest = some.integers(1, 40)


def covered(found):
    return [begin + n * DAY for begin, end in found for n in range((end - begin).days + 1)]


def between(first, last):
    return [first + n * DAY for n in range((last - first).days + 1)]


@given(first=days, length=some.integers(-3, 400), longest=longest)
def test_windows_cover_every_day_once_in_order(first, length, longest):
    last = first + (length - 1) * DAY
    cut = list(windows(first, last, longest))
    assert covered(cut) == between(first, last)
    assert all(1 <= (end - begin).days + 1 <= longest for begin, end in cut)


@given(wanted=days, longest=longest)
def test_what_was_never_read_begins_with_the_newest_window_and_history_has_the_rest(wanted, longest):
    new = recent(Cursor("sales"), wanted, TODAY, 7, longest)
    old = history(Cursor("sales", new[0][0], TODAY), wanted, longest)
    assert len(new) == 1
    assert sorted(covered(old) + covered(new)) == between(wanted, TODAY)
    assert old == sorted(old, reverse=True)


@given(wanted=days, read=some.tuples(days, days), again=some.integers(1, 40), longest=longest)
def test_what_was_read_goes_on_from_there_and_reads_the_last_days_again(wanted, read, again, longest):
    read_from, read_until = sorted(read)
    assume(wanted <= read_from)
    new = covered(recent(Cursor("sales", read_from, read_until, wanted), wanted, TODAY, again, longest))
    assert new == between(max(read_until - (again - 1) * DAY, wanted), TODAY)


@given(wanted=days, read_from=days, kills=some.integers(0, 5), longest=longest)
def test_history_resumes_where_it_stopped(wanted, read_from, kills, longest):
    assume(read_from > wanted)
    found = history(Cursor("sales", read_from, TODAY), wanted, longest)
    done, rest = found[:kills], found[kills:]
    stopped = done[-1][0] if done else read_from
    assert history(Cursor("sales", stopped, TODAY), wanted, longest) == rest


def test_there_is_no_history_before_a_first_reading():
    assert history(Cursor("sales"), TODAY - timedelta(900), 31) == []


@given(chosen=some.sets(some.integers(0, 60)), longest=longest)
def test_spans_are_the_chosen_days_and_no_other(chosen, longest):
    wanted = [TODAY - n * DAY for n in chosen]
    found = spans(wanted, longest)
    assert covered(found) == sorted(wanted)
    assert all((end - begin).days < longest for begin, end in found)
