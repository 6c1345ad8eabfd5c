"""A Prefect server of the tests' own, and a small chain whose tills go on answering."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from mozg.access.organizations import Organization, create_organization
from mozg.access.venues import add_venue
from mozg.settings import settings
from mozg.simulate import Chain, Served, serve

os.environ["PREFECT_HOME"] = str(settings().var / "prefect")


@dataclass(frozen=True)
class Live:
    """An organisation and the tills behind it."""

    organization: Organization
    served: Served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Prefect's own warnings are not ours to mend."""
    for item in items:
        if item.path.parent.name == "flows":
            item.add_marker(pytest.mark.filterwarnings("ignore:::prefect"))


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(scope="session")
def live(database: None) -> Iterator[Live]:
    """Two venues with 70 days up to yesterday, none of them read yet."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=5, first=last - timedelta(days=69), last=last, venues=2)
    organization = create_organization("live", "Живая сеть", currency="RUB", timezone="Europe/Moscow", country="RU")
    with serve(chain) as served:
        for venue in served.venues():
            add_venue(organization, **(venue | {"opened_on": chain.first}))
        yield Live(organization, served)
    shutil.rmtree(settings().archive / organization.slug, ignore_errors=True)
