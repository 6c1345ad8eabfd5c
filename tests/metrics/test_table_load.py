"""Weekdays and hours of tables are those that one finds by looking at the chain's checks one by one."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mozg.access.scope import Scope
from mozg.lake.reader import open_lake
from mozg.metrics import Period
from mozg.metrics.narrowing import Part
from mozg.metrics.table_load import dining_rooms, table_days, table_hours, table_week

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 25)
DURING, EVERYWHERE, HOUR = Period(FIRST, LAST), Part(), timedelta(hours=1)
COUNTED = ("days", "open_seconds", "tables", "most", "table_seconds", "guest_seconds", "seatings", "seating_seconds")


def seconds(one, other):
    """The seconds that two spans have in common."""
    return max(0, int((min(one[1], other[1]) - max(one[0], other[0])).total_seconds()))


def seatings(checks):
    """Checks of one table that overlap are one seating: (opened, closed, guests)."""
    found = []
    for _, table in checks.groupby(["hall", "table"]):
        rows = table.sort_values(["opened_at", "closed_at"])
        last = None
        cells = (rows["opened_at"].dt.to_pydatetime(), rows["closed_at"].dt.to_pydatetime(), rows["guests"])
        for opened, closed, guests in zip(*cells, strict=True):
            if last is not None and opened < last[1]:
                last[1], last[2] = max(last[1], closed), last[2] + guests
            else:
                last = [opened, closed, guests]
                found.append(last)
    return found


def hours(span):
    """The full hours that a span touches."""
    at = span[0].replace(minute=0, second=0, microsecond=0)
    while at < span[1]:
        yield at, at + HOUR
        at += HOUR


@pytest.fixture(scope="module")
def at_tables(chain):
    """The chain's checks at tables in two weeks."""
    rows, names = chain.receipts, chain.venues["name"].to_numpy()
    rows = rows.assign(venue=names[rows["venue"]], business_date=rows["business_date"].dt.date)
    rows = rows[(rows["business_date"] >= FIRST) & (rows["business_date"] <= LAST)]
    rows = rows[(rows["status"] == "sale") & rows["table"].notna() & (rows["closed_at"] > rows["opened_at"])]
    return rows[rows["closed_at"] - rows["opened_at"] <= timedelta(hours=12)]


@pytest.fixture(scope="module")
def by_hand(at_tables):
    """{(venue, weekday, hour): its numbers} and {(day, venue): the most tables at once and the first hour of it}."""
    found, peaks, traded = defaultdict(lambda: dict.fromkeys(COUNTED, 0)), {}, defaultdict(set)
    for (venue, day), checks in at_tables.groupby(["venue", "business_date"]):
        sat = seatings(checks)
        room = min(one[0] for one in sat), max(one[1] for one in sat)
        traded[venue, day.isoweekday()].add(day)
        peak, at_most = (0, None), defaultdict(int)  # a day that lasts into the next morning has an hour twice
        for full in hours(room):
            row = found[venue, day.isoweekday(), full[0].hour]
            here = [one for one in sat if seconds(one, full)]
            starts = [max(one[0], full[0]) for one in here]
            most = max((sum(one[0] <= at < one[1] for one in here) for at in starts), default=0)
            peak = max(peak, (most, full[0].hour), key=lambda pair: pair[0])
            row["open_seconds"] += seconds(room, full)
            row["tables"] += max(0, most - at_most[full[0].hour])
            at_most[full[0].hour] = max(most, at_most[full[0].hour])
            row["most"] = max(row["most"], most)
            row["table_seconds"] += sum(seconds(one, full) for one in here)
            row["guest_seconds"] += sum(int(one[2]) * seconds(one, full) for one in here)
            begun = [one for one in sat if full[0] <= one[0] < full[1]]
            row["seatings"] += len(begun)
            row["seating_seconds"] += sum(seconds(one, one) for one in begun)
        peaks[day, venue] = peak
    for (venue, weekday, _), row in found.items():
        row["days"] = len(traded[venue, weekday])
    return dict(found), peaks


def test_weeks_are_those_that_one_finds_check_by_check(chain_lake, by_hand):
    rows = table_week(chain_lake, DURING, EVERYWHERE).to_dict("records")
    told = {(row["venue"], row["weekday"], row["hour"]): {name: row[name] for name in COUNTED} for row in rows}
    assert told == by_hand[0]
    assert len(told) > 300
    # The test means something: on some weekdays a room was open without anybody at a table.
    assert any(row["tables"] == 0 < row["open_seconds"] for row in told.values())


def test_the_money_of_a_week_is_that_of_the_checks(chain_lake, at_tables):
    told = table_week(chain_lake, DURING, EVERYWHERE).groupby("venue")["revenue"].sum()
    for venue, checks in at_tables.groupby("venue"):
        assert told[venue] * 100 == int(checks["revenue"].sum())


def test_days_tell_the_most_tables_and_the_first_hour_of_it(chain_lake, by_hand):
    rows = table_days(chain_lake, DURING, EVERYWHERE).to_dict("records")
    assert {(row["business_date"], row["venue"]): (row["tables"], row["hour"]) for row in rows} == by_hand[1]
    each = table_hours(chain_lake, DURING, EVERYWHERE).groupby(["business_date", "venue"])["tables"].max()
    assert each.to_dict() == {key: most for key, (most, _) in by_hand[1].items()}


def test_a_scope_narrows_tables_and_rooms(chain_organization, chain_lake):
    one, other = (id_ for (id_,) in chain_lake.rows("SELECT venue_id FROM venues ORDER BY 1 LIMIT 2"))
    lake = open_lake(chain_organization, Scope("chain", "anna", "manager", (one,)))
    assert table_week(lake, DURING, EVERYWHERE).equals(table_week(chain_lake, DURING, Part((one,))))
    assert len(dining_rooms(lake, EVERYWHERE)) == 1
    for empty in (table_week(lake, DURING, Part((other,))), table_days(lake, DURING, Part((other,)))):
        assert empty.empty
    assert dining_rooms(lake, Part((other,))).empty


def test_rooms_have_the_seats_that_somebody_entered(chain, chain_lake):
    rows = dining_rooms(chain_lake, EVERYWHERE).set_index("venue")
    assert set(rows.index) == set(chain.venues["name"])
    known = rows[rows["tables_known"].notna()]
    seats = chain.tables.groupby("venue")["seats"].agg(["sum", "count"])
    expected = {chain.venues["name"][venue]: tuple(row) for venue, row in seats.iterrows()}
    for venue, row in known.iterrows():
        assert (row["seats"], row["tables_known"]) == expected[venue]
    assert len(known)
    assert isinstance(table_week(chain_lake, DURING, EVERYWHERE)["revenue"][0], Decimal)
