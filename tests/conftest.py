"""What all tests share: a real Postgres and lake of their own, and one small chain that is loaded once.

State lives in a folder of this process under the temporary directory; with DATABASE_URL set, in a database of its own
on that server. Each of several test processes has its own.
"""

import atexit
import os
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

STATE = Path(tempfile.mkdtemp(prefix="mozg-test-"))
atexit.register(shutil.rmtree, STATE, ignore_errors=True)  # runs last, after the embedded server has stopped
os.environ["MOZG_VAR"] = str(STATE)
os.environ.setdefault("XDG_RUNTIME_DIR", str(STATE))
#: Test processes inherit the environment of the first, where DATABASE_URL names a database already.
SERVER = os.environ.setdefault("TEST_SERVER", os.environ.get("DATABASE_URL", ""))
DATABASE = f"mozg_test_{os.getpid()}"


def _drop() -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


if SERVER:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    atexit.register(_drop)
    os.environ["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{DATABASE}").geturl()

from mozg.access.organizations import Organization, create_organization  # noqa: E402
from mozg.access.venues import add_venue  # noqa: E402
from mozg.lake.reader import Lake, open_lake  # noqa: E402
from mozg.lake.refresh import refresh  # noqa: E402
from mozg.settings import be_quiet  # noqa: E402
from mozg.simulate import Chain, serve  # noqa: E402
from mozg.store.migrate import migrate  # noqa: E402
from mozg.sync.engine import sync  # noqa: E402

be_quiet()
LAST_DAY = date(2026, 10, 31)


@pytest.fixture(scope="session")
def database() -> None:
    """A migrated database that holds no organisation yet."""
    migrate()


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The truth about three venues over 13 months, up to 31 October 2026."""
    return Chain.generate(seed=11, first=LAST_DAY - timedelta(days=395), last=LAST_DAY, venues=3)


@pytest.fixture(scope="session")
def chain_organization(database: None, chain: Chain) -> Organization:
    """The chain as an organisation whose tills were read over HTTP and copied into its lake."""
    organization = create_organization(
        "chain", "Сеть «Проба»", currency="RUB", locale="ru", country="RU", timezone="Europe/Moscow"
    )
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first, until=chain.last)
    refresh(organization)
    return organization


@pytest.fixture(scope="session")
def chain_lake(chain_organization: Organization) -> Lake:
    """The chain's lake, as the service sees it."""
    return open_lake(chain_organization)
