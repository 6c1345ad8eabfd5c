"""Links between reports in what leaves the house: to the installation's dashboards, or plain text where it has none."""

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import urljoin

from mozg.pages.links import CLASS, address
from mozg.reports.catalogue import Report
from mozg.settings import settings

#: Where the dashboards have the reports.
FOLDER = "voila/render/"
_LINK = re.compile(rf'(<a class="{CLASS}"[^>]*) href="([^"]*)"([^>]*>)(.*?)</a>', re.DOTALL)


def outward(html: str) -> str:
    """Return a page's HTML with links between reports as addresses of this installation, or without them."""
    base = _base()
    if base is None:
        return _LINK.sub(r"\4", html)
    return _LINK.sub(lambda link: f'{link[1]} href="{_whole(base, link[2])}"{link[3]}{link[4]}</a>', html)


def dashboard_of(report: Report, parameters: Mapping[str, object]) -> str:
    """Return the address of a report's dashboard with these parameters, empty where the installation has none."""
    base = _base()
    told = {name: value for name, value in parameters.items() if name != "organization"}
    return "" if base is None else urljoin(base, address(report.notebook.name, told))


def _base() -> str | None:
    given = settings().dashboards_address
    return f"{given.rstrip('/')}/{FOLDER}" if given else None


def _whole(base: str, place: str) -> str:
    return escape(urljoin(base, unescape(place)))
