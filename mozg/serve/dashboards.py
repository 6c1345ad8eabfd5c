"""The dashboards of all organisations: one Voila process on loopback, behind the sign-in page.

Voila by itself passes only widget messages to a kernel, so a reader cannot run code; as an extension of a Jupyter
server it passes everything, which is why it never runs as one here.

    python -m mozg.serve.dashboards --port 8866 --lab demo=http://127.0.0.1:8890/
"""

import argparse
import logging
import re
import threading
from collections.abc import Sequence
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.log import log_request
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from traitlets import Bool, Dict
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.utils import get_page_config

from mozg.reports import engine
from mozg.reports.warm import STOCK, WARM, warm_up
from mozg.serve import assets
from mozg.serve.assets import PLOTLY, STATIC, closed
from mozg.serve.cells import Outputs
from mozg.serve.front import HEADERS, Nothing
from mozg.serve.identity import CookieIdentity, sign_in_page
from mozg.serve.kernels import DashboardKernels, Farewell, OnlyOwners, Socket
from mozg.serve.newest import Newest
from mozg.serve.painters import Painters
from mozg.serve.portal import exporting
from mozg.serve.portal import handlers as portal
from mozg.serve.portal.changes import rehearse
from mozg.serve.presence import Presence
from mozg.serve.report_page import ReportPage
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
#: Extensions of JupyterLab that a page does without; our own draws its figures (see `mozg.serve.assets`).
NEEDLESS = ["jupyterlab_pygments", "@voila-dashboards/jupyterlab-preview", "jupyterlab-plotly"]
#: Of Voila's handlers, those that serve the files of installed packages, the same for everybody. All others are ours.
PACKAGES = (MultiStaticFileHandler, ThemesHandler, FileFindHandler)


class Dashboards(Voila):
    """Voila, showing to each person the reports that they may read, and no other file."""

    labs = Dict(help="The address of each organisation's JupyterLab, by the organisation's short name.")
    paints = Bool(True, help="Whether a page that is opened has its first paint made where it has none.")

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
            "compress_response": True,
            "xsrf_cookie_kwargs": {"samesite": "Lax"},
        }

    def init_handlers(self) -> list[Any]:
        """Return the handlers: Voila's own for files of packages, ours for everything that is somebody's."""
        files = [
            (path, closed(handler), *given) for path, handler, *given in super().init_handlers() if handler in PACKAGES
        ]
        voila = {"voila_configuration": self.voila_configuration}
        page = voila | {"page_config": self.page_config(), "painters": Painters() if self.paints else None}
        kernel = rf"{self.server_url}api/kernels/{KERNEL_ID}"
        return [
            (rf"{self.server_url}{STATIC}(.*)", closed(MultiStaticFileHandler), {"paths": self.static_paths}),
            *assets.handlers(self.server_url),
            *files,
            (rf"{self.server_url}voila/templates/{TEMPLATE_FILE}", closed(TemplateStaticFileHandler)),
            (kernel, KernelHandler),
            (rf"{self.server_url}voila/execution/{KERNEL_ID}", Outputs),
            (f"{kernel}/channels", Socket),
            (rf"{self.server_url}voila/presence/{KERNEL_ID}", Presence),
            (rf"{self.server_url}voila/api/shutdown/{KERNEL_ID}", Farewell),
            (rf"{self.server_url}voila/newest", Newest, voila),
            (rf"{self.server_url}voila/render/(?P<path>\w+\.ipynb)", ReportPage, page),
            *portal.handlers(self.server_url, labs=self.labs, **voila),
            exporting.handler(self.server_url, {"labs": self.labs, **voila}),
        ]

    def page_config(self) -> dict[str, Any]:
        """Return what Voila's scripts are told, the same for every page."""
        settings = {"mathjax_url": None, "mathjax_config": None}
        told: dict[str, Any] = get_page_config(self.base_url, settings, self.log, self.voila_configuration)
        told["federated_extensions"].append(assets.figures())
        own = {"fullStaticUrl": f"{self.base_url}{STATIC}"[:-1], "plotlyUrl": f"{self.base_url}{PLOTLY}plotly.min.js"}
        return told | own | {"jupyterLabTheme": "light", "progressiveRendering": True}


class Discreet(logging.Filter):
    """Keeps what stands behind a question mark out of tornado's log, whatever somebody puts there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record, and let it pass."""
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
        return True


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
            "extension_denylist": NEEDLESS,
        },
        MappingKernelManager={
            "cull_idle_timeout": IDLE,
            "cull_interval": LOOK,
            "cull_connected": True,
        },
    )


def serve(port: int, labs: dict[str, str], *, paints: bool = True, absence: int | None = None) -> None:
    """Serve the dashboards on 127.0.0.1 until SIGTERM or SIGINT, then end their kernels.

    ``absence`` is for how many seconds the kernel of a page that is gone is kept, if not for as long as usual.
    """
    config = configuration(port)
    if absence is not None:
        config.DashboardKernels.absence = absence
    config.DashboardKernels.kernel = WARM if warm_up(engine.kernel_environment({})) else STOCK
    dashboards = Dashboards(config=config, labs=labs, paints=paints)
    dashboards.initialize([])
    threading.Thread(target=rehearse, name="rehearsal", daemon=True).start()
    dashboards.start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the dashboards as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m mozg.serve.dashboards", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"the port on 127.0.0.1 (default {PORT})")
    parser.add_argument("--lab", action="append", default=[], help="an organisation's JupyterLab: demo=http://…")
    parser.add_argument("--no-paints", action="store_true", help="make no first paints of pages that are opened")
    parser.add_argument("--absence", type=int, help="seconds for which the kernel of a page that is gone is kept")
    given = parser.parse_args(arguments)
    be_quiet()
    for name in ("tornado.general", "tornado.application"):
        logging.getLogger(name).addFilter(Discreet())
    labs = dict(lab.split("=", 1) for lab in given.lab)
    serve(given.port, labs, paints=not given.no_paints, absence=given.absence)


if __name__ == "__main__":
    main()
