"""A papermill engine that gives the kernel an environment of its own.

What a run may see (a signed scope, the reader's database address) travels by environment: papermill writes
parameters into the notebook in the clear, and a notebook is kept and mailed. The time allowed is for the whole run,
where nbclient's own is for each cell.
"""

import os
import re
import time
from collections.abc import Mapping
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from mozg.kernels import PromptManager

NAME = "mozg"
_SECRET_NAME = re.compile(
    r"SECRET|AUTH|PASSWORD|PASSWD|PASSFILE|TOKEN|CREDENTIAL|PRIVATE|DATABASE_URL|SMTP_URL|DSN|KEY(_ID)?$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(r"://[^/@\s]*:[^/@\s]+@")


class MozgEngine(NBClientEngine):
    """Papermill's own engine, with `env` for the kernel and a `deadline` for the run."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        env: Mapping[str, str],
        run_timeout: int,
        start_timeout: int = 60,
        **_: Any,
    ) -> None:
        """Run the notebook that `nb_man` holds, for at most `run_timeout` seconds."""
        deadline = time.monotonic() + run_timeout
        PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=PromptManager,
            startup_timeout=start_timeout,
            timeout_func=lambda _: max(1, round(deadline - time.monotonic())),
        ).execute(env=kernel_environment(env), transport_encryption="auto")


def kernel_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without its secrets, and with what is `given` on top."""
    own = {name: value for name, value in os.environ.items() if not _is_secret(name, value)}
    return own | {"PLOTLY_RENDERER": "plotly_mimetype"} | dict(given)


def _is_secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name) or _SECRET_VALUE.search(value))


papermill_engines.register(NAME, MozgEngine)
