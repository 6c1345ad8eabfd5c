"""JupyterLab for an analyst: the notebooks, with a scope on one organisation's lake and none of our secrets."""

import os
import subprocess
import sys

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.lake.reader import kernel_environment as lake_environment
from mozg.reports.engine import kernel_environment as without_secrets
from mozg.settings import settings

WORKING_DAY = 12 * 60


def lab(organization: Organization, user: str = "analyst") -> int:
    """Open JupyterLab on loopback until it ends, and return its exit code.

    Its kernels read the newest state of ``organization``'s lake for twelve hours, as an analyst of every venue.
    """
    project = settings().project_path
    scope = Scope(organization.slug, user, "analyst")
    environment = without_secrets(lake_environment(organization, scope, None, minutes=WORKING_DAY))
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        [str(project / "scripts" / "jupyter"), environment.get("JUPYTER_CONFIG_PATH", "")]
    ).rstrip(os.pathsep)
    # This process stays: it keeps the embedded Postgres up while the notebooks are open.
    return subprocess.call([sys.executable, "-m", "jupyter", "lab"], cwd=project, env=environment)
