"""What goes wrong between us and r_keeper ends in one helpful sentence, or is mended by asking again."""

import socket
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError, TillBusy, TillUnreachable
from mozg.model import Venue
from mozg.pos import connect, pace
from mozg.pos.rkeeper import connect_local, connect_white
from mozg.simulate.faults import Fault, doubled, garbled

DAY, LAST = date(2026, 10, 6), date(2026, 10, 7)
EVENING = datetime(2026, 10, 7, 12, 30)
SECRETS = ("password", "token")


@pytest.fixture
def is_white(rkeeper_venue):
    return rkeeper_venue.pos == "rkeeper_white"


@pytest.fixture
def sales(patience, monkeypatch):
    """Return what a venue sold, read by somebody who is as stubborn as in earnest, but quick."""
    monkeypatch.setattr(pace, "FIRST_PAUSE", 0.01)

    def read(venue, first=DAY, last=DAY):
        connect = connect_white if venue.pos == "rkeeper_white" else connect_local
        with connect(venue, patience) as till:
            return till.sales(first, last)

    return read


def changed(venue, **settings):
    return replace(venue, pos_config=venue.pos_config | settings)


def path(is_white):
    return "/white/" if is_white else "sqlprocdata/MOZGDISHES"


def fails(kind, sales, venue, *window):
    """Return the error's text after checking that it is a sentence that names the till and no secret."""
    with pytest.raises(kind) as caught:
        sales(venue, *window)
    text = str(caught.value)
    assert text.startswith(("r_keeper", "White Server", "The report database of", "A shift of"))
    assert text.endswith(".")
    assert not any(str(venue.pos_config.get(name, "\0")) in text for name in SECRETS)
    return text


@pytest.mark.parametrize("status", [408, 429, 500, 502])
def test_one_bad_answer_is_overcome(rkeeper, sales, rkeeper_venue, is_white, status):
    rkeeper.faults.once(path(is_white), status)
    assert sales(rkeeper_venue).receipts


@pytest.mark.parametrize(("status", "words"), [(429, "asked too often"), (503, "not able to answer")])
def test_a_server_that_goes_on_refusing_is_busy(rkeeper, sales, rkeeper_venue, is_white, status, words):
    rkeeper.faults.once(path(is_white), status, retry_after="0", times=3)
    assert words in fails(TillBusy, sales, rkeeper_venue)


@pytest.mark.parametrize("at", ["first", "later"])
def test_a_page_or_half_an_answer_cannot_be_read(rkeeper, sales, rkeeper_venue, is_white, at):
    where = path(is_white) if at == "later" else ("/white/" if is_white else "xmlinterface")
    rkeeper.faults.page(where)
    told = fails(TillAnswerError, sales, rkeeper_venue)
    assert "something that cannot be read (an HTML page)" in told
    rkeeper.faults.cut(where)
    assert "cannot be read" in fails(TillAnswerError, sales, rkeeper_venue)


def test_an_old_encoding_is_read_and_rows_that_come_twice_count_once(rkeeper, sales, rkeeper_venue, is_white):
    truth = told(sales(rkeeper_venue))
    rkeeper.faults.changed(path(is_white), garbled, times=3)
    rkeeper.faults.changed(path(is_white), doubled, times=3)
    assert told(sales(rkeeper_venue)) == truth


def test_an_answer_that_drips_is_not_waited_for(rkeeper, patience, rkeeper_venue, is_white):
    rkeeper.faults.queue += [Fault(path(is_white), None, drip=0.05)] * 3
    connect = connect_white if is_white else connect_local
    with connect(rkeeper_venue, replace(patience, whole=0.1)) as till, pytest.raises(TillUnreachable) as caught:
        till.sales(DAY, DAY)
    assert "no answer in time" in str(caught.value)


def test_wrong_credentials(sales, rkeeper_venue, is_white):
    venue = changed(rkeeper_venue, **({"token": "nonsense"} if is_white else {"password": "nonsense"}))
    told = fails(TillAccessDenied, sales, venue)
    assert ("Check the venue's token" if is_white else "Check the venue's credentials") in told


@pytest.mark.parametrize("words", ["Нет права на выполнение операции", "No licence for XML interface"])
def test_a_right_or_a_licence_that_is_missing(rkeeper, sales, rkeeper_venue, is_white, monkeypatch, words):
    monkeypatch.setattr(rkeeper.doors.cash[1], "refusing", words)
    assert words in fails(TillAccessDenied, sales, rkeeper_venue)
    monkeypatch.setattr(rkeeper.doors.cash[1], "refusing", "Access violation")
    assert "(Access violation)" in fails(TillAnswerError, sales, rkeeper_venue)


def test_while_the_common_shift_is_being_closed_the_till_is_busy(rkeeper, sales, rkeeper_venue, monkeypatch):
    monkeypatch.setattr(rkeeper.cash(), "closing", True)
    assert "the common shift is being closed" in fails(TillBusy, sales, rkeeper_venue)


