"""Flows on a real Prefect server, against real tills, Postgres and lake."""

import re
from itertools import pairwise

import pytest
from prefect import get_client
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError
from prefect.concurrency.sync import concurrency
from sqlalchemy import text

from flows.forecast import forecast
from flows.limits import till_limit
from flows.reports import report
from flows.sync import read_till, sync
from mozg.access.organizations import create_organization
from mozg.access.venues import add_venue, venues_of
from mozg.lake.reader import open_lake
from mozg.metrics import query
from mozg.store.database import transaction
from tests.wrong_tills import wrong_tills

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture(scope="module")
def synced(live):
    """The state of a sync that went well."""
    return sync(live.organization.slug, return_state=True)


def revenue(organization):
    return query(open_lake(organization), ["revenue"]).iloc[0]["revenue"]


def run_of(state):
    with get_client(sync_client=True) as client:
        return client.read_flow_run(state.state_details.flow_run_id)


def test_a_sync_reads_every_till_and_refreshes_the_lake(live, synced):
    assert synced.is_completed()
    assert synced.message.startswith("2 tills read, ")
    assert revenue(live.organization) > 0


def test_a_run_has_a_name_that_people_can_read(synced):
    assert run_of(synced).name.startswith("sync live 20")


def test_one_server_is_never_read_twice_at_once(live, synced):
    limits = {till_limit(venue) for venue in venues_of(live.organization)}
    assert len(limits) == 1
    with transaction(live.organization.id) as connection:
        spans = connection.execute(text("SELECT started_at, ended_at FROM sync_runs ORDER BY started_at")).all()
    assert len(spans) == 4  # the last days of both, then the history of both
    assert all(one.ended_at <= other.started_at for one, other in pairwise(spans))


def test_the_limit_on_a_till_exists_and_lets_one_in(live, synced):
    with get_client(sync_client=True) as client:
        limit = client.read_global_concurrency_limit_by_name(till_limit(venues_of(live.organization)[0]))
    assert (limit.limit, limit.active, limit.active_slots) == (1, True, 0)


def test_a_limit_that_nobody_created_is_an_error():
    with pytest.raises(ConcurrencySlotAcquisitionError), concurrency("till:nowhere", strict=True):
        pytest.fail("let in")


def test_a_till_that_refuses_fails_the_run_with_its_words_and_holds_up_nobody(live):
    organization = create_organization("mixed", "Mixed", currency="RUB", timezone="Europe/Moscow")
    good, bad = live.served.venues()
    day = {"opened_on": live.served.chain.last}
    add_venue(organization, **(good | day))
    wrong = {"pos_config": bad["pos_config"] | {"api_key": "wrong", "client_secret": "wrong"}}
    add_venue(organization, **(bad | day | wrong))
    state = sync("mixed", return_state=True)
    assert state.is_failed()
    assert state.message.startswith(f"{bad['name']}: iiko at 127.0.0.1 did not accept the sign-in")
    assert revenue(organization) > 0


def test_each_way_to_be_wrong_has_a_sentence(monkeypatch):
    organization = create_organization("astray", "Astray", currency="RUB", timezone="Europe/Moscow")
    monkeypatch.setattr("flows.sync.read_till", read_till.with_options(retries=0))
    with wrong_tills() as wrongs:
        for wrong in wrongs:
            add_venue(organization, **wrong.venue)
        state = sync("astray", return_state=True)
    assert state.is_failed()
    for wrong in wrongs:
        assert re.search(rf"\b{wrong.name}: iiko at 127\.0\.0\.1 [^:]*{re.escape(wrong.words)}", state.message)


def test_an_unknown_organisation_fails_the_run_with_a_sentence():
    state = sync("nobody", return_state=True)
    assert state.is_failed()
    assert "There is no organisation 'nobody'." in state.message


def test_a_report_runs_and_leaves_its_files(live, synced):
    state = report(
        "live", "sales", {"date_from": "last_28_days", "date_to": "last_28_days"}, ["xlsx"], return_state=True
    )
    assert state.is_completed(), state.message
    run_id, _, outcome = state.message.rstrip(".").partition(": ")
    assert outcome == "ok"
    with transaction(live.organization.id) as connection:
        row = connection.execute(
            text("SELECT files, outcome FROM report_runs WHERE run_id = :id"), {"id": run_id}
        ).one()
    assert (row.outcome, set(row.files)) == ("ok", {"xlsx"})


def test_a_wrong_parameter_fails_the_run_with_a_sentence(live, synced):
    state = report("live", "sales", {"colour": "red"}, [], return_state=True)
    assert state.is_failed()
    assert "The report sales has no parameter colour." in state.message


@pytest.mark.slow
def test_a_forecast_is_kept_as_its_report_shows_it(live, synced):
    state = forecast("live", return_state=True)
    assert state.is_completed(), state.message
    totals = text(
        "SELECT count(DISTINCT venue_id) AS venues, min(business_date) AS first, count(*) AS days, "
        "bool_and(lo80 <= yhat AND yhat <= hi80) AS ordered, min(wape) AS wape, min(made_on) AS made_on FROM forecasts"
    )
    with transaction(live.organization.id) as connection:
        kept = connection.execute(totals).one()
    assert kept.venues == 2
    assert kept.ordered
    assert kept.first >= kept.made_on
    assert 28 < kept.days <= 56
    assert 0 < kept.wape < 1
