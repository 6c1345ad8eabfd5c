"""The moments that tills write without a zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mozg.pos.clock import Clock

BERLIN = Clock(ZoneInfo("Europe/Berlin"), day_start_hour=6)


@pytest.mark.parametrize(
    ("text", "after", "utc"),
    [
        ("2026-10-24T23:10:00", None, "2026-10-24T21:10:00"),
        ("2026-10-24T23:10:00+05:00", None, "2026-10-24T18:10:00"),
        ("2026-10-25T02:30:00", None, "2026-10-25T00:30:00"),
        ("2026-10-25T02:30:00", "2026-10-25T02:10:00", "2026-10-25T00:30:00"),
        ("2026-10-25T02:10:00", "2026-10-25T02:50:00", "2026-10-25T01:10:00"),
        ("2026-03-29T02:30:00", None, "2026-03-29T01:30:00"),
    ],
    ids=["ours", "with an offset", "twice", "the first time", "the second time", "never"],
)
def test_a_moment_is_the_restaurants_own(text, after, utc):
    assert BERLIN.moment(text, BERLIN.moment(after)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", [None, ""])
def test_no_moment(text):
    assert BERLIN.moment(text) is None


@pytest.mark.parametrize(("hour", "day"), [(4, 24), (5, 25)])
def test_a_night_belongs_to_the_evening_before_it(hour, day):
    assert BERLIN.business_date(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) == date(2026, 10, day)
