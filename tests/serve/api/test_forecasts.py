"""Forecasts over HTTP: the newest of each venue that one may see."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from mozg.access.venues import venues_of
from mozg.store.database import transaction
from mozg.store.forecasts import save_forecasts

from .conftest import V1


@pytest.fixture
def venues(organization, team):
    """Nord and Sud by name; Nord's forecast was made twice, Sud's earlier only."""
    found = {venue.name: venue.id for venue in venues_of(organization)}
    first, second = date(2026, 11, 1), date(2026, 11, 8)
    points = [
        {
            "venue_id": found[name], "metric": "revenue", "made_on": made, "business_date": made + timedelta(days=day),
            "yhat": Decimal(f"{1000 + day}.25"), "lo80": Decimal("900.5"), "hi80": Decimal("1100"),
            "model": "Prophet", "wape": None if name == "Sud" else Decimal("0.081200"),
        }
        for name, made in (("Nord", first), ("Nord", second), ("Sud", first))
        for day in range(3)
    ]  # fmt: skip
    with transaction(organization.id) as connection:
        save_forecasts(connection, organization.id, pd.DataFrame(points, dtype=object))
    return found


def ask(person, **given):
    return person.client.get(f"{V1}/forecasts", params=given)


def test_the_newest_of_each_venue_is_told_with_exact_digits(team, venues):
    told = ask(team["owner"]).json()["items"]
    assert [(one["venue_name"], one["made_on"], one["business_date"]) for one in told] == [
        *(("Nord", "2026-11-08", f"2026-11-{day:02d}") for day in (8, 9, 10)),
        *(("Sud", "2026-11-01", f"2026-11-{day:02d}") for day in (1, 2, 3)),
    ]
    assert (told[0]["expected"], told[0]["low"], told[0]["past_error"]) == ("1000.2500", "900.5000", "0.081200")
    assert told[-1]["past_error"] is None


def test_who_is_limited_sees_their_venue_and_no_other(team, venues):
    assert {one["venue"] for one in ask(team["manager"]).json()["items"]} == {venues["Nord"]}
    forbidden, unknown = ask(team["manager"], venue=venues["Sud"]), ask(team["manager"], venue=10**9)
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert forbidden.json()["detail"].replace(str(venues["Sud"]), str(10**9)) == unknown.json()["detail"]


def test_one_venue_can_be_asked_for(team, venues):
    told = ask(team["analyst"], venue=venues["Sud"], metric="revenue").json()["items"]
    assert {one["venue"] for one in told} == {venues["Sud"]}


def test_the_list_comes_by_the_page(team, venues):
    first = ask(team["owner"], limit=4, metric="revenue")
    rest = team["owner"].client.get(first.json()["next"])
    assert [len(page.json()["items"]) for page in (first, rest)] == [4, 2]
    assert rest.json()["next"] is None
    again = team["owner"].client.get(f"{V1}/forecasts", headers={"If-None-Match": ask(team["owner"]).headers["etag"]})
    assert again.status_code == 304


def test_others_see_nothing_of_it(team, venues, strangers, client):
    assert ask(team["viewer"]).status_code == 403
    assert client.get(f"{V1}/forecasts").status_code == 401
    assert ask(strangers["owner"]).json()["items"] == []
    assert ask(strangers["owner"], venue=venues["Nord"]).status_code == 404


@pytest.mark.parametrize("given", [{"venue": 0}, {"venue": 2**63}, {"venue": "x"}, {"metric": "x"}, {"limit": 0}])
def test_a_wrong_question_is_refused(team, given):
    assert ask(team["owner"], **given).status_code == 422
