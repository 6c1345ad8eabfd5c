"""Organisations and venues: named well, once each, with secrets that only we can open."""

import pytest
from sqlalchemy import text

from mozg.access.organizations import create_organization, find_organization, organizations
from mozg.access.secrets import derived_key, role_password, seal, unseal
from mozg.access.venues import add_venue, change_venue, choose_venues, find_venue, venues_of
from mozg.errors import AccessError, SettingsError
from mozg.model import Venue
from mozg.store.database import admin_engine

CONFIG = {"base_url": "https://till.example", "password": "s3cret «ключ»"}


@pytest.fixture(scope="module")
def organization(database):
    return create_organization("access", "Доступ", currency="RUB", locale="ru", country="RU", timezone="Europe/Moscow")


def test_an_organisation_is_found_as_it_was_made(organization):
    assert find_organization("access") == organization
    assert organization in organizations()


@pytest.mark.parametrize("slug", ["", "A", "1a", "_a", "a b", "кафе", "a" * 41, "a'; --", 'a"', "a\n"])
def test_a_slug_is_plain(database, slug):
    with pytest.raises(AccessError, match="cannot name an organisation: use 1–40 of a–z"):
        create_organization(slug, "x", currency="RUB")


@pytest.mark.parametrize("slug", ["a", "with-dash", "with_underscore", "z" * 40])
def test_any_plain_slug_makes_an_organisation(database, slug):
    made = create_organization(slug, "x", currency="EUR")
    assert find_organization(slug) == made
    assert len(made.reader_role) <= 63  # as long as a name in Postgres may be


def test_two_that_differ_by_a_dash_have_walls_of_their_own(database):
    one, other = create_organization("two-1", "x", currency="RUB"), create_organization("two_1", "x", currency="RUB")
    assert one.reader_role != other.reader_role
    assert one.lake_schema != other.lake_schema


def test_an_organisation_is_made_once(organization):
    with pytest.raises(AccessError, match="'access' exists already"):
        create_organization("access", "x", currency="RUB")


def test_an_unknown_organisation_is_told_with_the_known_ones(organization):
    with pytest.raises(AccessError, match=r"There is no organisation 'acess'\. Known: .*access"):
        find_organization("acess")


def test_a_venue_is_found_with_its_credentials(organization):
    venue = add_venue(organization, "Арбат", timezone="Europe/Moscow", pos="iiko_cloud", pos_config=CONFIG)
    assert venue == find_venue(organization, "Арбат")
    assert (venue.pos_config, venue.organization_id, venue.day_start_hour) == (CONFIG, organization.id, 0)


def test_credentials_are_sealed_in_the_database(organization):
    venue = add_venue(organization, "Тверская", timezone="Europe/Moscow", pos="iiko_cloud", pos_config=CONFIG)
    with admin_engine().connect() as connection:
        stored = connection.scalar(text("SELECT pos_config FROM venues WHERE id = :id"), {"id": venue.id})
    assert "s3cret" not in stored
    assert "till.example" not in stored
    assert unseal(stored) == CONFIG


def test_a_till_can_be_changed(organization):
    venue = add_venue(organization, "Сретенка", timezone="Europe/Moscow")
    changed = change_venue(venue, pos="iiko_server", pos_config=CONFIG)
    assert find_venue(organization, "Сретенка") == changed
    assert (changed.pos, changed.pos_config) == ("iiko_server", CONFIG)


@pytest.mark.parametrize("zone", ["Moscow", "Europe/Atlantis", "UTC+3", "../etc/passwd", "", "/etc/localtime"])
def test_a_time_zone_is_of_the_list(organization, zone):
    with pytest.raises(AccessError, match=r"is not a time zone. Use a name like Europe/Moscow"):
        add_venue(organization, "Нигде", timezone=zone)
    assert "Нигде" not in {venue.name for venue in venues_of(organization)}


def test_a_venue_is_added_once_per_organisation(organization):
    add_venue(organization, "Полянка", timezone="Europe/Moscow")
    with pytest.raises(AccessError, match="has a venue 'Полянка' already"):
        add_venue(organization, "Полянка", timezone="Europe/Moscow")
    other = create_organization("access-other", "x", currency="RUB")
    assert add_venue(other, "Полянка", timezone="Europe/Moscow").organization_id == other.id


def test_venues_are_chosen_by_name_in_the_order_asked(database):
    mine = create_organization("access-choice", "x", currency="RUB")
    added = [add_venue(mine, name, timezone="UTC") for name in ("Б", "А", "В")]
    assert [venue.name for venue in choose_venues(mine, [])] == ["А", "Б", "В"]
    assert choose_venues(mine, ["В", "Б"]) == [added[2], added[0]]
    with pytest.raises(AccessError, match=r"'access-choice' has no venue 'Г', 'Д'\. Its venues: А, Б, В\."):
        choose_venues(mine, ["А", "Г", "Д"])


def test_what_is_sealed_comes_back_and_differs_every_time():
    assert unseal(seal(CONFIG)) == CONFIG
    assert seal(CONFIG) != seal(CONFIG)


def test_what_was_sealed_under_another_key_is_told():
    broken = seal(CONFIG)[:-8] + "AAAAAAA="
    with pytest.raises(SettingsError, match=r"sealed under another secret key. Restore the old MOZG_SECRET_KEY"):
        unseal(broken)


def test_every_purpose_and_role_has_a_secret_of_its_own():
    secrets = [derived_key(purpose) for purpose in ("scope", "seal", "role:mozg_app")]
    assert len(set(secrets)) == 3
    assert {len(secret) for secret in secrets} == {32}
    assert role_password("mozg_app") != role_password("postgres")


def test_nothing_secret_is_printed(organization):
    assert "s3cret" not in repr(Venue(1, 1, "x", "UTC", pos_config=CONFIG))
    assert role_password(organization.reader_role) not in repr(organization)
