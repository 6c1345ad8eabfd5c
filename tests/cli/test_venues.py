"""Venues are added with a till that was tried, changed in parts, and checked when something seems wrong."""

from datetime import date

import pytest

from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue, find_venue, venues_of
from mozg.errors import TillAccessDenied
from mozg.simulate import Chain, serve
from tests.wrong_tills import wrong_tills

MOSCOW = ("--timezone", "Europe/Moscow", "--till", "iiko_server")


@pytest.fixture(scope="module")
def served():
    with serve(Chain.generate(seed=5, first=date(2026, 11, 1), last=date(2026, 11, 2), venues=1)) as served:
        yield served


@pytest.fixture(scope="module")
def till(served):
    return served.venues()[0]


@pytest.fixture(scope="module")
def owner(database):
    return create_organization("venues", "Venues", currency="RUB")


@pytest.fixture
def settings(till, tmp_path):
    """The till's settings as a file, with changes."""

    def _settings(**changes):
        path = tmp_path / "till.toml"
        path.write_text("".join(f'{name} = "{value}"\n' for name, value in (till["pos_config"] | changes).items()))
        return str(path)

    return _settings


def words(command, name, *more):
    return ("venues", command, "--organization", "venues", "--name", name, *more)


def test_a_venue_is_added_changed_and_checked(mozg, owner, settings, till):
    added = mozg(
        *words("add", "Nord", "--timezone", "Europe/Moscow", "--till", "iiko_server", "--settings", settings())
    )
    assert f"Connected to {till['name']} (iikoServer" in added.output
    assert "Added the venue Nord." in added.output
    venue = find_venue(owner, "Nord")
    assert (venue.pos, venue.pos_config) == ("iiko_server", till["pos_config"])
    with pytest.raises(TillAccessDenied, match="did not accept the sign-in"):
        mozg(*words("change", "Nord", "--set", "password=wrong"))
    assert find_venue(owner, "Nord").pos_config == till["pos_config"]
    mozg(*words("change", "Nord", "--set", "password=wrong", "--unchecked"))
    assert find_venue(owner, "Nord").pos_config == till["pos_config"] | {"password": "wrong"}
    checked = mozg("venues", "check", "--organization", "venues")
    assert checked.exit_code == 1
    assert "Nord: iiko at 127.0.0.1 did not accept the sign-in" in checked.stderr


def test_a_till_that_cannot_be_read_is_not_added(mozg, owner, settings):
    with pytest.raises(TillAccessDenied, match="no restaurant 'nobody'"):
        mozg(
            *words(
                "add",
                "Sud",
                "--timezone",
                "UTC",
                "--till",
                "iiko_server",
                "--settings",
                settings(department_id="nobody"),
            )
        )
    assert "Sud" not in {venue.name for venue in venues_of(owner)}


def test_each_way_to_be_wrong_has_a_sentence(mozg):
    owner = create_organization("wrong", "Wrong", currency="RUB")
    with wrong_tills() as wrongs:
        for wrong in wrongs:
            add_venue(owner, **wrong.venue)
        told = mozg("venues", "check", "--organization", "wrong")
    assert told.exit_code == 1
    lines = told.stderr.splitlines()
    for wrong in wrongs:
        assert any(line.startswith(f"{wrong.name}: iiko at 127.0.0.1 ") and wrong.words in line for line in lines)


def test_what_is_no_setting_is_bad_usage(mozg, owner):
    assert mozg(*words("add", "Est", *MOSCOW, "--set", "password")).exit_code == 2
