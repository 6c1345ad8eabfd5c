"""What goes wrong between us and iiko ends in one helpful sentence, or is mended by asking again."""

import socket
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from tenacity import RetryCallState, Retrying

from mozg.errors import SettingsError, TillAccessDenied, TillAnswerError, TillBusy, TillError, TillUnreachable
from mozg.model import Venue
from mozg.pos import connect
from mozg.pos.iiko import connect_cloud, connect_server
from mozg.pos.patience import Patience, TryLaterError

DAY = date(2026, 10, 20)
REPORT = {"server": "/resto/api/v2/reports/olap", "cloud": "/olap/get"}


@pytest.fixture(params=["server", "cloud"])
def door(request):
    return request.param


@pytest.fixture
def till(door, venues, patience):
    return connect_server(venues[0], patience) if door == "server" else connect_cloud(venues[2], patience)


def changed(venue: Venue, **settings: object) -> Venue:
    return replace(venue, pos_config=venue.pos_config | settings)


def told(caught, venue):
    """Return the error's text after checking that it is a sentence that names the till and no secret."""
    text = str(caught.value)
    assert text.startswith("iiko at 127.0.0.1")
    assert text.endswith(".")
    for name in ("password", "api_key", "client_secret", "login", "app_id"):
        assert str(venue.pos_config.get(name, "\0")) not in text
    return text


def day_of(till):
    with till:
        return till.sales(DAY, DAY)


def test_the_licence_slot_is_freed_even_after_an_error(served, venues, patience):
    def fail():
        assert served.licence.taken == 1
        raise RuntimeError

    with pytest.raises(RuntimeError), connect_server(venues[0], patience):
        fail()
    assert served.licence.taken == 0
    served.faults.page(REPORT["server"])
    with pytest.raises(TillAnswerError), connect_server(venues[0], patience) as till:
        till.sales(DAY, DAY)
    assert served.licence.taken == 0


def test_no_free_slot(served, venues, patience):
    stranger = served.licence.take()
    with pytest.raises(TillAccessDenied) as caught, connect_server(venues[1], patience):
        pass
    assert "no free licence slot" in told(caught, venues[1])
    served.licence.free(stranger)
    with connect_server(venues[1], patience) as till:
        assert till.sales(DAY, DAY).receipts


def test_a_wrong_password(venues, patience):
    venue = changed(venues[0], password="not the one")
    with pytest.raises(TillAccessDenied) as caught, connect_server(venue, patience):
        pass
    assert "Check the venue's credentials" in told(caught, venue)


def test_a_wrong_secret(venues, patience):
    venue = changed(venues[2], client_secret="not the one")
    with pytest.raises(TillAccessDenied) as caught, connect_cloud(venue, patience):
        pass
    assert "client secret is wrong" in told(caught, venue)


def test_the_old_sign_in_works_until_iiko_refuses_it(served, venues, patience):
    config = {name: venues[2].pos_config[name] for name in ("base_url", "organization_id")}
    venue = replace(venues[2], pos_config=config | {"api_login": served.keys.api_login})
    assert day_of(connect_cloud(venue, patience)) == day_of(connect_cloud(venues[2], patience))
    served.faults.legacy_sign_in = False
    served.tokens.revoke()
    with pytest.raises(TillAccessDenied) as caught:
        day_of(connect_cloud(venue, patience))
    assert "no longer accepts api_login" in told(caught, venue)


def test_venues_of_one_key_share_a_token(served, venues, patience):
    served.tokens.revoke()
    for venue in venues[2:]:
        day_of(connect_cloud(venue, patience))
        day_of(connect_cloud(venue, patience))
    assert served.log.paths["/cloud/api/v2/access_token"] == 1


def test_a_lost_session_is_opened_once_more(served, door, till):
    with till:
        served.licence.restart()
        served.tokens.revoke()
        assert till.sales(DAY, DAY).receipts
    assert served.licence.taken == 0


def test_a_session_that_is_alive_though_a_proxy_calls_it_lost_keeps_no_slot(served, venues, patience):
    served.faults.once(REPORT["server"], 401)
    with connect_server(venues[0], patience) as till:
        assert till.sales(DAY, DAY).receipts
        assert served.licence.taken == 1
    assert served.licence.taken == 0


def test_a_session_that_cannot_be_opened_again_is_an_error(served, door, till, venues):
    served.faults.once(REPORT[door], 401, times=2)
    with till, pytest.raises(TillAccessDenied) as caught:
        till.sales(DAY, DAY)
    told(caught, venues[0])


