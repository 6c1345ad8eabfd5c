"""The files that every page loads, the same for everybody: with our headers, and kept by browsers for good.

Voila's own files have the same names in every version, so their address here names the version.
"""

import hashlib
import re
from pathlib import Path

import plotly
from tornado.web import RequestHandler, StaticFileHandler
from voila import __version__ as voila_version

from mozg.serve.front import HEADERS
from mozg.settings import settings

STATIC = f"voila/static/{voila_version}/"
PLOTLY = f"voila/plotly/{plotly.__version__}/"
EXTENSION = "mozg-figures"
_EXTENSIONS = f"voila/labextensions/{EXTENSION}/"
#: Addresses that name what they hold: a version, or a digest in the name or behind the question mark.
_LASTING = re.compile(rf"/{re.escape(STATIC)}|/{re.escape(PLOTLY)}|\.[0-9a-f]{{16,}}\.js$|\?v=[0-9a-f]{{16,}}$")
_FOR_GOOD = "public, max-age=31536000, immutable"


def closed(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return the handler of files with our headers, which tornado's own lack."""

    def set_default_headers(self: RequestHandler) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def flush(self: RequestHandler, include_footers: bool = False) -> object:
        if not self._headers_written and self.get_status() in {200, 304} and _LASTING.search(self.request.uri or ""):
            self.set_header("Cache-Control", _FOR_GOOD)
        return handler.flush(self, include_footers)

    return type(handler.__name__, (handler,), {"set_default_headers": set_default_headers, "flush": flush})


def figures() -> dict[str, str]:
    """Return how Voila's scripts are told of our extension that draws figures; its address names its content."""
    digest = hashlib.sha256((_own() / "figures.js").read_bytes()).hexdigest()
    return {"name": EXTENSION, "load": f"figures.js?v={digest[:32]}", "mimeExtension": "./mimeExtension"}


def handlers(server_url: str) -> list[tuple[str, type[RequestHandler], dict[str, str]]]:
    """Return the handlers of our own files: the extension that draws figures, and plotly.js as its package has it."""
    package = Path(plotly.__file__).parent / "package_data"
    files = closed(StaticFileHandler)
    return [
        (rf"{server_url}{_EXTENSIONS}(figures\.js)", files, {"path": str(_own())}),
        (rf"{server_url}{PLOTLY}(plotly\.min\.js)", files, {"path": str(package)}),
    ]


def _own() -> Path:
    return settings().project_path / "reports" / "templates" / "voila" / "static"
