"""Who shows the page: a dashboard with controls, or anything that keeps still."""

import os
from collections.abc import Mapping
from typing import Literal

Mode = Literal["live", "static"]


def mode(environment: Mapping[str, str] | None = None) -> Mode:
    """Return ``live`` in a kernel that Voila started, else ``static`` (Papermill, nbconvert, JupyterLab).

    Voila tells its kernels what it is as a web server tells a CGI script, in ``SERVER_SOFTWARE=voila/0.5.13``.
    """
    given = os.environ if environment is None else environment
    return "live" if given.get("SERVER_SOFTWARE", "").startswith("voila/") else "static"
