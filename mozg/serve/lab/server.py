"""The JupyterLab server of one organisation: who may come in, and which of Jupyter's doors are open."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.serverapp import ServerApp
from jupyterlab.handlers.announcements import CheckForUpdateHandler, NeverCheckForUpdate, NewsHandler
from jupyterlab.handlers.build_handler import BuildHandler
from jupyterlab.handlers.extension_manager_handler import ExtensionHandler
from jupyterlab.handlers.plugin_manager_handler import PluginHandler
from jupyterlab.labapp import LabApp
from jupyterlab_server.listings_handler import ListingsHandler
from tornado.web import RequestHandler
from traitlets import Instance
from traitlets.config import Config

from mozg.access.organizations import Organization
from mozg.confine import require
from mozg.serve.identity import CookieIdentity, sign_in_page
from mozg.serve.lab import entrance
from mozg.serve.lab.contents import OwnFiles
from mozg.serve.lab.desk import folder_of
from mozg.serve.lab.kernels import OwnKernels, OwnSessions
from mozg.serve.lab.leaving import KernelSocket
from mozg.serve.lab.people import OnlyOwners
from mozg.serve.lab.terminals import OwnTerminals
from mozg.settings import settings

PORT = 8888
#: Seconds without a message after which a kernel or a terminal is ended, and how often we look.
IDLE, LOOK = 4 * 60 * 60, 5 * 60
#: What JupyterLab would do in this process, which is not confined: builds, installs, and questions to the world.
CLOSED = (BuildHandler, ExtensionHandler, PluginHandler, NewsHandler, CheckForUpdateHandler, ListingsHandler)
#: The same doors as the page shows them.
HIDDEN = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/pluginmanager-extension",
    "@voila-dashboards/jupyterlab-preview",
)


@dataclass(frozen=True)
class Ticket:
    """A cookie for whoever shows a code first."""

    code: str
    cookie: str


class Lab(LabApp):
    """JupyterLab without the handlers that would run something here."""

    def initialize_handlers(self) -> None:
        """Register JupyterLab's handlers but those that are `CLOSED`."""
        super().initialize_handlers()
        self.handlers[:] = [handler for handler in self.handlers if handler[1] not in CLOSED]


class LabServer(ServerApp):
    """A Jupyter server for the analysts of one organisation."""

    organization = Instance(Organization)
    rooms = Instance(Path, help="The folder for what prompts need while they run, in short paths.")
    ticket = Instance(Ticket, allow_none=True)
    # Not here: "nbconvert", which would run its exporters in this process; "shutdown", "config", "view", "events".
    default_services = ("api", "contents", "files", "kernels", "kernelspecs", "security", "sessions")


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": __name__, "app": Lab}]


def configuration(organization: Organization, port: int) -> Config:
    """Return Jupyter's settings: our people, our kernels, and none of its own ways in or out."""
    folder = folder_of(organization.slug)
    state = folder / ".jupyterlab"
    return Config(
        ServerApp=_server(folder, port),
        CookieIdentity={"action": "lab.open", "organization": organization.slug},
        KernelManager={"transport": "ipc"},
        OwnKernels={
            "cull_idle_timeout": IDLE,
            "cull_interval": LOOK,
            "transport_encryption": "required",
        },
        KernelSpecManager={"allowed_kernelspecs": {"python3"}},
        OwnFiles={"allow_hidden": False, "delete_to_trash": False},
        TerminalsExtensionApp={"terminal_manager_class": OwnTerminals},
        OwnTerminals={"cull_inactive_timeout": IDLE, "cull_interval": LOOK},
        Lab={
            "check_for_updates_class": NeverCheckForUpdate,
            "extension_manager": "readonly",
            "lock_all_plugins": True,
            "news_url": None,
            "user_settings_dir": str(state / "settings"),
            "workspaces_dir": str(state / "workspaces"),
        },
    )


def _server(folder: Path, port: int) -> dict[str, Any]:
    return {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "allow_root": True,
        "quit_button": False,
        "answer_yes": True,
        "root_dir": str(folder),
        "default_url": entrance.ADDRESS,
        "local_hostnames": ["localhost", *_hosts()],
        "jpserver_extensions": {__name__: True, "jupyter_server_terminals": True},
        "extra_services": [entrance.__name__],
        "identity_provider_class": CookieIdentity,
        "authorizer_class": OnlyOwners,
        "allow_unauthenticated_access": False,
        "kernel_manager_class": OwnKernels,
        "kernel_websocket_connection_class": KernelSocket,
        "session_manager_class": OwnSessions,
        "contents_manager_class": OwnFiles,
        "tornado_settings": {"login_url": sign_in_page(), "page_config_hook": _page_config},
    }


def _hosts() -> list[str]:
    return sorted({urlsplit(origin).hostname or "" for origin in settings().origins} - {"", "localhost"})


def _page_config(_: RequestHandler, page: dict[str, Any]) -> dict[str, Any]:
    return page | {"disabledExtensions": [*page.get("disabledExtensions", ()), *HIDDEN]}


@contextmanager
def prepared(organization: Organization, port: int, ticket: Ticket | None = None) -> Iterator[LabServer]:
    """Yield a server of ``organization`` that is ready to start on 127.0.0.1; at the end none of its prompts is left.

    Raises:
        ServiceError: the kernel of this machine cannot confine prompts.
    """
    require()
    folder_of(organization.slug).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="mozg-lab-") as rooms:
        config = configuration(organization, port)
        ours = {"organization": organization, "rooms": Path(rooms), "ticket": ticket}
        server = LabServer(config=config, runtime_dir=rooms, **ours)
        server.initialize(argv=[], find_extensions=False)
        yield server
