"""What is scheduled follows from what is declared."""

from dataclasses import dataclass

import pytest

from flows import serve
from flows.limits import till_limit
from flows.sync import PASSING, may_pass
from mozg.access.organizations import create_organization
from mozg.errors import TillAccessDenied, TillUnreachable
from mozg.model import Venue
from mozg.reports.catalogue import all_reports


@dataclass
class Named:
    """As much of an organisation as decides when its tills are read."""

    slug: str


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
    ],
)
def test_venues_on_one_server_share_a_limit(config, limit):
    venue = Venue(id=1, organization_id=1, name="A", timezone="UTC", pos="iiko_cloud", pos_config=config)
    assert till_limit(venue) == limit


def test_venues_with_one_key_share_a_limit_where_there_is_no_address():
    def limit(**config):
        return till_limit(Venue(id=1, organization_id=1, name="A", timezone="UTC", pos="iiko_cloud", pos_config=config))

    assert limit(api_key="secret", organization_id="a") == limit(api_key="secret", organization_id="b")
    assert limit(api_key="secret", organization_id="a") != limit(api_key="other", organization_id="a")
    assert "secret" not in limit(api_key="secret")


def test_organisations_are_spread_over_the_hour(planned):
    (cron,) = [one.schedule.cron for one in planned["sync/planned"].schedules]
    assert cron == f"{serve.minute_of(Named('planned'))} * * * *"
    assert len({serve.minute_of(Named(f"chain{number}")) for number in range(60)}) > 30


@pytest.mark.parametrize(("error", "again"), [(TillUnreachable("no"), True), (TillAccessDenied("no"), False)])
def test_only_what_may_pass_is_tried_again(error, again):
    from prefect.states import Failed

    assert isinstance(error, PASSING) == again
    assert may_pass(None, None, Failed(data=error)) == again
