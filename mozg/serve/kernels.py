"""The kernels behind the dashboards: few, short-lived, and each with nothing but its own proof of who is asking."""

from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer

from mozg.access.organizations import Organization
from mozg.access.scope import Role, Scope
from mozg.lake.reader import kernel_environment
from mozg.reports import engine
from mozg.settings import settings

#: What everybody who holds the dashboards' token may see.
ROLE: Role = "manager"
#: All that a kernel is told of the request; its address and query hold the token.
TOLD = ("SERVER_SOFTWARE", "SERVER_PROTOCOL", "SCRIPT_NAME", "VOILA_PREHEAT", "VOILA_BASE_URL", "VOILA_SERVER_URL")


class DashboardKernels(AsyncMappingKernelManager):
    """Starts at most `most_kernels` kernels, each with a fresh scope and without this process's secrets."""

    most_kernels = Integer(24, help="How many pages may be open at the same time.").tag(config=True)
    starting = 0

    async def _async_start_kernel(self, **given: Any) -> str:
        """Start a kernel for one page and return its id.

        Raises:
            HTTPError: 503, as many pages are open as this installation allows.
        """
        if len(self) + self.starting >= self.most_kernels:
            raise HTTPError(503, f"{self.most_kernels} pages are open already, and no more fit on this machine.")
        self.starting += 1
        try:
            told = given.pop("env", {})
            started: str = await super()._async_start_kernel(**given, env=self._environment(told))
        finally:
            self.starting -= 1
        return started

    start_kernel = _async_start_kernel

    def _environment(self, told: Mapping[str, str]) -> dict[str, str]:
        owner: Organization = self.parent.organization
        scope = Scope(owner.slug, "dashboards", ROLE)
        request = {name: told[name] for name in TOLD if name in told}
        return engine.kernel_environment(request | kernel_environment(owner, scope, None, settings().scope_minutes))
