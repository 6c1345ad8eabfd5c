"""What all tests share: a real Postgres and lake of their own, and one small chain that is loaded once.

State lives in a folder of this process under the temporary directory; with DATABASE_URL set, in a database of its own
on that server. Each of several test processes has its own.
"""

import atexit
import os
import shutil
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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
from mozg.analysis.planning import enter_plan, last_year_grown  # noqa: E402
from mozg.lake.reader import Lake, open_lake  # noqa: E402
from mozg.lake.refresh import refresh  # noqa: E402
from mozg.settings import be_quiet  # noqa: E402
from mozg.simulate import Chain, serve  # noqa: E402
from mozg.store.database import transaction  # noqa: E402
from mozg.store.menu import Offer, save_offer, set_portions  # noqa: E402
from mozg.store.migrate import migrate  # noqa: E402
from mozg.sync.engine import sync  # noqa: E402

be_quiet()
LAST_DAY = date(2026, 10, 31)
#: How many portions a unit of some of the chain's dishes is.
PORTIONS = {"Саперави, бутылка": Decimal(5), "Чай чёрный, чайник": Decimal("2.5"), "Рис с маслом": Decimal(0)}
#: Whatever reads the simulated chain, which takes most of a minute to make.
CHAIN = (
    *("cli/", "lake/", "metrics/", "pages/", "journeys/test_runs.py"),
    *("serve/api/test_query.py", "serve/api/test_reports.py", "serve/api/test_runs.py"),
)
#: The groups that take longest begin first, so that no process is left alone with one of them in the end.
LONGEST = ("chain", "serve", "journeys", "flows", "serve/api", "serve/test_lab", "reports", "sync")


def group(test: str) -> str:
    """Return which group a test, given by its id, runs in: those that read the chain are one, else each folder is."""
    path = test.partition("::")[0].removeprefix("tests/")
    return "chain" if path.startswith(CHAIN) else path.rpartition("/")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest groups."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(group(item.nodeid), len(order)))


class Groups(LoadScopeScheduling):
    """Gives whole groups to a test process, for what their tests share is dear."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Groups | None:
    """Make ``--dist loadgroup`` go by our groups: xdist's own rename the tests, which pytest 9.2 does not let them."""
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


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
    """The chain as an organisation whose tills were read over HTTP and copied into its lake.

    It has two go-lists, and dishes of which a unit is not one portion. Its plan for the last months of 2026 is 5 % more
    than what the year before brought.
    """
    organization = create_organization(
        "chain", "Сеть «Проба»", currency="RUB", locale="ru", country="RU", timezone="Europe/Moscow"
    )
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first, until=chain.last)
    with transaction(organization.id) as connection:
        for offer in offers_of(venues[0].id):
            save_offer(connection, organization.id, offer)
        set_portions(connection, organization.id, PORTIONS)
    refresh(organization)
    enter_plan(organization, last_year_grown(open_lake(organization), LAST_DAY.year, Decimal("0.05")))
    return organization


def offers_of(venue: int) -> tuple[Offer, ...]:
    """Return the chain's go-lists: one everywhere with a target, one for some days in one venue."""
    autumn = Offer("Осень", ("Борщ с говядиной", "Капучино", "Медовик"), date(2026, 9, 1), target=Decimal("0.08"))
    return autumn, Offer(
        "Коктейли октября", ("Негрони", "Апероль шприц"), date(2026, 10, 5), date(2026, 10, 25), (venue,)
    )


@pytest.fixture(scope="session")
def chain_lake(chain_organization: Organization) -> Lake:
    """The chain's lake, as the service sees it."""
    return open_lake(chain_organization)
