"""The server that mozg runs itself, tried by processes of their own on folders of their own."""

import json
import os
import subprocess
import sys
import textwrap

import psutil
import psycopg
import pytest

pytestmark = pytest.mark.slow

ASK = """
    from sqlalchemy import text
    from mozg.access.organizations import create_organization, organizations
    from mozg.store.database import admin_url, app_engine
    from mozg.store.migrate import migrate
"""


class House:
    """An installation in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, code, **environment):
        """Run Python code in a process of this installation; return what it printed."""
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        script = textwrap.dedent(ASK) + textwrap.dedent(code)
        return subprocess.run(
            [sys.executable, "-c", script],
            env=given | {"MOZG_VAR": str(self.folder)} | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def says(self, code, **environment):
        done = self.run(code, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    house.says("migrate(); create_organization('first', 'Первая', currency='RUB')")
    return house


def test_it_starts_again_with_everything_in_it(house):
    assert not (house.folder / "postgres" / "postmaster.pid").exists()
    assert house.says("print([one.slug for one in organizations()])") == "['first']"


def test_it_asks_for_a_password(house):
    hba = (house.folder / "postgres" / "pg_hba.conf").read_text()
    rules = [line.split() for line in hba.splitlines() if not line.startswith("#")]
    assert rules == [["local", "all", "all", "scram-sha-256"]]


@pytest.mark.parametrize("password", ["", "password=wrong", "password=postgres"])
@pytest.mark.parametrize("user", ["postgres", "mozg_app"])
def test_nobody_comes_in_without_the_right_one(running, user, password):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={running} user={user} dbname=mozg {password}")


def test_it_listens_on_a_socket_alone(running, house):
    pid = int((house.folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    assert [one for one in psutil.Process(pid).net_connections("inet") if one.status == psutil.CONN_LISTEN] == []


@pytest.fixture(scope="module")
def running(house):
    """The folder of the socket while another process keeps the server up."""
    script = (
        "import sys; from mozg.store.database import admin_url; print(admin_url().query['host'], flush=True); input()"
    )
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env=given | {"MOZG_VAR": str(house.folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.communicate("\n", timeout=60)


def test_processes_that_were_killed_are_forgotten(house):
    handles = house.folder / "postgres" / ".handle_pids.json"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    known = json.loads(handles.read_text() or "[]") if handles.exists() else []
    handles.write_text(json.dumps([*known, gone.pid]))
    house.says("print(admin_url())")
    assert gone.pid not in json.loads(handles.read_text() or "[]")


@pytest.mark.parametrize("code", ["migrate()", "organizations()"])
def test_another_secret_key_is_told_in_a_sentence(house, code):
    wrong = house.run(
        f"""
        from mozg.errors import MozgError
        try:
            {code}
        except MozgError as error:
            print(type(error).__name__, error)
        """,
        MOZG_SECRET_KEY="not the one",
    )
    assert wrong.returncode == 0, wrong.stderr[-1500:]
    assert wrong.stdout.startswith("StoreError")
    assert "MOZG_SECRET_KEY" in wrong.stdout
    assert "not the one" not in wrong.stdout


def test_before_the_first_migration_the_sentence_says_so(tmp_path):
    early = House(tmp_path).run(
        """
        from mozg.errors import StoreError
        try:
            organizations()
        except StoreError as error:
            print(error)
        """
    )
    assert early.returncode == 0, early.stderr[-1500:]
    assert "mozg migrate" in early.stdout
