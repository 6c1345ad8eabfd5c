from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mozg.pos.files.moments import order_of, parse_moment, parse_time


@pytest.mark.parametrize(
    ("text", "order", "day", "hour"),
    [
        ("2025-08-31", None, date(2025, 8, 31), None),
        ("2025-08-31T00:58:33", None, date(2025, 8, 31), time(0, 58, 33)),
        ("2025/08/31 10:05", None, date(2025, 8, 31), time(10, 5)),
        ("31 Aug 2025 00:58:33", None, date(2025, 8, 31), time(0, 58, 33)),
        ("31-Aug-25", None, date(2025, 8, 31), None),
        ("Aug 31, 2025 1:04 PM", None, date(2025, 8, 31), time(13, 4)),
        ("31 августа 2025 г.", None, date(2025, 8, 31), None),
        ("03/08/2019 20:25", "dmy", date(2019, 8, 3), time(20, 25)),
        ("1/3/23", "mdy", date(2023, 1, 3), None),
        ("03.04.25 12:00:01 AM", "dmy", date(2025, 4, 3), time(0, 0, 1)),
        ("25-04-03", "ymd", date(2025, 4, 3), None),
        ("20250831", None, date(2025, 8, 31), None),
    ],
)
def test_dates_as_tills_write_them(text, order, day, hour):
    assert parse_moment(text, order)[:2] == (day, hour)


@pytest.mark.parametrize(
    "text", ["", "Sun", "31/02/2025", "2025-13-01", "31 Foo 2025", "12/5", "10.50", "2025-08-31 25:00"]
)
def test_other_texts_are_no_dates(text):
    with pytest.raises(ValueError):  # noqa: PT011  # the reasons differ
        parse_moment(text, "dmy")


def test_an_offset_is_kept():
    assert parse_moment("2025-08-31T10:00:00+03:00").offset == timezone(timedelta(hours=3))
    assert parse_moment("2025-08-31 10:00Z").offset == UTC


@pytest.mark.parametrize(
    ("text", "hour"),
    [("11:38:36 AM", time(11, 38, 36)), ("12:00 am", time(0)), ("12:05 p.m.", time(12, 5)), ("9.05", time(9, 5))],
)
def test_times(text, hour):
    assert parse_time(text) == hour


def test_thirteen_on_a_twelve_hour_clock_is_refused():
    with pytest.raises(ValueError, match="12 hour clock"):
        parse_time("13:00 PM")


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["1/1/23", "1/13/23"], "mdy"),
        (["01/02/2023", "13/02/2023"], "dmy"),
        (["01.02.2023", "03.02.2023"], "dmy"),
        (["1/2/2023", "2/2/2023", "3/2/2023", "1/3/2023"], "dmy"),
        (["2/1/2023", "2/2/2023", "2/3/2023", "3/1/2023"], "mdy"),
        (["12/3/2023", "11/3/2023", "10/3/2023", "12/2/2023"], "dmy"),
        (["2023-01-02"], None),
        (["2 Jan 2023"], None),
    ],
)
def test_the_whole_column_decides_between_day_and_month(column, order):
    assert order_of(column).order == order


def test_an_open_question_is_a_sentence():
    with pytest.raises(ValueError, match="can be read day first and month first"):
        order_of(["03/04/2025", "05/04/2025"])


def test_a_column_that_does_both_is_refused():
    with pytest.raises(ValueError, match="one column cannot do both"):
        order_of(["13/04/2025", "04/13/2025"])


moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda moment: moment.replace(microsecond=0))
FORMATS = {
    "%Y-%m-%d %H:%M:%S": None, "%Y-%m-%dT%H:%M:%S": None, "%d/%m/%Y %H:%M:%S": "dmy", "%m/%d/%y %I:%M:%S %p": "mdy",
    "%d.%m.%y %H:%M:%S": "dmy", "%d %b %Y %H:%M:%S": None, "%B %d, %Y %I:%M:%S %p": None,
}  # fmt: skip


@given(moments, st.sampled_from(list(FORMATS)))
def test_a_printed_moment_reads_back(moment, layout):
    read = parse_moment(moment.strftime(layout), FORMATS[layout])
    assert datetime.combine(read.day, read.time) == moment


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]), st.integers(20, 60))
def test_a_month_of_days_always_decides(first, layout, days):
    column = [(first + timedelta(days=shift)).strftime(layout) for shift in range(days)]
    assert order_of(column).order == ("dmy" if layout.startswith("%d") else "mdy")
