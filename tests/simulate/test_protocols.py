"""The simulated tills keep to the letter of iiko's protocols."""

import hashlib
from datetime import date
from xml.etree import ElementTree as Tree

import httpx
import jwt
import pytest

from mozg.simulate import Chain, serve

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 5)
REPORT = {"reportType": "SALES", "groupByRowFields": ["OpenDate.Typed"], "aggregateFields": ["UniqOrderId"]}
DAYS = {"filterType": "DateRange", "periodType": "CUSTOM", "from": "2026-10-01", "to": "2026-10-03"}


@pytest.fixture(scope="module")
def served():
    with serve(Chain.generate(5, FIRST, LAST)) as served:
        yield served


@pytest.fixture
def resto(served):
    """A client of iikoServer that is signed in."""
    with httpx.Client(base_url=f"{served.address}/server/resto/api") as client:
        assert sign_in(client, served).status_code == 200
        yield client
        client.post("/logout")


@pytest.fixture
def cloud(served):
    with httpx.Client(base_url=f"{served.address}/cloud") as client:
        secrets = {name: getattr(served.keys, word) for name, word in CLOUD_SECRETS.items()}
        token = client.post("/api/v2/access_token", json=secrets).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


CLOUD_SECRETS = {"apiKey": "api_key", "appId": "app_id", "clientSecret": "client_secret"}


def sign_in(client, served):
    digest = hashlib.sha1(served.keys.password.encode()).hexdigest()
    return client.post("/auth", data={"login": served.keys.login, "pass": digest})


def test_one_licence_slot(served, resto):
    with httpx.Client(base_url=resto.base_url) as other:
        refused = sign_in(other, served)
        assert (refused.status_code, refused.headers["content-type"]) == (403, "text/plain; charset=utf-8")
        assert "no connections available" in refused.text
        assert resto.get("/logout").status_code == 200
        assert sign_in(other, served).status_code == 200
        assert other.get("/logout", params={"key": other.cookies["key"]}).text == other.cookies["key"]


def test_a_session_ends_by_itself(served, resto, monkeypatch):
    monkeypatch.setattr(served.licence, "seconds", 0.0)
    assert resto.get("/employees").status_code == 401
    assert served.licence.taken == 0


def test_without_a_session_nothing_opens(served):
    assert httpx.get(f"{served.address}/server/resto/api/employees").status_code == 401
    assert httpx.get(f"{served.address}/server/resto/api/auth", params={"login": "x", "pass": "y"}).status_code == 401


def test_server_report(resto):
    rows = resto.post("/v2/reports/olap", json=REPORT | {"filters": {"OpenDate.Typed": DAYS}}).json()
    assert [row["OpenDate.Typed"] for row in rows["data"]] == ["2026-10-01T00:00:00", "2026-10-02T00:00:00"]
    assert rows["summary"] == []
    refused = resto.post("/v2/reports/olap", json=REPORT | {"filters": {}})
    assert refused.status_code == 409
    assert "OpenDate.Typed" in refused.text
    assert (
        resto.post("/v2/reports/olap", json=REPORT | {"groupByRowFields": ["Nope"], "filters": {}}).status_code == 400
    )


def test_server_columns(resto):
    columns = resto.get("/v2/reports/olap/columns", params={"reportType": "SALES"}).json()
    assert columns["GuestNum"]["groupingAllowed"]
    assert not columns["UniqOrderId"]["groupingAllowed"]
    assert columns["OpenDate.Typed"]["type"] == "DATE"


def test_cash_shifts_agree_with_the_report(served, resto):
    asked = {"openDateFrom": "2026-10-01", "openDateTo": "2026-10-02", "status": "ANY"}
    shifts = resto.get("/v2/cashshifts/list", params=asked).json()
    assert len(shifts) == 2 * len(served.chain.venues)
    rule = DAYS | {"to": "2026-10-02", "includeHigh": True}
    body = REPORT | {"aggregateFields": ["DishDiscountSumInt"], "filters": {"OpenDate.Typed": rule}}
    rows = resto.post("/v2/reports/olap", json=body).json()["data"]
    assert sum(one["payOrders"] for one in shifts) == pytest.approx(sum(row["DishDiscountSumInt"] for row in rows))


def test_people_and_departments(served, resto):
    root = Tree.fromstring(resto.get("/employees").text)
    kinds = [(one.findtext("employee"), one.findtext("supplier"), one.findtext("client")) for one in root]
    assert kinds.count(("false", "true", "false")) == kinds.count(("false", "false", "true")) == 1
    assert all(one.findtext("deleted") == "false" for one in root)
    departments = Tree.fromstring(resto.get("/corporation/departments").text)
    names = [one.findtext("name") for one in departments if one.findtext("type") == "DEPARTMENT"]
    assert names == list(served.chain.venues["name"])


