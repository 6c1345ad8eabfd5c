"""Hours in the lake are the venue's wall clock, also on the nights when it is changed."""

from datetime import UTC, date, datetime

import pytest

#: UTC moment → local hour, around the changes of the clock in Paris and far from UTC.
NIGHTS = [
    ("Europe/Paris", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 1),
    ("Europe/Paris", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 3),
    ("Europe/Paris", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2),
    ("Europe/Paris", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 2),
    ("Europe/Paris", datetime(2026, 10, 25, 2, 0, tzinfo=UTC), 3),
    ("Asia/Kolkata", datetime(2026, 3, 29, 18, 29, tzinfo=UTC), 23),
    ("Asia/Kolkata", datetime(2026, 3, 29, 18, 30, tzinfo=UTC), 0),
    ("America/New_York", datetime(2026, 3, 8, 6, 59, tzinfo=UTC), 1),
    ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), 3),
    ("Europe/Moscow", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 4),
]


@pytest.mark.parametrize("zone", sorted({zone for zone, _, _ in NIGHTS}))
def test_the_hour_is_the_one_on_the_wall(new_house, check, zone):
    house = new_house(timezone=zone)
    nights = {str(moment): (moment, hour) for place, moment, hour in NIGHTS if place == zone}
    house.sell(*(check(key, date(2026, 3, 1), opened=moment) for key, (moment, _) in nights.items()))
    rows = house.lake().rows("SELECT receipt_id, hour, hour(opened_local), minute(opened_local) FROM receipts")
    assert {row[0]: row[1:] for row in rows} == {
        key: (hour, hour, moment.minute if zone != "Asia/Kolkata" else (moment.minute + 30) % 60)
        for key, (moment, hour) in nights.items()
    }


def test_lines_have_the_hour_of_their_check(chain_lake):
    wrong = chain_lake.rows(
        "SELECT count(*) FROM items i JOIN receipts r USING (check_key) WHERE i.hour IS DISTINCT FROM r.hour"
    )
    assert wrong == [(0,)]
