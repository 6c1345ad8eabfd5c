"""A venue that is live: the open day is read again and again, and the lake follows what changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mozg.access.venues import add_venue
from mozg.errors import TillUnreachable
from mozg.lake.reader import open_lake
from mozg.model import Venue
from mozg.simulate import Chain, edits, serve
from mozg.sync.live import LEAST, USUAL, is_live, open_days, read_open_days, seconds_between

LAST = date(2026, 10, 25)
MOSCOW = Venue(1, 1, "Кафе", "Europe/Moscow", "iiko_server")


@pytest.mark.parametrize(
    ("live", "seconds"),
    [
        (None, None),
        (False, None),
        ("false", None),
        (True, USUAL),
        ("true", USUAL),
        (60, 60.0),
        ("45", 45.0),
        (1, LEAST),
    ],
)
def test_how_often(live, seconds):
    assert seconds_between(replace(MOSCOW, pos_config={"live": live})) == seconds
    assert seconds_between(replace(MOSCOW, pos="files", pos_config={"live": live})) is None


def test_who_is_live():
    assert not is_live(MOSCOW)
    assert is_live(replace(MOSCOW, pos_config={"live": True}))
    assert is_live(replace(MOSCOW, pos_config={"webhook_token": "the word"}))


@pytest.mark.parametrize(
    ("hour", "starts", "days"),
    [(20, 0, (25, 25)), (1, 0, (24, 25)), (1, 5, (23, 24)), (11, 5, (24, 25)), (12, 5, (25, 25))],
)
def test_which_days_are_open(hour, starts, days):
    now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC) - timedelta(hours=3)
    first, last = open_days(replace(MOSCOW, day_start_hour=starts), now)
    assert (first.day, last.day) == days


def test_a_check_that_was_just_closed_is_in_the_lake_and_nothing_new_costs_no_snapshot(organization):
    with serve(Chain.generate(seed=5, first=LAST, last=LAST, venues=1)) as served:
        venue = add_venue(organization, **served.venues()[0])

        def revenue():
            lake = open_lake(organization)
            return lake.snapshot, lake.rows("SELECT sum(revenue) FROM receipts WHERE status <> 'void'")[0][0]

        assert read_open_days(organization, venue, days=(LAST, LAST)) > 0
        snapshot, before = revenue()
        assert read_open_days(organization, venue, days=(LAST, LAST)) == 0
        assert revenue() == (snapshot, before)
        served.replace(edits.sold(served.chain, 0, datetime(2026, 10, 25, 23, 5), [(5, 2)]))
        assert read_open_days(organization, venue, days=(LAST, LAST)) == 3
        later, after = revenue()
        assert later > snapshot
        assert after - before == served.chain.receipts["revenue"].iloc[-1] / 100
        assert served.licence.taken == 0
    with pytest.raises(TillUnreachable):
        read_open_days(organization, replace(venue, pos_config=venue.pos_config | {"base_url": "http://127.0.0.1:1"}))
