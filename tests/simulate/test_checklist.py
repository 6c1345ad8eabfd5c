"""The simulated iiko keeps to what is known of the real one's corners, and counts who asks it what."""

import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from xml.etree import ElementTree as Tree

import httpx
import numpy as np
import pytest

from mozg.simulate import Chain, edits, faults, serve
from mozg.simulate.iiko import commands
from mozg.simulate.iiko.calling import call
from mozg.simulate.iiko.entities import REVISION

from .test_protocols import CLOUD_SECRETS, sign_in

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 4)


@pytest.fixture(scope="module")
def serving():
    with serve(Chain.generate(5, FIRST, LAST, venues=2)) as served:
        yield served


@pytest.fixture
def served(serving):
    serving.faults.clear()
    serving.log.clear()
    serving.licence.restart()
    return serving


@pytest.fixture
def resto(served):
    with httpx.Client(base_url=f"{served.address}/server/resto/api") as client:
        sign_in(client, served)
        yield client


@pytest.fixture
def cloud(served):
    with httpx.Client(base_url=f"{served.address}/cloud/api") as client:
        secrets = {name: getattr(served.keys, word) for name, word in CLOUD_SECRETS.items()}
        client.headers["Authorization"] = f"Bearer {client.post('/v2/access_token', json=secrets).json()['token']}"
        yield client


@pytest.fixture
def venue(served):
    return served.chain.venues["external_id"][0]


def test_a_key_sees_its_own_organisations_only(served, cloud, venue):
    other = served.chain.venues["external_id"][1]
    served.faults.visible = frozenset({venue})
    assert [one["id"] for one in cloud.post("/1/organizations", json={}).json()["organizations"]] == [venue]
    body = {"organizationId": other, "startAt": "2026-10-01T00:00:00", "endAt": "2026-10-02T00:00:00"}
    assert "doesn't belong" in cloud.post("/employees/v1/attendance/list", json=body).json()["errorDescription"]


def test_terminals_that_were_not_granted_hide(served, cloud, venue):
    served.faults.hidden_terminals = True
    asked = {"organizationIds": [venue]}
    assert cloud.post("/1/terminal_groups", json=asked).json()["terminalGroups"] == []
    assert len(cloud.post("/1/terminal_groups", json=asked | {"includeDisabled": True}).json()["terminalGroups"]) == 1


def test_a_command_goes_its_way(served, cloud, venue, monkeypatch):
    person = served.chain.employees["external_id"][0]
    ids = [
        cloud.post("/1/employees/shift/clockin", json={"organizationId": venue, "employeeId": one}).json()
        for one in (person, "nobody")
    ]
    ask = lambda one: cloud.post(  # noqa: E731
        "/1/commands/status", json={"organizationId": venue, "correlationId": one["correlationId"]}
    )
    assert ask(ids[0]).json()["state"] == "InProgress"
    time.sleep(commands.DONE)
    assert [ask(one).json()["state"] for one in ids] == ["Success", "Error"]
    monkeypatch.setattr(commands, "FORGOTTEN", 0.0)
    assert ask(ids[0]).status_code == 410


