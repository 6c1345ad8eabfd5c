"""The simulated r_keeper keeps to what the vendor's documents say of its interfaces."""

import base64
from datetime import date, datetime
from xml.etree import ElementTree as Tree

import httpx
import pytest

from mozg.pos.trust import trusted
from mozg.simulate import Chain
from mozg.simulate.rkeeper import serve_rkeeper

XML = "/rk7api/v0/xmlinterface.xml"
FIRST, LAST = date(2026, 10, 5), date(2026, 10, 6)


@pytest.fixture(scope="module")
def served():
    with serve_rkeeper(Chain.generate(5, FIRST, LAST, venues=1)) as served:
        served.present.now = datetime(2026, 10, 6, 14)
        yield served


@pytest.fixture
def client(served):
    auth = httpx.BasicAuth(served.doors.login, served.doors.password)
    with httpx.Client(base_url=served.address, auth=auth, verify=trusted(served.fingerprint)) as client:
        yield client


def post(client, door, command, **headers):
    body = f'<?xml version="1.0" encoding="utf-8"?><RK7Query>{command}</RK7Query>'
    answer = client.post(door + XML, content=body.encode(), headers={"Content-Type": "application/xml"} | headers)
    assert answer.status_code == 200
    return Tree.fromstring(answer.content)


def ref(client, command):
    return post(client, "/ref", command)


def cash(client, command):
    return post(client, "/cash/1", command)


def test_every_answer_says_who_gave_it_and_how_it_went(client):
    told = ref(client, '<RK7CMD CMD="GetRefList"/>')
    assert told.tag == "RK7QueryResult"
    assert {"ServerVersion", "XmlVersion", "NetName", "Status", "CMD", "ErrorText", "DateTime"} <= set(told.attrib)
    assert (told.get("Status"), told.get("CMD")) == ("Ok", "GetRefList")


def test_the_wrong_password_is_the_only_refusal_with_a_status(served, client):
    answer = client.post(f"/ref{XML}", content=b"", auth=("MOZG", "guess"))
    assert (answer.status_code, answer.headers["www-authenticate"][:5]) == (401, "Basic")


@pytest.mark.parametrize(
    ("command", "headers", "status", "words"),
    [
        ('<RK7CMD CMD="GetRefList"/>', {"Content-Type": "application/x-www-form-urlencoded"}, "Query Parse Error",
         "Empty input XML"),
        ('<RK7CMD CMD="getreflist"/>', {}, "Bad Query Parameters", "Unknown command"),
        ('<RK7CMD CMD="GetRefData" RefName="NOSUCH"/>', {}, "Bad Query Parameters", "Unknown collection"),
        ('<RK7CMD CMD="GetOrderList"/>', {}, "Bad Query Parameters", "Unknown command"),
        ("<Other/>", {}, "Query Parse Error", "RK7CMD"),
        ("<RK7CMD", {}, "Query Parse Error", ""),
    ],
    ids=["a form", "another case", "another collection", "the wrong server", "no command", "no XML"],
)  # fmt: skip
def test_a_wrong_question_is_answered_with_status_200(client, command, headers, status, words):
    told = post(client, "/ref", command, **headers)
    assert told.get("Status") == status
    assert words in told.get("ErrorText")


def test_a_mask_shows_what_was_asked_and_prices_only_with_macros(client):
    masked = '<RK7CMD CMD="GetRefData" RefName="MENUITEMS" OnlyActive="{}" WithMacroProp="{}" PropMask="items.({})"/>'
    (item, *_), price = ref(client, masked.format(1, 0, "Ident,PRICETYPES-3")).iter("Item"), "PRICETYPES-3"
    assert set(item.attrib) == {"Ident"}
    (item, *_) = ref(client, masked.format(1, 1, "Ident,PRICETYPES-3")).iter("Item")
    assert int(item.attrib[price]) > 1000
    (item, *_) = ref(client, '<RK7CMD CMD="GetRefData" RefName="MENUITEMS"/>').iter("Item")
    assert {"Ident", "GUIDString", "Name", "CategPath"} <= set(item.attrib)


def test_a_collections_version_grows_when_something_in_it_changes(served, client):
    def versions():
        return {one.get("RefName"): int(one.get("DataVersion"))
                for one in ref(client, '<RK7CMD CMD="GetRefList"/>').iter("RK7Reference")}  # fmt: skip

    before = versions()
    assert versions() == before
    served.reference.collections.changes["MENUITEMS", "1000101"] = {"Name": "Суп"}
    assert versions() == before | {"MENUITEMS": before["MENUITEMS"] + 1}
    served.reference.collections.changes.clear()


