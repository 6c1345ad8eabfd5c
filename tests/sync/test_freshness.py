"""How fresh many venues are, told by the journal in one question."""

from datetime import date

import pytest
from sqlalchemy import text

from mozg.access.venues import add_venue
from mozg.errors import TillError
from mozg.store.database import transaction
from mozg.store.upsert import Loaded
from mozg.sync.cursors import move_cursor
from mozg.sync.freshness import freshness_of
from mozg.sync.journal import LOST, forget_idle, reading


def read_well(venue, until):
    with reading(venue, venue.pos), transaction(venue.organization_id) as connection:
        connection.execute(move_cursor(venue, until))


def read_badly(venue, why):
    with pytest.raises(TillError), reading(venue, venue.pos):
        raise TillError(why)


def test_each_venue_has_its_own_story(organization):
    names = ("Nord", "Ost", "Sud", "West")
    nord, ost, sud, west = (add_venue(organization, name, timezone="Europe/Moscow") for name in names)
    read_well(nord, date(2026, 11, 22))
    read_well(ost, date(2026, 11, 20))
    read_badly(ost, "The till is away.")
    read_badly(sud, "No licence is free.")
    told = {fresh.venue.name: fresh for fresh in freshness_of(organization.id, [west, sud, ost, nord])}
    assert list(told) == ["West", "Sud", "Ost", "Nord"]
    assert (told["Nord"].last.outcome, told["Nord"].read_until) == ("ok", date(2026, 11, 22))
    assert told["Nord"].read_at == told["Nord"].last.ended_at
    assert (told["Ost"].last.error, told["Ost"].read_until) == ("The till is away.", date(2026, 11, 20))
    assert told["Ost"].read_at < told["Ost"].last.ended_at
    assert (told["Sud"].last.outcome, told["Sud"].read_at, told["Sud"].read_until) == ("failed", None, None)
    assert (told["West"].last, told["West"].read_at, told["West"].read_until) == (None, None, None)


def test_a_reading_whose_process_was_killed_has_failed_and_one_that_goes_on_has_not(organization):
    lost, busy = (add_venue(organization, name, timezone="Europe/Moscow") for name in ("Lost", "Busy"))
    started = text("INSERT INTO sync_runs (organization_id, venue_id, source) VALUES (:organization, :venue, 'iiko')")
    with transaction(organization.id) as connection:
        connection.execute(started, {"organization": organization.id, "venue": lost.id})
    with reading(busy, "iiko"):
        told = freshness_of(organization.id, [lost, busy])
    assert [(fresh.last.outcome, fresh.last.error) for fresh in told] == [("failed", LOST), ("running", None)]


def test_the_journal_forgets_last_weeks_readings_that_changed_nothing(organization, ask):
    nord, sud = (add_venue(organization, name, timezone="Europe/Moscow") for name in ("Nord", "Sud"))
    with reading(nord, "iiko") as changing:
        changing.loaded = Loaded(5, 1)
    for _ in range(3):
        read_well(nord, date(2026, 11, 22))
    read_badly(nord, "The till is away.")
    read_well(sud, date(2026, 11, 22))
    before = ask(organization, "SELECT id FROM sync_runs ORDER BY id")
    assert forget_idle(nord) == 0
    ask(organization, "UPDATE sync_runs SET ended_at = ended_at - interval '8 days' RETURNING id")
    read_badly(nord, "The till is away again.")
    assert forget_idle(nord) == 3
    kept = [before[0], before[3], before[5]]
    assert ask(organization, "SELECT id FROM sync_runs WHERE error IS NULL ORDER BY id") == kept
    assert ask(organization, "SELECT error FROM sync_runs WHERE error IS NOT NULL") == [("The till is away again.",)]


def test_no_venue_is_no_answer(organization):
    assert freshness_of(organization.id, []) == []
