"""What the landing page is put together from: days, venues, schedules, and who may see numbers at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import text

from mozg.access.organizations import create_organization
from mozg.access.sessions import open_session
from mozg.access.users import add_user
from mozg.access.venues import add_venue, change_venue, venues_of
from mozg.lake.reader import Owner
from mozg.lake.refresh import refresh
from mozg.metrics.periods import DAY
from mozg.metrics.query import statement
from mozg.model import Receipt, Sales
from mozg.pages.writing import HouseWriter
from mozg.reports.catalogue import Schedule, all_reports
from mozg.serve.portal.changes import SHOWN, rehearse, what_changed
from mozg.serve.portal.handlers import _templates
from mozg.serve.portal.shelf import rhythm
from mozg.serve.portal.venues import venue_states
from mozg.serve.portal.view import front
from mozg.store.database import transaction
from mozg.store.load import load_sales
from mozg.sync.cursors import move_cursor
from mozg.sync.journal import reading

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - DAY
WEEK = timedelta(weeks=1)
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def street(database):
    """Venues whose days are told one by one; the till of "Nord" counts no guests, and its day is not over yet."""
    organization = create_organization(f"street{next(_NUMBERS)}", "Street", currency="EUR", timezone="Europe/Berlin")
    days = {
        "Nord": {TODAY: (9, 1), YESTERDAY: (120, 4), YESTERDAY - WEEK: (100, 4), YESTERDAY - 3 * DAY: (70, 2)},
        "Ost": {YESTERDAY - 3 * DAY: (50, 2), YESTERDAY - WEEK: (300, 3)},
        "Sud": {YESTERDAY - 3 * DAY: (40, 1)},
        "Gone": {YESTERDAY - 5 * DAY: (10, 1)},
    }
    for name, told in days.items():
        venue = add_venue(organization, name, timezone="Europe/Berlin", pos="iiko_cloud")
        sold(venue, told)
    venues = {venue.name: venue for venue in venues_of(organization)}
    with transaction(organization.id) as connection:
        for name, until in (("Nord", TODAY), ("Ost", YESTERDAY), ("Sud", YESTERDAY - 3 * DAY)):
            connection.execute(move_cursor(venues[name], until))
    change_venue(venues["Gone"], closed_on=YESTERDAY - 5 * DAY)
    refresh(organization)
    return organization


def sold(venue, days):
    """Load checks: by day, the revenue and the number of checks that it is made of."""
    receipts = [
        Receipt(f"{day}-{number}", day, at, at, gross=share, revenue=share)
        for day, (revenue, checks) in days.items()
        for number, share in enumerate([Decimal(revenue) / checks] * checks)
        if (at := datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    ]
    with reading(venue, venue.pos) as run, transaction(venue.organization_id) as connection:
        load_sales(connection, venue.organization_id, venue.id, Sales(receipts), run.run_id)


def person(organization, role="owner", venues=None):
    user = add_user(organization.id, f"{role}{next(_NUMBERS)}@example.com", role, role, venues=venues)
    return open_session(user, kind="browser")


def test_a_day_that_is_not_over_is_not_told_and_weekdays_meet_their_like(street):
    changed = what_changed(person(street), TODAY)
    assert (changed.day, changed.before) == (YESTERDAY, YESTERDAY - WEEK)
    totals = {change.metric.name: change for change, _ in changed.totals}
    assert (totals["revenue"].now, totals["revenue"].before) == (120, 400)
    assert (totals["checks"].now, totals["checks"].before) == (4, 7)
    assert totals["average_check"].now == pytest.approx(30)


def test_the_first_reader_after_a_start_composes_no_question(street):
    statement.cache_clear()
    rehearse()
    composed = statement.cache_info().misses
    changed = what_changed(person(street, "viewer"), TODAY + 30 * DAY)
    assert changed is not None
    assert statement.cache_info().misses == composed


def test_on_the_next_day_the_day_is_told(street):
    changed = what_changed(person(street), TODAY + DAY)
    assert changed.day == TODAY
    assert changed.totals[0][0].now == 9


def test_what_is_missing_stays_missing_and_is_named(street):
    changed = what_changed(person(street), TODAY)
    assert [change.metric.name for change in changed.missing] == ["guests"]
    guests = dict(zip(("revenue", "checks", "guests", "average_check"), changed.totals, strict=True))["guests"]
    assert set(guests[1]) == {None}


def test_the_line_of_days_has_a_gap_where_nothing_was_sold(street):
    days = what_changed(person(street), TODAY).totals[0][1]
    assert len(days) == SHOWN
    assert [(back, value) for back, value in enumerate(reversed(days)) if value is not None] == [
        (0, 120), (3, 160), (5, 10), (7, 400),
    ]  # fmt: skip


def test_each_venue_says_what_moved_it_most(street):
    lines = {line.venue: line for line in what_changed(person(street), TODAY).lines}
    assert list(lines) == ["Ost", "Nord"]  # it sold for 300 a week before, and nothing now
    assert lines["Nord"].most.metric.name == "average_check"
    assert lines["Nord"].most.ratio == pytest.approx(0.2)
    assert (lines["Ost"].revenue.now, lines["Ost"].revenue.before) == (None, 300)
    assert (lines["Ost"].most.metric.name, lines["Ost"].most.ratio) == ("checks", -1)


def test_who_sees_one_venue_sees_its_last_day(street):
    venues = {venue.name: venue.id for venue in venues_of(street)}
    changed = what_changed(person(street, "manager", [venues["Sud"]]), TODAY)
    assert changed.day == YESTERDAY - 3 * DAY
    assert changed.totals[0][0].now == 40
    assert set(changed.last_days) == {"Sud"}
    assert what_changed(person(street, "manager", []), TODAY) is None


@pytest.mark.parametrize(("venues", "folded"), [(12, 0), (13, 1), (60, 48)])
def test_of_a_large_chain_the_calmer_venues_are_folded_away(street, venues, folded):
    view = front(person(street))
    lines = tuple(replace(view.changed.lines[0], venue=f"Venue {number}.") for number in range(venues))
    shown = replace(view, changed=replace(view.changed, lines=lines))
    given = {"base": "/", "lab": None, "address": "", "version": "", "xsrf": "", "shown_days": SHOWN, "colors": ""}
    said = {"say": view.write.say, "count": view.write.count, "write": view.write}
    page = _templates().get_template("front.html").render(person=view.person, view=shown, **given, **said)
    told = page[page.index('<section id="changed"') : page.index('<section id="attention"')]
    open_, _, away = told.partition("<details")
    assert [text.count('scope="row">Venue ') for text in (open_, away)] == [venues - folded, folded]


def test_a_new_snapshot_is_told_at_once(database):
    organization = create_organization(f"moving{next(_NUMBERS)}", "Moving", currency="EUR")
    venue = add_venue(organization, "Nord", timezone="UTC")
    somebody = person(organization)
    for revenue in (100, 250):
        sold(venue, {YESTERDAY: (revenue, 1)})
        refresh(organization)
        assert what_changed(somebody, TODAY).totals[0][0].now == revenue


def test_venues_tell_silence_from_data_that_end_early(street):
    someone = person(street)
    states = {venue.name: venue for venue in venue_states(someone, what_changed(someone, TODAY).last_days, TODAY)}
    assert set(states) == {"Nord", "Ost", "Sud"}  # Gone is closed
    assert (states["Nord"].behind, states["Nord"].silent) == (False, False)
    assert (states["Ost"].behind, states["Ost"].silent) == (False, True)
    assert (states["Sud"].behind, states["Sud"].silent) == (True, False)
    assert {venue.state for venue in states.values()} == {"fresh"}


def test_a_venue_is_late_when_a_report_asks_for_fresher_data(street):
    someone, hours = person(street, "viewer"), min(report.freshness_hours for report in all_reports())
    for age, state in ((hours - 1, "fresh"), (hours + 1, "late")):
        with transaction(street.id) as connection:
            connection.execute(
                text("UPDATE sync_runs SET ended_at = now() - make_interval(hours => :age)"), {"age": age}
            )
        assert {venue.state for venue in venue_states(someone, {}, TODAY)} == {state}


def test_numbers_are_for_those_who_may_ask_for_them_or_read_them(street, monkeypatch):
    reports = tuple(report for report in all_reports() if report.name != "sales")
    monkeypatch.setattr("mozg.reports.catalogue.all_reports", lambda: reports)
    assert front(person(street, "viewer")).numbers == "not for you"
    assert front(person(street, "manager")).numbers == "shown"


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 7 * * *", "every day, 07:00"),
        ("30 7 * * 1", "Monday, 07:30"),
        ("5 18 * * 1-3,0", "Monday, Tuesday, Wednesday, Sunday, 18:05"),
        ("0 6 * * 7", "Sunday, 06:00"),
        ("0 9 1 * *", "on day 1 of each month, 09:00"),
        ("*/5 * * * *", "by the schedule */5 * * * *"),
        ("0 7 1 * 1", "by the schedule 0 7 1 * 1"),
        ("0 7 * 1 *", "by the schedule 0 7 * 1 *"),
        ("0 7 * * MON", "by the schedule 0 7 * * MON"),
    ],
)
def test_a_schedule_is_told_in_words(cron, said):
    write = HouseWriter(Owner("x", "X", "EUR", "en", "UTC", None))
    assert rhythm(Schedule(cron), write) == said


def test_who_has_no_schedule_says_nothing():
    assert rhythm(None, HouseWriter(Owner("x", "X", "EUR", "en", "UTC", None))) == ""