def test_the_cash_server_knows_its_open_shift_only(served, client):
    info = cash(client, '<RK7CMD CMD="GetSystemInfo2"/>').find(".//CommonShift")
    assert info.get("ShiftDate") == "2026-10-06T00:00:00"
    orders = list(cash(client, '<RK7CMD CMD="GetOrderList" onlyOpened="0"/>').iter("Order"))
    opened = served.chain.receipts["opened_at"].between("2026-10-06T06:00", "2026-10-06T14:00")
    assert len(orders) == opened.sum()
    running = list(cash(client, '<RK7CMD CMD="GetOrderList" onlyOpened="1"/>').iter("Order"))
    assert 0 < len(running) < len(orders)
    assert {one.get("Finished") for one in running} == {"0"}


def test_a_new_common_shift_begins_with_an_empty_list(served, client, monkeypatch):
    monkeypatch.setattr(served.present, "now", datetime(2026, 10, 7, 6))
    info = cash(client, '<RK7CMD CMD="GetSystemInfo2"/>').find(".//CommonShift")
    assert info.get("ShiftDate") == "2026-10-07T00:00:00"
    assert list(cash(client, '<RK7CMD CMD="GetOrderList"/>').iter("Order")) == []


def test_nothing_new_since_the_last_version(served, client):
    version = cash(client, '<RK7CMD CMD="GetOrderList"/>').get("lastversion")
    again = cash(client, f'<RK7CMD CMD="GetOrderList" lastversion="{version}"/>')
    assert (again.get("Status"), list(again)) == ("No changes", [])
    now = served.present.now
    served.present.now = datetime(2026, 10, 6, 16)
    assert cash(client, f'<RK7CMD CMD="GetOrderList" lastversion="{version}"/>').get("Status") == "Ok"
    served.present.now = now


def test_an_order_is_in_kopecks_and_thousandths_and_its_bindings_add_up(client):
    orders = cash(client, '<RK7CMD CMD="GetOrderList"/>').iter("Order")
    guid = next(one.get("guid") for one in orders if one.get("Finished") == "1" and one.get("OrderSum") != "0")
    content = cash(client, f'<RK7CMD CMD="GetOrder"><Order guid="{guid}"/></RK7CMD>').find("Order")
    dishes = [one for one in content.iter("Dish") if one.get("quantity") != "0"]
    assert all(int(one.get("quantity")) % 1000 == 0 for one in dishes)
    bound = cash(client, f'<RK7CMD CMD="GetOrderBindings"><Order guid="{guid}"/></RK7CMD>')
    assert {one.get("line_guid") for one in bound.iter("Binding")} == {one.get("line_guid") for one in dishes}
    assert sum(int(one.get("amount")) for one in bound.iter("Pay")) == sum(
        int(one.get("amount")) for one in bound.iter("Binding")
    )
    assert cash(client, '<RK7CMD CMD="GetOrder"><Order guid="{}"/></RK7CMD>').get("Status") == "Query Executing Error"


def test_a_procedure_that_nobody_installed(client):
    answer = client.get("/ref/rk7api/v1/sqlprocdata/NOSUCH")
    assert (answer.status_code, "stored procedure" in answer.text) == (500, True)


def test_white_server_carries_both_kinds_of_question(served, client):
    def ask(task, parameters, token=served.doors.token):
        body = {"taskType": task, "params": {"sync": {"objectId": 199990001, "timeout": 60}} | parameters}
        return client.post("/white/api/v2/aggregators/Create", json=body, headers={"AggregatorAuthentication": token})

    command = b'<RK7Query><RK7CMD CMD="GetSystemInfo2"/></RK7Query>'
    told = ask("ExecuteRk7Query", {"base64": base64.b64encode(command).decode()}).json()
    assert b"CommonShift" in base64.b64decode(told["taskResponse"]["base64"])
    given = {"STARTDATE": "20261005", "ENDDATE": "20261005", "RESTAURANT": "1000001"}
    params = [{"name": name, "value": value} for name, value in given.items()]
    told = ask("ExecuteSqlQuery", {"procName": "RK7SQLPROCMOZGSHIFTS", "params": params}).json()
    assert told["taskResponse"]["queryResult"]["rows"]
    refused = ask("ExecuteSqlQuery", {}, token="guess")
    assert (refused.status_code, refused.json()["error"]["wsError"]["code"]) == (401, "AuthFailed")
    assert ask("MakeCoffee", {}).json()["error"]["wsError"]["code"] == "BadRequest"
