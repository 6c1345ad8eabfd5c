"""An analyst's desk: their own folder, and what a prompt at it may reach: their organisation's data and no more."""

import functools
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from psycopg.conninfo import conninfo_to_dict

from mozg import errors
from mozg.access.sessions import SignedIn
from mozg.access.users import User
from mozg.confine import Limits, confined
from mozg.lake.connection import open_duckdb
from mozg.lake.reader import kernel_environment
from mozg.reports.run import KERNEL
from mozg.settings import QUIET, settings
from mozg.store.database import connection_string, role_url

#: Minutes for which a prompt's scope is valid: as long as a sign-in by the browser.
WORKING_DAY = 12 * 60
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
_LIBPQ = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
_POSTGRES, _HTTPS = 5432, 443


@dataclass(frozen=True)
class Desk:
    """One person's place. ``rooms`` is the server's folder for what prompts need while they run, in short paths."""

    signed_in: SignedIn
    rooms: Path

    @property
    def name(self) -> str:
        """The name of the person's folder, which no other person of the organisation has."""
        return name_of(self.signed_in.user)

    @property
    def folder(self) -> Path:
        """Where the person's notebooks are, and all else that they keep."""
        return folder_of(self.signed_in.organization.slug) / self.name

    def set(self) -> None:
        """Make the folder, with a copy of each of the project's notebooks that is not there (yet, or any more)."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _share_extensions(self.folder)
        source = settings().project_path / "notebooks"
        for notebook in source.rglob("*.ipynb"):
            copy = self.folder / "notebooks" / notebook.relative_to(source)
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                self._copy(notebook, copy)

    def command(self, command: Sequence[str], room: Path) -> list[str]:
        """Return the command that runs ``command`` at this desk, with ``room`` for what it needs while it runs."""
        room.mkdir(mode=0o700, exist_ok=True)
        (room / "tmp").mkdir(exist_ok=True)
        return confined(command, self._limits(room))

    def environment(self, room: Path) -> dict[str, str]:
        """Return the whole environment of a prompt; nothing of our own is in it but what it reads the lake with."""
        owner = self.signed_in.organization
        reader = kernel_environment(owner, self.signed_in.scope(), None, WORKING_DAY)
        database = conninfo_to_dict(reader["MOZG_LAKE_DSN"])
        return {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            **{variable: str(database[name]) for name, variable in _LIBPQ.items() if database.get(name)},
            **QUIET,
            "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LOGNAME": self.name,
            "TMPDIR": str(room / "tmp"),
            "PYTHONPATH": str(library(self.rooms)),
            "PLOTLY_RENDERER": "plotly_mimetype",
            **reader,
        }

    def _limits(self, room: Path) -> Limits:
        given, owner = settings(), self.signed_in.organization
        lake = () if _is_remote(given.lake_path) else (Path(given.lake_path, owner.lake_schema),)
        return Limits(
            read=(_package(), library(self.rooms), extensions(), *filter(Path.exists, lake)),
            write=(self.folder,),
            scratch=(room,),
            connect=_ports(connection_string(role_url(owner.reader_role)), given.lake_path),
            never=(given.var, given.project_path / ".env", given.archive),
        )

    def _copy(self, notebook: Path, copy: Path) -> None:
        plain = load_notebook_node(str(notebook))
        if any("parameters" in cell.metadata.get("tags", ()) for cell in plain.cells):
            owner = {"organization": self.signed_in.organization.slug}
            plain = parameterize_notebook(plain, owner, kernel_name=KERNEL, language="python")
        nbformat.write(plain, copy)


def name_of(user: User) -> str:
    """Return the name of a person's folder: what stands before the @ of their address, and their number."""
    return f"{re.sub('[^a-z0-9]+', '-', user.email.partition('@')[0]).strip('-')}-{user.id}"


def folder_of(organization: str) -> Path:
    """Return the folder that holds the desks of an organisation's analysts."""
    return settings().var / "lab" / organization


def library(rooms: Path) -> Path:
    """Return a folder with nothing but our package in it, for prompts to import it from.

    The folder that the package is in may be the project's, which holds secrets; Python lists folders to import.
    """
    folder = rooms / "lib"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        (folder / "mozg").symlink_to(_package())
    return folder


@functools.cache
def extensions() -> Path:
    """Return the folder of DuckDB's extensions, after putting them there: a hundred megabytes that all desks share."""
    open_duckdb().close()
    return Path.home() / ".duckdb" / "extensions"


def _share_extensions(folder: Path) -> None:
    link = folder / ".duckdb" / "extensions"
    if not os.path.lexists(link):
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(extensions())


def _package() -> Path:
    return Path(errors.__file__).resolve().parent


def _is_remote(lake: str) -> bool:
    return "://" in lake


def _ports(database: str, lake: str) -> tuple[int, ...]:
    """Return the TCP ports behind which the organisation's data are: none where all is on this machine's disk."""
    given = conninfo_to_dict(database)
    local = str(given.get("host", "")).startswith("/")
    return (*(() if local else (int(given.get("port") or _POSTGRES),)), *((_HTTPS,) if _is_remote(lake) else ()))
