"""What ``mozg doctor`` looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from mozg.access.organizations import Organization, organizations
from mozg.cli.options import ready
from mozg.confine import require
from mozg.errors import MozgError
from mozg.lake.connection import open_duckdb
from mozg.lake.reader import has_lake, open_lake
from mozg.reports.catalogue import all_reports
from mozg.reports.figures import browser
from mozg.store.database import app_engine


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, whether it is well, and what was seen."""

    name: str
    ok: bool
    words: str


def checks() -> Iterator[Check]:
    """Look at each thing in turn; a check that fails does not stop the others."""
    looks: dict[str, Callable[[], str]] = {
        "Postgres": _postgres,
        "DuckDB and its extensions": _duckdb,
        "Browser for charts on paper": lambda: str(browser()),
        "Reports": lambda: ", ".join(report.name for report in all_reports()),
        "Organisations and their lakes": _lakes,
        "Walls around free code": _walls,
    }
    for name, look in looks.items():
        try:
            yield Check(name, ok=True, words=look())
        except MozgError as error:
            yield Check(name, ok=False, words=str(error))


def _postgres() -> str:
    ready()
    with app_engine().connect() as connection:
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"


def _duckdb() -> str:
    connection = open_duckdb()
    (version,) = connection.execute("SELECT version()").fetchall()[0]
    connection.close()
    return f"DuckDB {version}"


def _lakes() -> str:
    return "; ".join(f"{known.slug}: {_lake(known)}" for known in organizations()) or "none yet"


def _lake(organization: Organization) -> str:
    return f"snapshot {open_lake(organization).snapshot}" if has_lake(organization) else "nothing read yet"


def _walls() -> str:
    require()
    return "JupyterLab can keep analysts to their organisation's data"
