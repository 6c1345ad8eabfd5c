"""The table load: what its page says is what one counts by hand, and what is not known is named."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mozg import pages
from mozg.access.organizations import create_organization
from mozg.access.scope import Scope
from mozg.access.venues import add_venue
from mozg.lake.reader import kernel_environment
from mozg.lake.refresh import refresh
from mozg.metrics.narrowing import Part
from mozg.metrics.table_load import dining_rooms
from mozg.model import Receipt, Sales
from mozg.pages import Page, table_load
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.load import load_sales
from tests.shown import sections, tables, text


def test_each_section_tells_of_one_venue_too(open_report, venue_names):
    page = open_report("tables", venues=venue_names[:1])
    for section in sections("tables"):
        shown = page.run(section)
        assert shown.outcome == "ok", (section.name, text(shown))
        assert "nan" not in text(shown).lower()


def test_a_seat_earns_what_one_counts_by_hand(open_report, chain, chain_lake):
    page = open_report("tables")
    rows, first, last = chain.receipts, page.context.during.first, page.context.during.last
    rows = rows.assign(venue=chain.venues["name"].to_numpy()[rows["venue"]], day=rows["business_date"].dt.date)
    rows = rows[(rows["status"] == "sale") & rows["table"].notna() & (rows["day"] >= first) & (rows["day"] <= last)]
    rows = rows[
        (rows["closed_at"] > rows["opened_at"]) & (rows["closed_at"] - rows["opened_at"] <= timedelta(hours=12))
    ]
    seats = dining_rooms(chain_lake, Part()).set_index("venue")["seats"].dropna().to_dict()
    told = {row["venue"]: row for row in tables(page.run(table_load.by_venue))["table_load"]}
    assert set(told) == set(rows["venue"])
    for venue, checks in rows.groupby("venue"):
        row = told[venue]
        spans = checks.groupby("day").agg({"opened_at": "min", "closed_at": "max"})
        hours = (spans["closed_at"] - spans["opened_at"]).dt.total_seconds().sum() / 3600
        assert Decimal(row["revenue"]) * 100 == int(checks["revenue"].sum())
        assert row["days"] == len(spans)
        if venue in seats:
            earned = float(checks["revenue"].sum()) / 100 / (seats[venue] * hours)
            assert row["revpash"] == pytest.approx(earned, rel=1e-9)
        else:
            assert row["revpash"] is None
            assert venue in text(page.run(table_load.in_short))
    assert seats


def test_waiters_are_a_setting_and_follow_from_tables(open_report, venue_names):
    page = open_report("tables", venues=venue_names[:1], tables_per_waiter=8)
    weekdays = [page.context.write.weekday(day) for day in range(1, 8)]
    week = tables(page.run(table_load.at_once))["tables_by_hour"]
    by_clock = {row["clock"]: row for row in tables(page.run(table_load.waiters))["waiters"]}
    for row in week:
        shown = by_clock[f"{row['hour']:02d}:00"][f"at{weekdays.index(row['name']) + 1}"]
        assert shown == row["waiters"] == math.ceil(row["tables"] / 8)
    usual = tables(open_report("tables", venues=venue_names[:1]).run(table_load.at_once))["tables_by_hour"]
    assert [row["waiters"] for row in usual] == [math.ceil(row["tables"] / 4) for row in week]
    assert max(row["waiters"] for row in usual) > 1


def test_the_workbook_has_every_hour_of_one_venue(open_report, venue_names):
    found = tables(open_report("tables", venues=venue_names[:1]).run(table_load.by_day))
    peaks = {row["business_date"]: row for row in found["tables_by_day"]}
    for day in found["tables_each_hour"]:
        hours = [cell for name, cell in day.items() if name.startswith("at") and cell is not None]
        assert max(hours) == peaks[day["business_date"]]["tables"]
    assert "tables_each_hour" not in tables(open_report("tables").run(table_load.by_day))


DAY = date(2026, 3, 2)


def check(hours, revenue, *, table="1", guests=2):
    begins = datetime(2026, 3, 2, 12, tzinfo=UTC)
    money = {"revenue": Decimal(revenue), "gross": Decimal(revenue)}
    ends, place = begins + timedelta(hours=hours), {"hall": "Зал", "table_name": table}
    return Receipt("1", DAY, begins, ends, guests=guests, **place, **money)


@pytest.fixture(scope="module")
def bare(database):
    """A window that only takes orders away, a hall without seats, and a garden of ten where nobody enters guests."""
    owner = create_organization("bare", "Сеть без столов", currency="RUB", locale="ru")
    checks = {
        "Окно": check(1, "50", table=None),
        "Зал": check(2, "70"),
        "Сад": check(2, "100", guests=0),
    }
    for name, receipt in checks.items():
        venue = add_venue(owner, name, timezone="UTC", seats=10 if name == "Сад" else None)
        with transaction(owner.id) as connection:
            load_sales(connection, owner.id, venue.id, Sales([receipt], [], []), 1)
    refresh(owner)
    return owner


@pytest.fixture
def open_bare(bare, kernel, monkeypatch):
    def open_(**given):
        kernel()
        for name, value in kernel_environment(bare, Scope("bare", "anna", "owner"), None, 5).items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        return Page("tables", "bare", date_from="2026-03-02", date_to="2026-03-02", **given)

    return open_


def test_what_is_not_known_is_named_and_left_out(open_bare):
    page = open_bare()
    said = text(page.run(table_load.in_short))
    assert "не входят: Окно" in said
    assert "Места неизвестны, поэтому нет ни заполняемости, ни выручки на место: Зал" in said
    assert "Гостей не указывают, поэтому заполняемость неизвестна: Сад" in said
    rows = {row["venue"]: row for row in tables(page.run(pages.table_load.by_venue))["table_load"]}
    assert rows["Сад"]["revpash"] == 5  # 100 ÷ (10 seats × 2 hours)
    assert rows["Сад"]["occupancy"] is None
    assert rows["Зал"]["revpash"] is None
    assert rows["Зал"]["turn_time"] == 120
    assert rows["Окно"]["days"] is None


def test_a_venue_without_tables_has_nothing_to_show(open_bare):
    page = open_bare(venues=["Окно"])
    assert {page.run(section).outcome for section in sections("tables")} == {"ok-empty"}
    assert "Ни в одном чеке" in text(page.run(table_load.at_once))
    assert "Места неизвестны" in text(open_bare(venues=["Зал"]).run(table_load.seats))
