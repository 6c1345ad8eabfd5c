"""What is scheduled follows from what is declared."""

import pytest

from flows import serve
from flows.limits import till_limit
from flows.sync import PASSING, may_pass
from mozg.access.organizations import create_organization
from mozg.errors import TillAccessDenied, TillUnreachable
from mozg.model import Venue
from mozg.reports.catalogue import all_reports


@pytest.fixture(scope="module")
def planned(database):
    organization = create_organization("planned", "Planned", currency="EUR", timezone="Asia/Yekaterinburg")
    return {f"{one.flow_name}/{one.name}": one for one in serve.deployments_of(organization)}


def test_there_is_one_deployment_for_each_declared_report(planned):
    reports = {f"report/planned-{report.name}" for report in all_reports()}
    assert reports
    assert set(planned) == reports | {"sync/planned", "forecast/planned", "nightly/planned"}


def test_reports_run_at_their_hour_in_the_time_zone_of_the_organisation(planned):
    for report in all_reports():
        deployment = planned[f"report/planned-{report.name}"]
        assert deployment.parameters == {"organization": "planned", "name": report.name}
        crons = [(one.schedule.cron, one.schedule.timezone) for one in deployment.schedules or []]
        assert crons == ([(report.schedule.cron, "Asia/Yekaterinburg")] if report.schedule else [])


def test_the_flows_are_found_from_any_folder(planned):
    entrypoints = {one.entrypoint for one in planned.values()}
    assert entrypoints == {
        "flows.sync.sync",
        "flows.forecast.forecast",
        "flows.nightly.nightly",
        "flows.reports.report",
    }


def test_every_organisation_is_served(planned):
    assert planned.keys() <= {f"{one.flow_name}/{one.name}" for one in serve.deployments()}


@pytest.mark.parametrize(
    ("config", "limit"),
    [
        ({"base_url": "https://anna:pw@till.example:8443/resto"}, "till:till.example:8443"),
        ({"base_url": "http://127.0.0.1:9000/cloud"}, "till:127.0.0.1:9000"),
        ({}, "till:iiko_cloud"),
    ],
)
def test_venues_on_one_server_share_a_limit(config, limit):
    venue = Venue(id=1, organization_id=1, name="A", timezone="UTC", pos="iiko_cloud", pos_config=config)
    assert till_limit(venue) == limit


@pytest.mark.parametrize(("error", "again"), [(TillUnreachable("no"), True), (TillAccessDenied("no"), False)])
def test_only_what_may_pass_is_tried_again(error, again):
    from prefect.states import Failed

    assert isinstance(error, PASSING) == again
    assert may_pass(None, None, Failed(data=error)) == again
