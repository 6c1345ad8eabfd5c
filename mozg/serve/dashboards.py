"""The dashboards of one organisation: a Voila process of its own on loopback.

Voila by itself passes only widget messages to a kernel, so a reader cannot run code; as an extension of a Jupyter
server it passes everything, which is why it never runs as one here. The token comes from the environment variable
JUPYTER_TOKEN, as for every Jupyter server, or is made and printed.

    python -m mozg.serve.dashboards --organization demo --port 8866
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_server.log import log_request
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tornado.web import HTTPError, RequestHandler
from traitlets import Instance
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from mozg.access.organizations import Organization, find_organization
from mozg.reports.catalogue import Report, all_reports
from mozg.reports.run import KERNEL
from mozg.serve.front import FrontPage
from mozg.serve.kernels import ROLE, DashboardKernels
from mozg.settings import be_quiet, settings

PORT = 8866
#: Seconds without a message after which a page's kernel is ended, and how often we look.
IDLE, LOOK = 30 * 60, 60
#: Voila's own lists of files; ours lists reports.
CLOSED = (TornadoVoilaTreeHandler, VoilaContentsHandler)


class Dashboards(Voila):
    """Voila, showing the declared reports of one organisation and no other file."""

    organization = Instance(Organization)

    def setup_template_dirs(self) -> None:
        """Look for templates in our folder first: it replaces what would be loaded from the Internet."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(settings().project_path / "reports" / "templates" / "voila"))

    def init_handlers(self) -> list[Any]:
        """Return Voila's handlers, with our front page for its lists of files."""
        kept = [handler for handler in super().init_handlers() if handler[1] not in CLOSED]
        given = {"voila_configuration": self.voila_configuration, "owner": self.organization, "reports": readable}
        return [*kept, (self.server_url, FrontPage, given)]

    def prepared(self, handler: RequestHandler, notebook: NotebookNode, cwd: str) -> NotebookNode:
        """Return the notebook with this organisation as its parameter, or refuse what is no report.

        Raises:
            HTTPError: 404, the notebook belongs to no report that a manager may read.
        """
        asked = Path(self.root_dir, *handler.path_args)
        report = next((report for report in readable() if report.notebook == asked), None)
        if report is None:
            raise HTTPError(404, "There is no such report.")
        given = {"organization": self.organization.slug}
        plain = load_notebook_node(str(report.notebook))
        ready = parameterize_notebook(plain, given, kernel_name=KERNEL, language="python")
        ready.metadata["title"] = f"{report.title} – {self.organization.name}"
        return ready


def readable() -> list[Report]:
    """Return the reports that a manager may read, by name."""
    return [report for report in all_reports() if ROLE in report.roles]


def configuration(port: int) -> Config:
    """Return Voila's settings: nothing served but reports, nothing overridden from outside, few and short kernels."""
    return Config(
        Voila={
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "open_browser": False,
            "auto_token": True,
            "config_file_paths": [],
            "root_dir": str(settings().project_path / "notebooks"),
            "tornado_settings": {"log_function": log_request},
        },
        VoilaConfiguration={
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "preheat_kernel": False,
            "show_tracebacks": False,
            "multi_kernel_manager_class": DashboardKernels,
            "extension_denylist": ["jupyterlab_pygments", "@voila-dashboards/jupyterlab-preview"],
        },
        MappingKernelManager={
            "cull_idle_timeout": IDLE,
            "cull_interval": LOOK,
            "cull_connected": True,
        },
    )


def serve(organization: Organization, port: int) -> None:
    """Serve the dashboards on 127.0.0.1 until SIGTERM or SIGINT, then end their kernels."""
    config = configuration(port)
    dashboards = Dashboards(config=config, organization=organization)
    dashboards.initialize([])
    dashboards.voila_configuration.prelaunch_hook = dashboards.prepared
    dashboards.start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the dashboards of the organisation that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m mozg.serve.dashboards", description=__doc__)
    parser.add_argument("--organization", required=True, help="the organisation's short name, such as demo")
    parser.add_argument("--port", type=int, default=PORT, help=f"the port on 127.0.0.1 (default {PORT})")
    given = parser.parse_args(arguments)
    be_quiet()
    serve(find_organization(given.organization), given.port)


if __name__ == "__main__":
    main()
