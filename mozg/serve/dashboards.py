"""The dashboards of all organisations: one Voila process on loopback, behind the sign-in page.

Voila by itself passes only widget messages to a kernel, so a reader cannot run code; as an extension of a Jupyter
server it passes everything, which is why it never runs as one here.

    python -m mozg.serve.dashboards --port 8866 --lab demo=http://127.0.0.1:8890/
"""

import argparse
import logging
import re
from collections.abc import Sequence
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.log import log_request
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tornado.web import HTTPError, RequestHandler
from traitlets import Dict
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from mozg.access.sessions import SignedIn
from mozg.reports.catalogue import Report, all_reports
from mozg.reports.run import KERNEL
from mozg.serve.front import HEADERS, FrontPage, Nothing, ReportPage
from mozg.serve.identity import COOKIE, CookieIdentity, sign_in_page
from mozg.serve.kernels import OPENING, DashboardKernels, Farewell, OnlyOwners, Opening, Socket
from mozg.settings import be_quiet, settings

PORT = 8866
#: Seconds without a message after which a page's kernel is ended, and how often we look who is still signed in.
IDLE, LOOK = 30 * 60, 5
#: The largest message that a page may send, in bytes.
LARGEST = 1024 * 1024
_QUERY = re.compile(r"\?[^\s'\"]+")
#: A file of Voila's template. Its handler fails on paths of any other form.
TEMPLATE_FILE = r"(lab/static/(?:\w[\w.-]*/)*\w[\w.-]*)"
KERNEL_ID = r"(?P<kernel_id>[0-9a-f-]{36})"
#: Of Voila's handlers, those that serve the files of installed packages, the same for everybody. All others are ours.
PACKAGES = (MultiStaticFileHandler, ThemesHandler, FileFindHandler)


class Dashboards(Voila):
    """Voila, showing to each person the reports that they may read, and no other file."""

    labs = Dict(help="The address of each organisation's JupyterLab, by the organisation's short name.")

    def setup_template_dirs(self) -> None:
        """Look for templates in our folder first: it replaces what would be loaded from the Internet."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(settings().project_path / "reports" / "templates" / "voila"))

    def init_settings(self) -> dict[str, Any]:
        """Return tornado's settings, with our sign-in page, headers and limits."""
        return super().init_settings() | {
            "login_url": sign_in_page(),
            "headers": HEADERS,
            "default_handler_class": Nothing,
            "websocket_max_message_size": LARGEST,
            "xsrf_cookie_kwargs": {"samesite": "Lax"},
        }

    def init_handlers(self) -> list[Any]:
        """Return the handlers: Voila's own for files of packages, ours for everything that is somebody's."""
        files = [
            (path, _closed(handler), *given) for path, handler, *given in super().init_handlers() if handler in PACKAGES
        ]
        voila = {"voila_configuration": self.voila_configuration}
        page = voila | {"template_paths": self.template_paths, "config": self.config}
        kernel = rf"{self.server_url}api/kernels/{KERNEL_ID}"
        return [
            *files,
            (rf"{self.server_url}voila/templates/{TEMPLATE_FILE}", _closed(TemplateStaticFileHandler)),
            (kernel, KernelHandler),
            (f"{kernel}/channels", Socket),
            (rf"{self.server_url}voila/api/shutdown/{KERNEL_ID}", Farewell),
            (rf"{self.server_url}voila/render/(?P<path>\w+\.ipynb)", ReportPage, page),
            (self.server_url, FrontPage, voila | {"labs": self.labs}),
        ]

    def prepared(self, handler: RequestHandler, notebook: NotebookNode, cwd: str) -> NotebookNode:
        """Return the notebook for the person who asks, or refuse what they may not read.

        Raises:
            HTTPError: 404, the notebook belongs to no report; 403, the report is not for this person's role.
        """
        person: SignedIn = handler.current_user.signed_in
        report = _asked(handler.path_kwargs["path"], person)
        OPENING.set(Opening(person, handler.get_cookie(COOKIE), report.name))
        given = {"organization": person.organization.slug}
        plain = load_notebook_node(str(report.notebook))
        ready = parameterize_notebook(plain, given, kernel_name=KERNEL, language="python")
        ready.metadata["title"] = f"{report.title} – {person.organization.name}"
        return ready


def _asked(file: str, person: SignedIn) -> Report:
    report = next((report for report in all_reports() if report.notebook.name == file), None)
    if report is None:
        raise HTTPError(404, "There is no such report.")
    if person.user.role not in report.roles:
        raise HTTPError(403, f"The report {report.title} is not for your role ({person.user.role}).")
    return report


class Discreet(logging.Filter):
    """Keeps what stands behind a question mark out of tornado's log, whatever somebody puts there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record, and let it pass."""
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
        return True


def _closed(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return the handler of files with our headers, which tornado's own lack."""

    def set_default_headers(self: RequestHandler) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    return type(handler.__name__, (handler,), {"set_default_headers": set_default_headers})


def configuration(port: int) -> Config:
    """Return Voila's settings: nothing served but reports, nothing overridden from outside, few and short kernels."""
    return Config(
        Voila={
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "open_browser": False,
            "identity_provider_class": CookieIdentity,
            "authorizer_class": OnlyOwners,
            "config_file_paths": [],
            "root_dir": str(settings().project_path / "notebooks"),
            "tornado_settings": {"log_function": log_request},
        },
        CookieIdentity={"action": "dashboards.open"},
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


def serve(port: int, labs: dict[str, str]) -> None:
    """Serve the dashboards on 127.0.0.1 until SIGTERM or SIGINT, then end their kernels."""
    dashboards = Dashboards(config=configuration(port), labs=labs)
    dashboards.initialize([])
    dashboards.voila_configuration.prelaunch_hook = dashboards.prepared
    dashboards.start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the dashboards as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m mozg.serve.dashboards", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"the port on 127.0.0.1 (default {PORT})")
    parser.add_argument("--lab", action="append", default=[], help="an organisation's JupyterLab: demo=http://…")
    given = parser.parse_args(arguments)
    be_quiet()
    for name in ("tornado.general", "tornado.application"):
        logging.getLogger(name).addFilter(Discreet())
    serve(given.port, dict(lab.split("=", 1) for lab in given.lab))


if __name__ == "__main__":
    main()