def test_a_closed_shift_that_is_not_in_the_reports_yet_is_not_an_empty_day(rkeeper, sales, rkeeper_venue, monkeypatch):
    monkeypatch.setattr(rkeeper.base, "lag", 1)
    rkeeper.present.now = EVENING
    for window in ((DAY, LAST), (DAY, DAY)):
        assert "has not come to the report database" in fails(TillBusy, sales, rkeeper_venue, *window)
    monkeypatch.setattr(rkeeper.base, "lag", 0)
    assert {one.business_date for one in sales(rkeeper_venue, DAY, LAST).receipts} == {DAY, LAST}


def test_a_part_of_the_open_shift_in_the_reports_doubles_nothing(rkeeper, sales, rkeeper_venue, monkeypatch):
    rkeeper.present.now = EVENING
    truth = sales(rkeeper_venue, DAY, LAST)
    monkeypatch.setattr(rkeeper.base, "open_shift_too", True)
    assert told(sales(rkeeper_venue, DAY, LAST)) == told(truth)


def told(sales):
    return [Counter(part) for part in (sales.receipts, sales.items, sales.payments)]


@pytest.mark.parametrize(
    "oddity",
    [{"shape": "rows"}, {"shape": "table"}, {"shape": "xml"},
     {"duplicate": True, "shuffle": True, "unknown_field": True}],
    ids=str,
)  # fmt: skip
def test_rows_may_come_in_any_shape_and_order(rkeeper, sales, rkeeper_venue, monkeypatch, oddity):
    truth = told(sales(rkeeper_venue))
    for name, value in oddity.items():
        monkeypatch.setattr(rkeeper.rows, name, value)
    assert told(sales(rkeeper_venue)) == truth


@pytest.mark.parametrize("field", ["PAYSUM", "SHIFTDATE", "VISIT"])
def test_a_column_that_is_gone_is_named(rkeeper, sales, rkeeper_venue, monkeypatch, field):
    monkeypatch.setattr(rkeeper.rows, "missing_field", field)
    assert field in fails(TillAnswerError, sales, rkeeper_venue)


def test_a_certificate_that_nobody_vouches_for_is_shown(rkeeper, sales, rkeeper_venue, is_white):
    told = fails(TillUnreachable, sales, changed(rkeeper_venue, certificate=""))
    assert (rkeeper.fingerprint in told) != is_white


def test_another_certificate_than_the_one_we_know_is_refused(sales, rkeeper_venue):
    told = fails(TillUnreachable, sales, changed(rkeeper_venue, certificate="ab" * 32))
    assert "shows a certificate that this machine does not trust" in told


def test_a_closed_port(sales, rkeeper_venue):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    venue = changed(rkeeper_venue, base_url=f"https://127.0.0.1:{port}", cash_url=f"https://127.0.0.1:{port}")
    assert "cannot be reached after 3 attempts" in fails(TillUnreachable, sales, venue)


@pytest.mark.parametrize("setting", ["base_url", "password", "restaurant_id"])
def test_missing_settings_are_named(rkeeper, setting):
    with pytest.raises(SettingsError, match=f"lacks {setting}"):
        connect(changed(venue_of(rkeeper), **{setting: ""}))


def venue_of(rkeeper, **how):
    venue = rkeeper.venues(**how)[0]
    return Venue(1, 1, venue["name"], venue["timezone"], venue["pos"], venue["pos_config"])


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("TaskLimitExceeded", TillBusy, "asked too often"),
        ("Timeout", TillBusy, "not able to answer"),
        ("License", TillAccessDenied, "licence for White Server"),
        ("WsAgentNotSelected", TillAccessDenied, "default agent"),
        ("AgentError", TillAnswerError, "Check that its agent runs"),
    ],
)
def test_what_white_server_says_is_understood(rkeeper, sales, monkeypatch, code, kind, words):
    monkeypatch.setattr(rkeeper.white, "failing", [code] * 3)
    assert words in fails(kind, sales, venue_of(rkeeper, white=True))


def test_white_server_may_have_the_answer_later(rkeeper, sales, monkeypatch):
    venue = venue_of(rkeeper, white=True)
    truth = told(sales(venue))
    monkeypatch.setattr(rkeeper.white, "later", True)
    assert told(sales(venue)) == truth


def test_nothing_is_asked_twice(rkeeper, sales):
    venue = venue_of(rkeeper)
    rkeeper.present.now = EVENING
    sales(venue, LAST, LAST)
    rkeeper.log.paths.clear()
    again = sales(venue, LAST, LAST)
    asked = Counter({name.rpartition("/")[2]: number for name, number in rkeeper.log.paths.items()})
    assert again.receipts
    assert sum(number for name, number in rkeeper.log.paths.items() if name.startswith("/cash")) == 2
    assert asked["MOZGCHECKS"] == 1
