"""A small chain up to yesterday, and its dashboards in a process of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from mozg.access.organizations import Organization, create_organization
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.serve import services
from mozg.serve.children import Child, Children
from mozg.simulate import Chain, serve
from mozg.sync.engine import sync

ARTEFACTS = Path(__file__).resolve().parents[2] / "var" / "test-artefacts"


@dataclass(frozen=True)
class Site:
    """Running dashboards; ``client`` has the token, a browser signs in with ``address``."""

    organization: Organization
    child: Child
    address: str
    base: str
    token: str
    client: httpx.Client


@pytest.fixture(scope="session")
def fresh_organization(database: None) -> Organization:
    """Two venues whose tills were read up to yesterday, so that “last week” has something to show."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=3, first=last - timedelta(days=69), last=last, venues=2)
    organization = create_organization("fresh", "Кафе «Сегодня»", currency="RUB", locale="ru", country="RU")
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first, until=chain.last)
    refresh(organization)
    return organization


@pytest.fixture(scope="session")
def site(fresh_organization: Organization, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    plan = services.dashboards(fresh_organization, services.free_port(0))
    with Children(tmp_path_factory.mktemp("log")) as children:
        child = children.start(plan.name, plan.module, plan.environment)
        assert children.wait(child, lambda: plan.answers(child), plan.seconds, lambda: False)
        base, _, token = plan.address.partition("?token=")
        headers = {"Authorization": f"token {token}"}
        with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
            yield Site(fresh_organization, child, plan.address, base, token, client)


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots are kept for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS
