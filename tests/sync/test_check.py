"""A till is tried before it is trusted, and what is wrong is one sentence that says what to do."""

import datetime
import socket
from dataclasses import replace

import pytest

from mozg.access.venues import add_venue
from mozg.errors import SettingsError, TillError
from mozg.model import STREAMS
from mozg.sync.check import check_till
from mozg.sync.journal import last_reading


def test_a_till_that_answers_is_told_in_sentences_and_nothing_is_stored(venue, tills, small_chain, monkeypatch):
    checked = check_till(venue)
    assert checked.about.restaurant == venue.name
    assert {*checked.offered, *checked.missing} == set(STREAMS)
    assert checked.receipts == 0
    assert checked.sentences()[0] == (
        f"Connected to {venue.name} (iikoServer {tills.faults.version}): 0 receipts on {checked.day}."
    )
    assert last_reading(venue) is None
    assert tills.licence.taken == 0


def test_streams_and_a_clock_of_its_own_are_told(shelf, shelf_venue, monkeypatch):
    monkeypatch.setattr("mozg.sync.check.connect", lambda venue, patience: shelf)
    shelf.rows = {name: [] for name in STREAMS if name != "stop_list"}
    shelf.about = lambda: type(shelf).about(shelf)._replace(timezone="Asia/Omsk")
    told = check_till(shelf_venue).sentences()
    assert told[1].startswith("Besides sales it tells: cash shifts, shifts, ")
    assert told[2:] == [
        "It does not tell: stop list.",
        "The till keeps the time of Asia/Omsk, but the venue's is Europe/Moscow.",
    ]


@pytest.fixture
def wrong(venue):
    def _wrong(**settings):
        return replace(venue, pos_config=venue.pos_config | settings)

    return _wrong


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"password": "no"}, "did not accept the sign-in .* Check the venue's credentials"),
        ({"department_id": "nobody"}, "shows this sign-in no restaurant 'nobody'. Set department_id to one of"),
        ({"password": None}, "lacks password"),
        ({"base_url": "htp:/x"}, "is not an address of a till"),
    ],
)
def test_what_is_wrong_is_said(wrong, settings, sentence):
    with pytest.raises((TillError, SettingsError), match=sentence) as caught:
        check_till(wrong(**settings))
    assert str(caught.value).endswith(".")


def test_a_closed_port_and_a_plain_one_that_should_speak_tls_are_said_soon(wrong, tills):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(TillError, match=r"cannot be reached after 2 attempts .*Check its address"):
        check_till(wrong(base_url=f"http://127.0.0.1:{port}"))
    with pytest.raises(TillError, match="does not speak TLS at this port"):
        check_till(wrong(base_url=tills.address.replace("http://", "https://")))


def test_another_web_server_is_not_a_till(wrong, tills):
    with pytest.raises(TillError, match=r"Check (the|that the) address"):
        check_till(wrong(base_url=f"{tills.address}/elsewhere"))


def test_a_venue_fed_by_files_has_no_till(organization):
    venue = add_venue(organization, "Файлы", timezone="UTC")
    with pytest.raises(SettingsError, match="has no till"):
        check_till(venue)


def test_yesterday_is_the_venues(venue):
    assert check_till(replace(venue, timezone="Pacific/Kiritimati")).day == (
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=14)
    ).date() - datetime.timedelta(days=1)