def test_a_wrong_path_is_a_page(resto):
    answer = resto.get("/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_cloud_sign_in(served, cloud):
    claims = jwt.decode(cloud.headers["Authorization"].split()[1], options={"verify_signature": False})
    assert "exp" in claims
    wrong = cloud.post("/api/v2/access_token", json={"apiKey": "x", "appId": "y", "clientSecret": "z"})
    assert wrong.status_code == 401
    assert set(wrong.json()) == {"correlationId", "errorDescription", "error"}
    login = {"apiLogin": served.keys.api_login}
    assert "token" in cloud.post("/api/1/access_token", json=login).json()
    served.faults.legacy_sign_in = False
    assert cloud.post("/api/1/access_token", json=login).status_code == 403
    served.faults.legacy_sign_in = True


def test_cloud_tokens_die(served, cloud):
    assert cloud.post("/api/1/organizations", json={}).status_code == 200
    served.tokens.revoke()
    assert cloud.post("/api/1/organizations", json={}).status_code == 401


@pytest.mark.parametrize(
    ("filters", "complaint"),
    [
        ([], "required"),
        ([{"name": "OpenDate.Typed", **DAYS, "from": "2026-09-01", "to": "2026-10-02"}], "32 days"),
        ([{"name": "Open", **DAYS}], "Unknown OLAP field"),
        ({"OpenDate.Typed": DAYS}, "wrong type"),
    ],
)
def test_cloud_report_refuses(cloud, filters, complaint):
    answer = cloud.post("/api/reporting/v1/olap/get", json=REPORT | {"filters": filters})
    assert answer.status_code == 400
    assert complaint in answer.json()["errorDescription"]


def test_cloud_report(cloud):
    rule = DAYS | {"from": "2026-09-01", "to": "2026-10-01", "includeHigh": True}
    answer = cloud.post("/api/reporting/v1/olap/get", json=REPORT | {"filters": [{"name": "OpenDate.Typed", **rule}]})
    assert len(answer.json()["data"]) == 31
    assert answer.json()["data"][0]["OpenDate.Typed"] == "2026-09-01"
    columns = cloud.post("/api/reporting/v1/olap/columns/get", json={"reportType": "SALES"}).json()
    assert {"name", "displayName", "canAggregate", "canGroup", "canFilter"} < set(columns[0])


def test_cloud_lists_are_paged_and_people_are_shy(served, cloud):
    page = cloud.post("/api/nomenclature/v2/product/list", json={"limit": 10, "offset": 60}).json()
    assert (len(page["items"]), page["totalCount"]) == (10, 80)
    assert cloud.post("/api/nomenclature/v2/product/list", json={"limit": 1001}).status_code == 400
    people = cloud.post("/api/employees/v1/employee/list", json={"filters": [], "limit": 1000}).json()["items"]
    assert set(people[0]) == {"id", "name", "code", "isFired"}
    one = {"field": "organizationIds", "value": served.chain.venues["external_id"][0]}
    ours = cloud.post(
        "/api/employees/v1/employee/list", json={"filters": [one], "fields": ["mainRoleId"], "limit": 1000}
    )
    assert 0 < ours.json()["totalCount"] < len(people)
    assert set(ours.json()["items"][0]) == {"mainRoleId"}


def test_cloud_classics(served, cloud):
    identifiers = list(served.chain.venues["external_id"])
    organizations = cloud.post("/api/1/organizations", json={"returnAdditionalInfo": True}).json()
    assert [one["id"] for one in organizations["organizations"]] == identifiers
    assert organizations["correlationId"]
    groups = cloud.post("/api/1/terminal_groups", json={"organizationIds": identifiers[2:3]}).json()
    assert groups["terminalGroups"][0]["items"][0]["timeZone"] == "Asia/Yekaterinburg"
    stranger = cloud.post("/api/1/terminal_groups", json={"organizationIds": ["nobody"]})
    assert stranger.status_code == 400
    menu = cloud.post("/api/1/nomenclature", json={"organizationId": identifiers[0]}).json()
    assert len(menu["products"]) == 64
    again = {"organizationId": identifiers[0], "startRevision": menu["revision"]}
    assert cloud.post("/api/1/nomenclature", json=again).json()["products"] == []


def test_requests_are_counted(served, cloud):
    before = served.log.paths["/cloud/api/1/organizations"]
    cloud.post("/api/1/organizations", json={})
    assert served.log.paths["/cloud/api/1/organizations"] == before + 1
