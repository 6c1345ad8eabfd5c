"""Periods in words, on ordinary days and at the ends of weeks, months and years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mozg.errors import QueryError
from mozg.metrics import Period, comparison, period
from mozg.metrics.periods import WORDS

DAY = timedelta(days=1)
days = some.dates(date(2000, 1, 1), date(2099, 12, 31))
periods = some.builds(lambda first, length: Period(first, first + length * DAY), days, some.integers(0, 800))

#: word → the period on Monday 22 December 2025, on New Year's Day 2026 (a Thursday), and on 1 March 2024.
KNOWN = {
    "today": ["2025-12-22 2025-12-22", "2026-01-01 2026-01-01", "2024-03-01 2024-03-01"],
    "yesterday": ["2025-12-21 2025-12-21", "2025-12-31 2025-12-31", "2024-02-29 2024-02-29"],
    "this_week": ["2025-12-22 2025-12-22", "2025-12-29 2026-01-01", "2024-02-26 2024-03-01"],
    "last_week": ["2025-12-15 2025-12-21", "2025-12-22 2025-12-28", "2024-02-19 2024-02-25"],
    "last_7_days": ["2025-12-15 2025-12-21", "2025-12-25 2025-12-31", "2024-02-23 2024-02-29"],
    "last_28_days": ["2025-11-24 2025-12-21", "2025-12-04 2025-12-31", "2024-02-02 2024-02-29"],
    "last_90_days": ["2025-09-23 2025-12-21", "2025-10-03 2025-12-31", "2023-12-02 2024-02-29"],
    "this_month": ["2025-12-01 2025-12-22", "2026-01-01 2026-01-01", "2024-03-01 2024-03-01"],
    "month_to_date": ["2025-12-01 2025-12-21", "2025-12-01 2025-12-31", "2024-02-01 2024-02-29"],
    "last_month": ["2025-11-01 2025-11-30", "2025-12-01 2025-12-31", "2024-02-01 2024-02-29"],
    "this_year": ["2025-01-01 2025-12-22", "2026-01-01 2026-01-01", "2024-01-01 2024-03-01"],
    "year_to_date": ["2025-01-01 2025-12-21", "2025-01-01 2025-12-31", "2024-01-01 2024-02-29"],
    "last_365_days": ["2024-12-22 2025-12-21", "2025-01-01 2025-12-31", "2023-03-02 2024-02-29"],
}
TODAYS = [date(2025, 12, 22), date(2026, 1, 1), date(2024, 3, 1)]


def test_every_word_is_tried():
    assert set(KNOWN) == set(WORDS)


@pytest.mark.parametrize(
    ("word", "today", "days"),
    [(word, today, days) for word, row in KNOWN.items() for today, days in zip(TODAYS, row, strict=True)],
)
def test_words(word, today, days):
    assert period(word, today=today) == Period(*map(date.fromisoformat, days.split()))


@given(today=days)
def test_no_word_names_the_future_and_the_past_words_leave_today_out(today):
    for word in WORDS:
        named = period(word, today=today)
        assert named.last <= today
        assert (named.last == today) == (word.startswith("this_") or word == "today")
    for length in (7, 28, 90, 365):
        assert len(period(f"last_{length}_days", today=today)) == length
    assert period("last_week", today=today).first.weekday() == 0
    assert period("last_month", today=today).first.day == (period("last_month", today=today).last + DAY).day == 1


@given(first=days, length=some.integers(0, 500), today=days)
def test_two_dates_are_taken_as_they_are(first, length, today):
    last = first + length * DAY
    assert period(first.isoformat(), last.isoformat(), today=today) == Period(first, last)


@given(today=days)
def test_words_may_be_bounds(today):
    both = period("last_month", "yesterday", today=today)
    assert both == Period(period("last_month", today=today).first, today - DAY)


@given(first=days, today=days)
def test_a_lone_date_runs_until_yesterday(first, today):
    assert period(first.isoformat(), today=today) == Period(first, max(first, today - DAY))


@given(of=periods)
def test_the_previous_period_is_as_long_lies_before_and_meets_its_weekdays(of):
    before = comparison(of, "previous")
    assert len(before) == len(of)
    assert before.last < of.first
    assert (of.first - before.first).days % 7 == 0
    assert (of.first - before.last).days <= 7


@given(of=periods)
def test_last_year_is_52_weeks_earlier(of):
    before = comparison(of, "last_year")
    assert (of.first - before.first).days == (of.last - before.last).days == 364
    assert before.first.weekday() == of.first.weekday()


@given(of=periods, other=periods)
def test_a_custom_comparison_is_taken_as_it_is(of, other):
    assert comparison(of, f"{other.first}..{other.last}") == other


@pytest.mark.parametrize("word", ["", "none"])
def test_no_comparison(word):
    assert comparison(Period(date(2026, 1, 1), date(2026, 1, 2)), word) is None


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("someday", "", "'someday' is neither a date like 2026-11-22 nor one of the words today, yesterday"),
        ("2026-02-30", "", "'2026-02-30' is neither a date"),
        ("2026-01-02", "2026-01-01", r"ends \(2026-01-01\) before it begins \(2026-01-02\)"),
    ],
)
def test_what_is_no_period(first, last, sentence):
    with pytest.raises(QueryError, match=sentence):
        period(first, last, today=date(2026, 1, 1))


@pytest.mark.parametrize("word", ["plan of nobody", "2026-01-01", "2026-01-05..2026-01-01", "a..b"])
def test_what_is_no_comparison(word):
    with pytest.raises(QueryError):
        comparison(Period(date(2026, 1, 1), date(2026, 1, 2)), word)
