"""From `up` to a report that Prefect ran, and to a machine as it was before."""

import signal
import socket
import time

import httpx
import psutil
import pytest

from mozg.reports.catalogue import all_reports
from mozg.settings import settings

OWNER, PASSWORD = "olga@whole.example", "several words in a row"
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:::prefect")]


def test_everything_answers_and_is_printed(whole, api):
    assert list(whole.services)[:4] == ["prefect", "flows", "api", "dashboards"]
    assert "lab-whole" in whole.services
    assert api.get("/health").json() is True
    printed = whole.output.read_text()
    assert all(word in printed for address, sign_in, _ in whole.services.values() for word in (address, sign_in))


@pytest.mark.parametrize("service", ["dashboards", "lab-whole"])
def test_whoever_comes_is_led_to_the_sign_in_page_and_back(whole, service):
    address, _, _ = whole.services[service]
    docs, _, _ = whole.services["api"]
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        page = browser.get(address)
        assert page.url.copy_with(query=None) == httpx.URL(docs).join("/sign-in")
        form = {"email": OWNER, "password": PASSWORD, "next": page.url.params["next"]}
        shown = browser.post(page.url, data=form, headers={"Origin": str(httpx.URL(docs).join("/")).rstrip("/")})
    assert shown.is_success
    assert str(shown.url).startswith(address)


def test_prefect_lets_in_nobody_without_the_sign_in(whole):
    address, _, _ = whole.services["prefect"]
    assert httpx.post(f"{address}/api/deployments/filter", json={}).status_code == 401
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    assert httpx.options(f"{address}/api/deployments/filter", headers=asked).status_code == 400


def test_only_loopback_listens(whole):
    pids = {whole.process.pid, *(process.pid for process in psutil.Process(whole.process.pid).children(recursive=True))}
    listening = [one for one in psutil.net_connections("inet") if one.status == psutil.CONN_LISTEN and one.pid in pids]
    assert len(listening) >= 2
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_prefect_keeps_its_tables_in_our_postgres(whole):
    assert not list((settings().var / "prefect").glob("*.db"))


def test_what_is_due_is_scheduled(api):
    """Runs wait for their hour: that the schedules are written down does not mean that anybody acts on them."""
    wanted = {f"whole-{report.name}" for report in all_reports() if report.schedule}
    deadline = time.monotonic() + 90
    waiting = set()
    while not wanted <= waiting and time.monotonic() < deadline:
        time.sleep(1)
        names = {one["id"]: one["name"] for one in api.post("/deployments/filter", json={}).json()}
        query = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 200}
        waiting = {names[run["deployment_id"]] for run in api.post("/flow_runs/filter", json=query).json()}
    assert wanted <= waiting


def test_a_report_that_prefect_was_asked_for_is_run_and_seen(api):
    deployment = api.get("/deployments/name/report/whole-sales").json()
    asked = {"parameters": deployment["parameters"] | {"formats": ["html"]}, "state": {"type": "SCHEDULED"}}
    run = api.post(f"/deployments/{deployment['id']}/create_flow_run", json=asked).json()
    deadline = time.monotonic() + 120
    while run["state"]["type"] not in {"COMPLETED", "FAILED", "CRASHED"} and time.monotonic() < deadline:
        time.sleep(1)
        run = api.get(f"/flow_runs/{run['id']}").json()
    assert run["state"]["type"] == "COMPLETED", run["state"]
    assert run["name"].startswith("report sales whole 20")
    run_id = run["state"]["message"].split(":")[0]
    assert (settings().archive / "whole" / f"{run_id}.html").stat().st_size > 100_000


def test_ctrl_c_leaves_no_process_and_no_port(whole):
    family = psutil.Process(whole.process.pid).children(recursive=True)
    assert {pid for _, _, pid in whole.services.values()} <= {process.pid for process in family}
    ports = [httpx.URL(address).port for address, _, _ in whole.services.values() if address]
    assert whole.stop(signal.SIGINT) == 0, whole.output.read_text()
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
