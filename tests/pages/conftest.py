import functools
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.access.venues import venues_of
from mozg.lake.reader import kernel_environment
from mozg.pages import Page
from mozg.settings import settings
from mozg.simulate import Chain
from tests.shown import USUAL


@pytest.fixture
def kernel(chain_organization: Organization, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Put this process in the place of a kernel that was started for a scope; ``live`` as Voila starts it."""

    def start(*venues: str, live: bool = False) -> None:
        ids = {venue.name: venue.id for venue in venues_of(chain_organization)}
        scope = Scope("chain", "anna", "manager", tuple(ids[name] for name in venues) or None)
        for name, value in kernel_environment(chain_organization, scope, None, 5).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13" if live else "")
        settings.cache_clear()

    secret = os.environ.get("MOZG_SCOPE")
    assert secret is None, "tests do not run inside a kernel"
    yield start
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def open_report(kernel: Callable[..., None], chain: Chain) -> Callable[..., Page]:
    """Open a report as of the day after the chain's last one; what is given replaces the usual choices."""

    def open_(name: str, *venues_of_scope: str, live: bool = False, **given: Any) -> Page:
        kernel(*venues_of_scope, live=live)
        return Page(name, "chain", today=chain.last + timedelta(days=1), **(USUAL[name] | given))

    return open_


@pytest.fixture
def open_page(open_report: Callable[..., Page]) -> Callable[..., Page]:
    """Open the sales page."""
    return functools.partial(open_report, "sales")


@pytest.fixture
def venue_names(chain_organization: Organization) -> list[str]:
    return [venue.name for venue in venues_of(chain_organization)]
