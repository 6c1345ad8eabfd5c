"""Who makes first paints while people look at pages: one at a time, in a process of its own, at a low priority."""

import asyncio
import logging
import sys
from collections.abc import Mapping

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.errors import MozgError
from mozg.reports.catalogue import Report
from mozg.reports.first_paint import Paint

#: Paints that wait; beyond that a page that is opened makes none, and the next one may.
MOST_WAITING = 32
_LOG = logging.getLogger("mozg.serve")
Wish = tuple[str, str, str, tuple[int, ...] | None]


class Painters:
    """The paints that are wanted, none of them twice, and the task that has them made."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment
        self._wished: dict[Wish, None] = {}
        self._at_work: asyncio.Task[None] | None = None

    async def look(self, organization: Organization, report: Report, scope: Scope, paint: Paint | None) -> None:
        """Have a paint made if there is none, or if the report would look different now."""
        try:
            if paint is not None and await asyncio.to_thread(paint.is_current, organization):
                return
        except MozgError as error:
            _LOG.warning("Whether a first paint is current could not be seen: %s", error)
            return
        self.ask((organization.slug, report.name, scope.role, scope.venues))

    def ask(self, wish: Wish) -> None:
        """Have a paint made, unless it is wished for already."""
        if wish in self._wished or len(self._wished) >= MOST_WAITING:
            return
        self._wished[wish] = None
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._wished:
            wish = next(iter(self._wished))
            await self._make(wish)
            del self._wished[wish]

    async def _make(self, wish: Wish) -> None:
        organization, report, role, venues = wish
        limited = [] if venues is None else [f"--venues={','.join(map(str, venues))}"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mozg.reports.painting", organization, report, f"--role={role}", *limited,
            stdin=asyncio.subprocess.DEVNULL, env=self._environment,
        )  # fmt: skip
        if await process.wait():
            _LOG.error("The first paint of %s for %s could not be made: see above.", report, organization)
