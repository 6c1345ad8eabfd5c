"""A notebook with free Python, psql and the file system, run in JupyterLab as its analyst would, against the walls."""

import json
import tempfile
from pathlib import Path

import nbformat
import pytest

from mozg.serve.lab.desk import folder_of
from mozg.settings import settings
from mozg.store.database import role_url

from .conftest import SECRET, TELL_TALE

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
TOOLS = """
import ctypes, glob, json, os, resource, shutil, signal, socket, subprocess, sys, urllib.request
from pathlib import Path
import duckdb, psycopg
libc = ctypes.CDLL(None, use_errno=True)
from mozg.errors import MozgError
OURS = (MozgError,)
KNOWN = json.loads({known!r})
outcomes = {{}}
def attempt(name, action):
    try:
        outcomes[name] = "DONE " + repr(action())[:20000]
    except (OSError, subprocess.SubprocessError, psycopg.Error, duckdb.Error, *OURS) as error:
        outcomes[name] = "refused: " + repr(error)[:300]
def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
def report():
    print(json.dumps(outcomes)); outcomes.clear()
"""
OWN_DATA = """
from mozg.lake.reader import lake_of_kernel
from mozg.metrics import query
outcomes["lake"] = query(lake_of_kernel("ours"), ["revenue"], by=["hall"]).to_string()
with psycopg.connect(os.environ["MOZG_LAKE_DSN"]) as connection:
    outcomes["record"] = str(connection.execute("SELECT DISTINCT hall FROM receipts").fetchall())
psql = ["psql", "-Atc", "SELECT DISTINCT hall FROM receipts"]
outcomes["psql"] = subprocess.run(psql, capture_output=True, text=True).stdout
Path("kept.txt").write_text("mine"); outcomes["file"] = Path("kept.txt").read_text()
outcomes["home"] = str(Path.home() == Path(os.environ["HOME"]) and os.access(Path.home(), os.W_OK))
report()
"""
FILES = """
for name, path in KNOWN["secrets"].items():
    attempt(f"read {name}", lambda path=path: Path(path).read_bytes())
    attempt(f"copy {name}", lambda path=path: shutil.copy(path, Path.home() / "copy"))
    attempt(f"link {name}", lambda path=path: os.link(path, Path.home() / "link"))
    attempt(f"link to {name}", lambda path=path: os.symlink(path, Path.home() / "link"))
    attempt(f"cat {name}", lambda path=path: subprocess.check_output(["cat", path], stderr=subprocess.STDOUT))
for name, path in KNOWN["folders"].items():
    attempt(f"list {name}", lambda path=path: os.listdir(path))
    attempt(f"write {name}", lambda path=path: (Path(path) / "x").write_text("x"))
for name, path in KNOWN["ours"].items():
    attempt(f"change {name}", lambda path=path: open(path, "a"))
report()
"""
PROCESSES = """
for pid in KNOWN["pids"]:
    for name in ("environ", "mem", "cmdline", "maps"):
        attempt(f"{pid} {name}", lambda pid=pid, name=name: Path(f"/proc/{pid}/{name}").read_bytes())
    attempt(f"{pid} ptrace", lambda pid=pid: check(libc.ptrace(16, pid, 0, 0)))
    for number in (0, signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        attempt(f"{pid} signal {number}", lambda pid=pid, number=number: os.kill(pid, number))
    attempt(f"{pid} limit", lambda pid=pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)))
attempt("processes", lambda: os.listdir("/proc"))
attempt("server", lambda: urllib.request.urlopen(KNOWN["address"], timeout=5).read())
attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
report()
"""
DATABASE = """
def ask(*statements, **sign_in):
    with psycopg.connect(os.environ["MOZG_LAKE_DSN"], autocommit=True, **sign_in) as connection:
        for statement in statements[:-1]:
            connection.execute(statement)
        return connection.execute(statements[-1]).fetchall()
RECEIPTS, THEIRS = "SELECT organization_id, hall FROM receipts", KNOWN["schema"]
for name, first in {
    "another organisation": f"SET mozg.organization_id = {KNOWN['id']}",
    "no row security": "SET row_security = off",
    "service": "SET ROLE mozg_app",
    "their role": f"SET ROLE {THEIRS}",
    "superuser": "SET SESSION AUTHORIZATION postgres",
    "promotion": f"UPDATE organization_roles SET bound_to = {KNOWN['id']}",
    "writing": "SET default_transaction_read_only = off; DELETE FROM receipts",
}.items():
    attempt(name, lambda first=first: ask(first, RECEIPTS))
for name, statement in {
    "their catalogue": f"SELECT * FROM {THEIRS}.ducklake_data_file",
    "passwords": "SELECT rolname, rolpassword FROM pg_authid",
    "a file of the server": "SELECT pg_read_file('PG_VERSION')",
    "a program of the server": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "activity": "SELECT query FROM pg_stat_activity WHERE usename <> current_user AND query !~ '^<insuff|^$'",
    "people": "SELECT email, password_hash FROM users WHERE organization_id <> (SELECT id FROM organizations)",
    "sessions": "SELECT * FROM sessions",
    "keys": "SELECT * FROM signing_keys",
}.items():
    attempt(name, lambda statement=statement: ask(statement))
attempt("their sign-in", lambda: ask(RECEIPTS, user=THEIRS))
attempt("superuser's sign-in", lambda: ask(RECEIPTS, user="postgres", password=""))
def attach(schema):
    from mozg.lake.connection import attach_lake, open_duckdb
    with duckdb.connect() as connection:
        connection.execute("LOAD ducklake; LOAD postgres_scanner")
        connection.execute(attach_lake(os.environ["MOZG_LAKE_DSN"], schema))
        return connection.execute("SELECT hall FROM lake.receipts").fetchall()
attempt("attach theirs", lambda: attach(THEIRS))
attempt("parquet", lambda: duckdb.sql(f"SELECT * FROM read_parquet('{KNOWN['secrets']['their lake']}')").fetchall())
outcomes["attach ours"] = str(attach(os.environ["MOZG_LAKE_SCHEMA"]))
outcomes["environment"] = json.dumps(dict(os.environ))
report()
"""


