"""A night with an hour more and a cash shift that nobody closed, from the till through the record to the reports."""

from datetime import date, datetime, timedelta

import pytest

from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import query
from mozg.simulate import Chain, edits, serve
from mozg.sync.engine import sync_venue

FIRST, LAST = date(2026, 10, 23), date(2026, 10, 26)

SHIFTS = "SELECT business_date, employee, started_at FROM shifts WHERE NOT deleted ORDER BY 1, 2, 3"


@pytest.fixture
def served():
    with serve(Chain.generate(seed=5, first=FIRST, last=LAST, venues=1)) as served:
        yield served


@pytest.fixture
def reported(organization, served):
    """Sync the one venue, which lies where clocks are put back in that month, and ask its lake."""
    venue = add_venue(organization, **(served.venues()[0] | {"timezone": "Europe/Berlin"}))

    def _reported(metrics, by, **where):
        sync_venue(organization, venue, since=FIRST, until=LAST)
        refresh(organization)
        return query(open_lake(organization), metrics, by, where=where).set_index(by[0])

    return _reported


def test_guests_of_the_hour_that_comes_twice_stay_as_long_as_they_stayed(served, reported):
    night = date(2026, 10, 25)
    late = edits.sold(served.chain, 0, datetime(2026, 10, 25, 3, 10), [(5, 1)], night - timedelta(days=1))
    served.replace(edits.clock_put_back(late, 0, night))
    check = served.chain.receipts.iloc[-1]
    assert check["closed_at"] < check["opened_at"]
    hours = reported(["checks", "revenue", "average_visit"], ["hour"], business_date=[night - timedelta(days=1)])
    assert hours.loc[2].to_dict() == {"checks": 1, "revenue": check["revenue"] / 100, "average_visit": 40}


def test_an_attendance_that_was_corrected_stands_once(organization, served, ask):
    venue = add_venue(organization, **served.venues()[0])
    sync_venue(organization, venue, since=FIRST, until=LAST)
    before = ask(organization, SHIFTS)
    served.replace(edits.clocked_anew(served.chain, len(served.chain.attendances) - 1))
    ask(organization, "UPDATE sync_cursors SET moved_at = now() - interval '1 day' RETURNING 1")
    sync_venue(organization, venue, since=FIRST, until=LAST)
    assert ask(organization, SHIFTS) == before


def test_a_shift_that_nobody_closed_takes_the_next_day_in_and_no_money_is_lost(served, reported):
    def told():
        return reported(["revenue", "checks"], ["business_date"])

    before = told()
    served.replace(edits.forgotten_shift(served.chain, 0, LAST - timedelta(days=2), 1))
    after = told()
    assert len(before) == len(after) + 1 == 4
    assert after["revenue"].iloc[1] == before["revenue"].iloc[1] + before["revenue"].iloc[2]
    assert after["checks"].iloc[1] == before["checks"].iloc[1] + before["checks"].iloc[2]
    assert after.iloc[[0, 2]].equals(before.iloc[[0, 3]])