def test_limits_refuse_who_asks_too_often_and_the_log_tells(served, cloud):
    served.faults.limits = {"/organizations": (3, 60)}
    statuses = [cloud.post("/1/organizations", json={}).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert served.log.most("/organizations", 60) == 5


def test_a_session_that_asks_two_things_at_once_is_seen_and_slowed(served, resto):
    slow = threading.Thread(target=lambda: resto.get("/employees", timeout=30))
    served.faults.slow("/employees", 0.5)
    slow.start()
    time.sleep(0.2)
    began = time.monotonic()
    resto.get("/corporation/departments")
    assert time.monotonic() - began > 0.25
    slow.join()
    assert max(served.log.busiest.values()) == 2


def test_what_is_newer_than_a_revision(resto):
    asked = {"revisionFrom": REVISION}
    assert resto.get("/v2/entities/products/list", params=asked).json() == []
    assert resto.get("/v2/entities/products/list", params={"revisionFrom": -1}).json()
    assert len(Tree.fromstring(resto.get("/employees", params=asked).text)) == 0


def test_free_licence_slots(served, resto):
    assert resto.get("/licence/info", params={"moduleId": 28008806}).text == "0"
    assert served.licence.most >= 1


@pytest.mark.parametrize(("version", "spelling"), [("9.3", "overtimePaymentSum"), ("7.9", "overtimePayedSum")])
def test_both_spellings_of_overtime_and_attendances_that_reach_into_a_day(served, resto, version, spelling):
    served.faults.version = version
    asked = {"from": "2026-10-02", "to": "2026-10-02", "withPaymentDetails": "true"}
    root = Tree.fromstring(resto.get("/employees/attendance", params=asked).text)
    days = {one.findtext("dateFrom")[:10] for one in root}
    assert days == {"2026-10-01", "2026-10-02"}
    assert {child.tag for one in root.iter("paymentDetails") for child in one} >= {spelling}


def test_rain_falls_as_the_seed_says_and_lets_sessions_end(served):
    fallen = []
    for _ in range(2):
        served.faults.clear()
        served.faults.rain(seed=3, share=0.5)
        for _ in range(30):
            httpx.get(f"{served.address}/server/resto/get_server_info.jsp")
            httpx.get(f"{served.address}/server/resto/api/logout")
        fallen.append(list(served.faults.fallen))
    assert fallen[0] == fallen[1]
    assert 5 < len(fallen[0]) < 25
    assert not any("logout" in one for one in fallen[0])


def test_changes_of_bodies():
    body = '{"data": [{"a": 1, "b": "ё"}, {"a": 2, "b": "ю"}]}'.encode()
    assert httpx.Response(200, content=faults.doubled(body)).json()["data"] == [
        {"a": 2, "b": "ю"}, {"a": 1, "b": "ё"}, {"a": 1, "b": "ё"}]  # fmt: skip
    assert httpx.Response(200, content=faults.lacking("a")(body)).json()["data"][0] == {"b": "ё"}
    assert faults.doubled(b"no json") == b"no json"
    with pytest.raises(UnicodeDecodeError):
        faults.garbled(body).decode()


def test_every_till_tells_an_edit_at_once(served, resto, venue):
    before = served.chain
    asked = {"openDateFrom": str(LAST), "openDateTo": str(LAST), "status": "ANY", "departmentId": venue}
    (told,) = resto.get("/v2/cashshifts/list", params=asked).json()
    served.replace(edits.sold(before, 0, before.receipts["closed_at"].max().to_pydatetime(), [(5, 1)], LAST))
    (later,) = resto.get("/v2/cashshifts/list", params=asked).json()
    served.replace(before)
    assert later["salesCard"] > told["salesCard"]


def test_one_restaurants_own_server_fails_and_the_others_do_not(served, resto):
    mine, other = served.chain.venues["external_id"]
    served.faults.once(f"/department/{mine}/", 502)
    asked = {"from": str(LAST), "to": str(LAST)}
    statuses = [resto.get(f"/employees/attendance/department/{one}/", params=asked).status_code
                for one in (other, mine, mine)]  # fmt: skip
    assert statuses == [200, 502, 200]


def test_a_dish_that_was_withdrawn_is_marked_and_does_not_disappear(served, cloud, venue):
    gone = set(served.chain.products.loc[~served.chain.products["active"], "external_id"])
    menu = cloud.post("/1/nomenclature", json={"organizationId": venue}).json()["products"]
    listed = cloud.post("/nomenclature/v2/product/list", json={"limit": 1000}).json()["items"]
    assert gone
    for products in (menu, listed):
        assert {one["id"] for one in products if one["isDeleted"]} == gone


def test_banquets_and_surcharges_are_told(served, resto):
    before = served.chain
    served.replace(edits.surcharged(before, np.arange(0, len(before.receipts), 5), 10))
    days = {"filterType": "DateRange", "periodType": "CUSTOM", "from": str(FIRST), "to": str(LAST), "includeHigh": True}
    body = {"reportType": "SALES", "groupByRowFields": ["Banquet"], "filters": {"OpenDate.Typed": days},
            "aggregateFields": ["DishSumInt", "IncreaseSum", "DiscountSum", "DishDiscountSumInt"]}  # fmt: skip
    rows = resto.post("/v2/reports/olap", json=body).json()["data"]
    told = served.chain
    served.replace(before)
    assert {row["Banquet"] for row in rows} <= {"TRUE", "FALSE"}
    assert sum(row["IncreaseSum"] for row in rows) == pytest.approx(told.items["surcharge"].sum() / 100)
    gross = told.items["gross"].sum() / 100
    assert sum(row["DishSumInt"] + row["IncreaseSum"] for row in rows) == pytest.approx(gross)


def test_an_attendance_that_was_corrected_has_another_identifier(served, resto):
    before, asked = served.chain, {"from": str(FIRST), "to": str(LAST)}

    def told():
        root = Tree.fromstring(resto.get("/employees/attendance", params=asked).text)
        return [one.findtext("id") for one in root]

    known = told()
    served.replace(edits.clocked_anew(before, 0))
    corrected = told()
    served.replace(before)
    assert len(corrected) == len(known)
    assert len(set(known) - set(corrected)) == 1


class Listener(BaseHTTPRequestHandler):
    heard = ()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).heard += ((self.headers["Authorization"], len(httpx.Response(200, content=body).json())),)
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_it_calls_whom_it_was_told_to_call(served, cloud, venue):
    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        assert call(served, venue, "TableOrderUpdate") == []
        told = {"organizationId": venue, "webHooksUri": f"http://127.0.0.1:{listener.server_port}/", "authToken": "w"}
        assert cloud.post("/1/webhooks/update_settings", json=told).status_code == 200
        assert cloud.post("/1/webhooks/settings", json={"organizationId": venue}).json()["authToken"] == "w"
        assert call(served, venue, *["TableOrderUpdate"] * 101) == [202, 202]
        listener.shutdown()
    assert Listener.heard == (("w", 100), ("w", 1))
