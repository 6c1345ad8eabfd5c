"""Children are started, watched and ended as one; ports that are taken are not fought over."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time

import psutil
import pytest
from sqlalchemy import make_url

from mozg.access.organizations import create_organization
from mozg.errors import AccessError, MozgError
from mozg.serve import services, supervisor
from mozg.serve.children import Children
from mozg.serve.prefect_server import without_trigrams
from mozg.serve.services import asyncpg_url, environment, free_port, free_ports, sign_in_settings
from mozg.settings import Settings

STUBBORN = """
    import signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    print(other.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module and return how a child starts it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def written(name, text):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        return (name,)

    return written


def patiently(told, seconds=20):
    deadline = time.monotonic() + seconds
    while not told() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert told()


def alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_child_that_ends_is_told_of_with_the_end_of_its_log(tmp_path, module):
    doomed = module("doomed", "import sys; print('no such till'); sys.exit(3)")
    with Children(tmp_path / "log") as children:
        children.start("steady", module("steady", "import time; time.sleep(600)"), os.environ)
        child = children.start("doomed", doomed, os.environ)
        with pytest.raises(MozgError, match=r"(?s)doomed has ended with 3.*doomed\.log.*no such till"):
            children.wait(child, lambda: False, 20, lambda: False)


def test_nothing_is_left_even_of_those_who_do_not_want_to_end(tmp_path, module, monkeypatch):
    monkeypatch.setattr("mozg.serve.children.GRACE", 1)
    with Children(tmp_path / "log") as children:
        child = children.start("stubborn", module("stubborn", STUBBORN), os.environ)
        patiently(child.log.read_text)
        family = [child.process.pid, int(child.log.read_text())]
        assert all(map(alive, family))
    assert not any(map(alive, family))


KILLED = """
    import os, pathlib, signal, sys
    from mozg.serve.children import Children
    with Children(pathlib.Path(sys.argv[1])) as children:
        child = children.start("steady", ["steady"], os.environ)
        print(child.process.pid, flush=True)
        signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's end")
def test_nothing_is_left_of_a_supervisor_that_was_killed(tmp_path, module):
    module("steady", "import time; time.sleep(600)")
    (killed,) = module("killed", KILLED)
    command = [sys.executable, "-m", killed, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        assert alive(child)
        process.kill()
    patiently(lambda: not alive(child))


def test_the_log_of_the_start_before_is_kept(tmp_path, module):
    for word in ("first", "second"):
        with Children(tmp_path / "log") as children:
            child = children.start("talker", module("talker", f"print({word!r})"), os.environ)
            child.process.wait(20)
    assert (tmp_path / "log" / "talker.log").read_text() == "second\n"
    assert (tmp_path / "log" / "talker.previous.log").read_text() == "first\n"


def test_a_child_that_does_not_answer_is_not_waited_for_for_ever(tmp_path, module):
    with Children(tmp_path / "log") as children:
        child = children.start("mute", module("mute", "import time; time.sleep(600)"), os.environ)
        with pytest.raises(MozgError, match="mute did not answer within"):
            children.wait(child, lambda: False, 0.5, lambda: False)


def test_no_port_is_given_twice():
    ports = free_ports(0, 0, 0)
    assert len(set(ports)) == 3
    assert free_ports(ports[0], ports[0], ports[1])[::2] == ports[:2]


def test_people_sign_in_where_the_api_was_started_and_come_back(monkeypatch):
    monkeypatch.setattr(services, "settings", lambda: Settings(MOZG_TRUSTED_ORIGINS="https://mozg.example"))
    assert sign_in_settings(8001, 8866, 8890) == {
        "MOZG_ADDRESS": "http://127.0.0.1:8001",
        "MOZG_DASHBOARDS_ADDRESS": "http://127.0.0.1:8866",
        "MOZG_TRUSTED_ORIGINS": "https://mozg.example http://127.0.0.1:8866 http://127.0.0.1:8890",
    }


def test_a_configured_address_stays(monkeypatch):
    monkeypatch.setattr(services, "settings", lambda: Settings(MOZG_ADDRESS="https://mozg.example/"))
    assert sign_in_settings(8001, 8866)["MOZG_ADDRESS"] == "https://mozg.example/"


def test_a_taken_port_gives_way_to_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) not in {0, port}
    assert free_port(port) == port


@pytest.mark.usefixtures("database")
def test_services_are_told_where_the_database_is_and_never_on_the_command_line():
    told = environment()
    assert make_url(told["DATABASE_URL"]).password
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_asyncpg_gets_its_own_word_for_tls():
    url = make_url("postgresql+psycopg://mozg:pw@db:5432/prefect?sslmode=require")
    assert asyncpg_url(url) == "postgresql+asyncpg://mozg:pw@db:5432/prefect?ssl=require"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE EXTENSION IF NOT EXISTS pg_trgm;", "SELECT 1"),
        ("\n  CREATE INDEX CONCURRENTLY trgm_ix_flow_name ON flow USING gin (name gin_trgm_ops);", "SELECT 1"),
        ("CREATE INDEX ix_flow_name ON flow (name)", "CREATE INDEX ix_flow_name ON flow (name)"),
        ("SELECT 'trgm'", "SELECT 'trgm'"),
    ],
)
def test_only_trigram_indexes_are_left_out(statement, expected):
    assert without_trigrams(None, None, statement, (), None, False) == (expected, ())


UP = """
    from mozg.serve.supervisor import up
    up(prefect=False, lab=False, ready=lambda services: print("READY", services[0].pid, flush=True))
"""


def test_a_signal_stops_everything(fresh_organization, tmp_path):
    output = tmp_path / "up.txt"
    with output.open("wb") as file:
        up = subprocess.Popen([sys.executable, "-c", textwrap.dedent(UP)], stdout=file, stderr=subprocess.STDOUT)
    patiently(lambda: "READY" in output.read_text() or up.poll() is not None, 60)
    family = psutil.Process(up.pid).children(recursive=True)
    assert family
    up.send_signal(signal.SIGTERM)
    assert up.wait(30) == 0, output.read_text()
    assert "token" not in output.read_text()
    assert not [process for process in family if process.is_running()]


def test_many_organisations_have_a_lab_only_where_asked_for(database, monkeypatch, capsys):
    one = create_organization("desks1", "One", currency="EUR")
    monkeypatch.setattr(supervisor, "organizations", lambda: [one] * supervisor.MOST_LABS)
    assert len(supervisor.with_lab([])) == supervisor.MOST_LABS
    monkeypatch.setattr(supervisor, "organizations", lambda: [one] * (supervisor.MOST_LABS + 1))
    assert supervisor.with_lab([]) == []
    assert "Name those that shall have a JupyterLab with --lab-for." in " ".join(capsys.readouterr().out.split())
    assert supervisor.with_lab(["desks1"]) == [one]
    with pytest.raises(AccessError, match="no organisation 'desks9'"):
        supervisor.with_lab(["desks9"])
