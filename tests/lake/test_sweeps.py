"""Hours of tables, as a refresh stores them, are those that one finds by looking at the checks one by one."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mozg.model import Receipt, Sales

HOUR = timedelta(hours=1)


def floor(moment):
    return moment.replace(minute=0, second=0)


def seatings_of(checks):
    """Checks of one table that overlap are one seating: (opened, closed, guests)."""
    found = []
    for opened, closed, guests in sorted(checks):
        if found and opened < found[-1][1]:
            before = found.pop()
            opened, closed, guests = before[0], max(before[1], closed), before[2] + guests
        found.append((opened, closed, guests))
    return found


def hours_of(seatings):
    """Return for each hour the most tables at once, the seconds of tables and of guests in it, and who sat down."""
    hours = defaultdict(lambda: {"tables": 0, "table_seconds": 0, "guest_seconds": 0, "seatings": 0})
    for opened, closed, guests in seatings:
        hours[floor(opened)]["seatings"] += 1
        full = floor(opened)
        while full < closed:
            first, last = max(opened, full), min(closed, full + HOUR)
            starts = [max(o, full) for o, c, _ in seatings if o < full + HOUR and c > full]
            most = max(sum(o <= at < c for o, c, _ in seatings) for at in starts)
            hours[full]["tables"] = most
            hours[full]["table_seconds"] += int((last - first).total_seconds())
            hours[full]["guest_seconds"] += guests * int((last - first).total_seconds())
            full += HOUR
    return hours


@pytest.fixture(scope="module")
def by_hand(chain):
    """The hours of one week of the simulated chain, worked out check by check."""
    week = (chain.receipts["business_date"] >= "2026-10-19") & (chain.receipts["business_date"] <= "2026-10-25")
    checks = chain.receipts[week & (chain.receipts["status"] == "sale") & chain.receipts["table"].notna()]
    hours = {}
    for (venue, day), part in checks.groupby(["venue", "business_date"]):
        seatings = []
        for _, one in part.groupby(["hall", "table"]):
            opened, closed = (one[name].dt.to_pydatetime() for name in ("opened_at", "closed_at"))
            seatings += seatings_of(list(zip(opened, closed, one["guests"], strict=True)))
        for full, found in hours_of(seatings).items():
            hours[chain.venues["name"][venue], day.date(), full.hour] = found
    return checks, hours


def stored(lake):
    rows = lake.rows(
        "SELECT v.venue, h.business_date, h.hour, h.tables, h.table_seconds, h.guest_seconds, h.seatings, h.revenue "
        "FROM table_hours h JOIN venues v USING (venue_id) "
        "WHERE business_date BETWEEN DATE '2026-10-19' AND DATE '2026-10-25'"
    )
    return {row[:3]: row[3:] for row in rows}


def test_hours_are_those_that_one_finds_check_by_check(chain_lake, by_hand):
    names = ("tables", "table_seconds", "guest_seconds", "seatings")
    found = {key: dict(zip(names, row, strict=False)) for key, row in stored(chain_lake).items()}
    assert found == by_hand[1]
    assert len(found) > 250


def test_the_money_of_hours_is_that_of_the_checks_to_the_kopeck(chain_lake, by_hand):
    spread = sum((row[4] for row in stored(chain_lake).values()), Decimal(0))
    assert spread * 100 == int(by_hand[0]["revenue"].sum())


def sit(number, table, opened, minutes, revenue="100.00", guests=2, hall="Зал"):
    begins = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=opened)  # noon in Moscow
    ends = begins + timedelta(minutes=minutes)
    return Receipt(str(number), date(2026, 3, 2), begins, ends, revenue=Decimal(revenue), gross=Decimal(revenue),
                   guests=guests, hall=hall, table_name=table)  # fmt: skip


def test_tables_at_once(new_house):
    house = new_house()
    checks = [
        sit(1, "1", 0, 90, "90.00"),  # 12:00–13:30
        sit(2, "1", 30, 60, "10.00", 1),  # at the same table, paid apart
        sit(3, "2", 30, 30),  # freed at 13:00
        sit(4, "2", 60, 60),  # the moment at which it is taken again
        sit(5, "1", 75, 45, hall="Бар"),  # another table 1
        sit(6, "3", 0, 0),  # closed as it was opened
        sit(7, "3", 0, 13 * 60),  # forgotten
        sit(8, None, 0, 60),  # to take away
    ]
    house.load(Sales(checks, [], []))
    house.sell()
    rows = house.lake().rows("SELECT * EXCLUDE (venue_id, business_date) FROM table_hours ORDER BY hour")
    assert rows == [
        # hour, tables, table and guest seconds, revenue, seatings and their seconds
        (12, 2, 5400, 3600 * 3 + 1800 * 2, Decimal("165.00"), 2, 7200),
        (13, 3, 1800 + 3600 + 2700, 1800 * 3 + 3600 * 2 + 2700 * 2, Decimal("235.00"), 2, 6300),
    ]


@pytest.mark.parametrize(("minutes", "parts"), [(180, ["33.34", "33.33", "33.33"]), (90, ["66.67", "33.33"])])
def test_a_cent_that_cannot_be_cut_goes_to_one_hour(new_house, minutes, parts):
    house = new_house()
    house.load(Sales([sit(1, "1", 0, minutes)], [], []))
    house.sell()
    money = [row[0] for row in house.lake().rows("SELECT revenue FROM table_hours ORDER BY hour")]
    assert sum(money) == 100
    assert sorted(map(str, money), reverse=True) == parts