@pytest.fixture(scope="module")
def known(ann, ben, ours, theirs, project, server):
    """What an attacker could at best know: where everything is."""
    colleague = ben.start_kernel()
    state, theirs_org = settings().var, theirs[0]
    rooms = next(Path(tempfile.gettempdir()).glob(f"mozg-lab-*/kernel-{colleague}"))
    lake = Path(settings().lake_path, theirs_org.lake_schema)
    secrets = {
        "secret key": state / "secret.key", "settings": project / ".env", "password hashes": Path("/etc/shadow"),
        "their lake": next(lake.rglob("*.parquet")), "tables": state / "postgres" / "PG_VERSION",
        "database's log": state / "postgres" / "log", "colleague's kernel": rooms / "connection.json",
        "colleague's notebook": folder_of("ours") / ben.folder / "notebooks" / "sales.ipynb",
    }  # fmt: skip
    assert [path for path in secrets.values() if not path.is_file()] == []
    folders = {"state": state, "lakes": lake.parent, "their lake": lake, "project": project, "packages": ROOT,
               "kernels": rooms.parent, "labs": folder_of("ours").parent, "shared memory": Path("/dev/shm"),
               "temporary": Path(tempfile.gettempdir())}  # fmt: skip
    files = {"notebook": project / "notebooks" / "sales.ipynb", "package": ROOT / "mozg" / "settings.py",
             "library": Path(nbformat.__file__)}  # fmt: skip
    postgres = int((state / "postgres" / "postmaster.pid").read_text().split()[0])
    return {
        "secrets": {name: str(path) for name, path in secrets.items()},
        "folders": {name: str(path) for name, path in folders.items()},
        "ours": {name: str(path) for name, path in files.items()},
        "pids": [server[0].process.pid, postgres], "address": server[1], "id": theirs_org.id,
        "schema": theirs_org.lake_schema,
    }  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(ann, known, server):
    """What each cell of the notebook reported, by cell."""
    cells = {"tools": TOOLS.format(known=json.dumps(known)), "own": OWN_DATA, "files": FILES, "processes": PROCESSES,
             "database": DATABASE}  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells.values()])
    path = f"{ann.folder}/attack.ipynb"
    saved = ann.send("PUT", f"/api/contents/{path}", json={"type": "notebook", "content": notebook})
    assert saved.status_code == 201, saved.text
    given = {"path": path, "name": "attack.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
    session = ann.send("POST", "/api/sessions", json=given)
    assert session.status_code == 201, session.text
    printed = ann.run(session.json()["kernel"]["id"], *cells.values())
    assert server[0].process.poll() is None
    return {name: _reported(text) for name, text in zip(cells, printed, strict=True)}


def _reported(text):
    try:
        return json.loads(text) if text else {}
    except json.JSONDecodeError:
        pytest.fail(text)


def test_its_own_data_are_there(outcomes):
    found = outcomes["own"]
    assert "garden" in found["lake"]
    assert "10000.00" in found["lake"]
    assert (found["record"], found["psql"]) == ("[('garden',)]", "garden\n")
    assert (found["file"], found["home"]) == ("mine", "True")
    assert "garden" in outcomes["database"]["attach ours"]


def test_no_file_of_others_is_read_listed_linked_or_changed(outcomes, known):
    assert [name for name, said in outcomes["files"].items() if not said.startswith("refused")] == []
    assert len(outcomes["files"]) == 5 * len(known["secrets"]) + 2 * len(known["folders"]) + len(known["ours"])


def test_no_other_process_is_read_traced_or_ended(outcomes):
    assert [name for name, said in outcomes["processes"].items() if not said.startswith("refused")] == []
    assert len(outcomes["processes"]) == 2 * 10 + 3


def test_no_row_of_others_is_read(outcomes, ours, theirs):
    asked = {name: said for name, said in outcomes["database"].items() if name not in ("attach ours", "environment")}
    answers = {name for name, said in asked.items() if not said.startswith("refused")}
    assert answers <= {"another organisation", "activity", "people"}
    for name in answers:
        assert f"({theirs[0].id}," not in asked[name]
        assert asked[name] in ("DONE []", f"DONE {[(ours[0].id, 'garden')] * 100}"), name


def test_nothing_of_the_other_house_is_anywhere_in_what_it_saw(outcomes, theirs):
    password = role_url(theirs[0].reader_role).password
    markers = (TELL_TALE, "987654", SECRET, password, settings().secret.decode(), "theirs@", "Theirs")
    assert [marker for marker in markers if marker in json.dumps(outcomes)] == []


def test_its_environment_is_a_list_of_known_names(outcomes):
    names = set(json.loads(outcomes["database"]["environment"]))
    assert names >= {"MOZG_SCOPE", "MOZG_LAKE_DSN", "HOME", "TMPDIR"}
    assert not names & {"MOZG_SECRET_KEY", "DATABASE_URL", "MOZG_VAR", "MOZG_PROJECT"}
