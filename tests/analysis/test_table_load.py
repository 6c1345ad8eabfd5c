"""Table load worked out by hand: a room of ten seats, one whose seats nobody knows, one where nobody enters guests."""

from decimal import Decimal

import pandas as pd
import pytest

from mozg.analysis import table_load as load

COLUMNS = (
    "venue", "weekday", "hour", "days", "open_seconds", "tables", "most", "guest_seconds", "revenue", "seatings",
    "seating_seconds",
)  # fmt: skip


@pytest.fixture
def rooms():
    seats = pd.array([10, None, 20], dtype="Int64")
    tables = pd.array([4, None, 8], dtype="Int64")
    return pd.DataFrame({"venue": ["Ten", "Unknown", "Uncounted"], "seats": seats, "tables_known": tables})


@pytest.fixture
def week(rooms):
    """Two Mondays and a Friday of Ten, from 12 to 14 h; one Monday each of the others."""
    rows = [
        ("Ten", 1, 12, 2, 7200, 5, 3, 18000, Decimal(100), 3, 9000),
        ("Ten", 1, 13, 2, 5400, 3, 2, 9000, Decimal(50), 0, 0),
        ("Ten", 5, 12, 1, 3600, 4, 4, 18000, Decimal(150), 4, 7200),
        ("Unknown", 1, 12, 1, 3600, 9, 9, 30000, Decimal(900), 9, 30000),
        ("Uncounted", 1, 13, 1, 3600, 2, 2, 0, Decimal(40), 2, 3600),
    ]
    return load.with_seats(pd.DataFrame(rows, columns=COLUMNS), rooms)


@pytest.mark.parametrize(("tables", "each", "needed"), [(0, 4, 0), (4, 4, 1), (4.1, 4, 2), (30, 4, 8), (30, 8, 4)])
def test_waiters_are_tables_by_their_share_rounded_up(tables, each, needed):
    assert load.waiters_needed(tables, each) == needed


def test_unknown_tables_need_an_unknown_number_of_waiters():
    found = load.with_waiters(pd.DataFrame({"tables": [3.0, None]}))
    assert found["waiters"][0] == 1
    assert pd.isna(found["waiters"][1])


def test_a_venue_without_seats_or_guests_lacks_what_needs_them(week, rooms):
    days = pd.DataFrame({"venue": ["Ten", "Ten", "Ten", "Unknown", "Uncounted"], "tables": [3, 2, 4, 9, 2]})
    found = load.by_venue(week, rooms, days).set_index("venue").astype(object)
    ten = found.loc["Ten"]
    assert ten["revpash"] == pytest.approx(300 / (10 * 16200 / 3600))
    assert ten["occupancy"] == pytest.approx(45000 / (10 * 16200))
    assert ten["turn_time"] == pytest.approx(16200 / 60 / 7)
    assert ten["turns"] == pytest.approx(7 / (4 * 3))
    assert (ten["days"], ten["most"], ten["peak"]) == (3, 4, 3)
    assert found["revenue"].to_dict() == {"Ten": 300, "Unknown": 900, "Uncounted": 40}
    assert found.loc["Unknown", ["revpash", "occupancy", "turns"]].isna().all()
    assert found.loc["Unknown", "turn_time"] == pytest.approx(30000 / 60 / 9)
    assert found.loc["Uncounted", "revpash"] == pytest.approx(2)
    assert pd.isna(found.loc["Uncounted", "occupancy"])


def test_what_is_not_known_of_one_venue_spoils_no_ratio_of_all(week):
    whole = load.whole(week)
    assert whole["revpash"] == pytest.approx(340 / ((10 * 16200 + 20 * 3600) / 3600))
    assert whole["occupancy"] == pytest.approx(45000 / (10 * 16200))
    assert whole["turn_time"] == pytest.approx((16200 + 30000 + 3600) / 60 / 18)


def test_an_average_week_counts_the_days_on_which_the_room_was_open(week):
    found = load.by_weekday_hour(week).set_index(["weekday", "hour"])
    assert found["tables"].to_dict() == {(1, 12): 14 / 3, (1, 13): 5 / 3, (5, 12): 4}
    assert found["most"].to_dict() == {(1, 12): 9, (1, 13): 2, (5, 12): 4}
    assert found.loc[(1, 13), "revpash"] == pytest.approx(90 / ((10 * 5400 + 20 * 3600) / 3600))


def test_an_average_day_counts_days_on_which_an_hour_was_closed(week):
    found = load.by_hour(week[week["venue"] == "Ten"]).set_index("hour")
    assert found["tables"].to_dict() == {12: 9 / 3, 13: 3 / 3}  # on Friday the room was closed at 13 h


def test_the_busiest_hour_of_each_weekday(week):
    found = load.by_venue_weekday(week)
    assert found.to_dict("records")[:2] == [
        {"venue": "Ten", "weekday": 1, "hour": 12, "tables": 2.5},
        {"venue": "Ten", "weekday": 5, "hour": 12, "tables": 4.0},
    ]


def test_the_order_of_rows_means_nothing(week):
    mixed = week.sample(frac=1, random_state=3).reset_index(drop=True)
    for method in (load.by_weekday_hour, load.by_hour, load.by_venue_weekday):
        pd.testing.assert_frame_equal(method(week), method(mixed))
    assert load.whole(week) == load.whole(mixed)