def test_one_server_error_is_overcome(served, door, till):
    served.faults.once(REPORT[door], 500)
    assert day_of(till).receipts


def test_a_restarting_server_is_busy(served, door, till, venues):
    served.faults.once(REPORT[door], 503, times=3)
    with pytest.raises(TillBusy) as caught:
        day_of(till)
    assert "after 3 attempts" in told(caught, venues[0])


@pytest.mark.parametrize("hint", ["1", "date"])
def test_too_many_requests_waits_as_long_as_asked(served, door, till, hint):
    if hint == "date":
        hint = format_datetime(datetime.now(UTC) + timedelta(seconds=2))
    served.faults.once(REPORT[door], 429, retry_after=hint)
    start = time.monotonic()
    assert day_of(till).receipts
    assert time.monotonic() - start > 0.9


def test_too_many_requests_for_too_long(served, door, till, venues):
    served.faults.once(REPORT[door], 429, times=3)
    with pytest.raises(TillBusy) as caught:
        day_of(till)
    assert "asked too often" in told(caught, venues[0])


def test_a_page_instead_of_data(served, door, till, venues):
    served.faults.page(REPORT[door])
    with pytest.raises(TillAnswerError) as caught:
        day_of(till)
    assert "an HTML page" in told(caught, venues[0])


def test_half_an_answer(served, door, till, venues):
    served.faults.cut(REPORT[door])
    with pytest.raises(TillAnswerError) as caught:
        day_of(till)
    assert "cannot be read" in told(caught, venues[0])


def test_a_page_instead_of_a_session_key(served, venues, patience):
    served.faults.page("/resto/api/auth")
    with pytest.raises(TillAnswerError) as caught, connect_server(venues[0], patience):
        pass
    told(caught, venues[0])


def test_a_wrong_path(venues, patience):
    venue = changed(venues[0], base_url=venues[0].pos_config["base_url"] + "/nowhere")
    with pytest.raises(TillAnswerError) as caught, connect_server(venue, patience):
        pass
    assert "404" in told(caught, venue)


def test_a_closed_port(venues, patience):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    venue = changed(venues[0], base_url=f"http://127.0.0.1:{port}")
    with pytest.raises(TillUnreachable) as caught, connect_server(venue, patience):
        pass
    assert "cannot be reached after 3 attempts" in told(caught, venue)


def test_a_server_that_never_answers(venues, patience):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        venue = changed(venues[2], base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(TillUnreachable) as caught, connect_cloud(venue, replace(patience, answer=0.1)):
            pass
    assert "no answer in time" in told(caught, venue)


def test_a_stranger_organisation_is_refused_with_the_tills_own_words(venues, patience):
    venue = changed(venues[2], organization_id="00000000-0000-0000-0000-000000000000")
    with pytest.raises(TillError) as caught, connect_cloud(venue, patience) as till:
        till.catalogue()
    assert "doesn't belong to your api login" in told(caught, venue)


@pytest.mark.parametrize(
    ("number", "missing"), [(0, "password"), (0, "department_id"), (2, "client_secret"), (2, "organization_id")]
)
def test_missing_settings_are_named(venues, number, missing):
    venue = changed(venues[number], **{missing: ""})
    with pytest.raises(SettingsError, match=f"lacks {missing}"):
        connect(venue)


@pytest.mark.parametrize("address", ["till.example", "ftp://till.example", "http://till:port", "http://"])
def test_what_is_not_an_address(venues, address):
    with pytest.raises(SettingsError, match="is not an address of a till"):
        connect(changed(venues[0], base_url=address))


def test_an_unknown_time_zone(venues):
    with pytest.raises(SettingsError, match="unknown time zone, 'Mars/Olympus'"):
        connect(replace(venues[0], timezone="Mars/Olympus"))


def test_pauses_grow_unless_the_till_names_one():
    patience = Patience(first=1, busy=30, longest=100)

    def pause(attempt, **error):
        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = attempt
        state.set_exception((TryLaterError, TryLaterError("…", **error), None))
        return patience.pause(state)

    assert [0.5 * 2**n <= pause(n + 1) <= 2**n for n in range(5)] == [True] * 5
    assert 15 <= pause(1, status=429) <= 30
    assert pause(3, status=429, wait=7) == 7
    assert pause(1, status=503, wait=3600) == 100


def test_secrets_do_not_show_in_the_till(till):
    assert "password" not in repr(till)
    assert "secret" not in repr(till)
