"""A browser that opens dashboards and notes when they can be read and used, by the page's own clock."""

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Page, sync_playwright

#: The longest that is waited for a page, in seconds; what has not come by then counts as if it came then.
PATIENCE = 60
#: The periods that are chosen one after the other, by their places in the list: 28 days, 90 days, last month.
CHANGES = (5, 6, 8)
LIVE = "html:not(.waiting, .half)"
MOMENTS = ("first", "readable", "controls")
_SCRIPT = Path(__file__).with_name("watch.js").read_text("utf-8")
_ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


@dataclass(frozen=True)
class Opened:
    """What became of a page, in seconds since it was asked for.

    ``changes`` are the changes of the period: the seconds until all in sight was redrawn, and until the whole page was.
    """

    first_byte: float
    readable: float
    controls: float
    changes: tuple[tuple[float, float], ...]


class Tabs:
    """One browser with one cache for all pages that are opened in a ``with`` block, one at a time."""

    def __init__(self, address: str, cookies: Mapping[str, str]) -> None:
        self._address, self._cookies = address, cookies

    def open(self, address: str, changes: Sequence[int] = (), pause: float = 1.0) -> Opened:
        """Open a page, wait until it can be used, choose other periods, leave it, and give the machine a pause."""
        page = self._context.new_page()
        page.goto(address, wait_until="commit")
        _wait(page)
        told = page.evaluate("({...watched, first: performance.getEntriesByType('navigation')[0].responseStart})")
        page.wait_for_timeout(500)
        changes = changes if "controls" in told else ()
        if changes:
            page.wait_for_selector(LIVE, state="attached")
        took = [tuple(page.evaluate("place => choose(place)", place)) for place in changes]
        page.goto("about:blank")
        page.close()
        time.sleep(pause)
        first, readable, controls = (told.get(name, PATIENCE * 1000) / 1000 for name in MOMENTS)
        return Opened(first, readable, controls, tuple(took))

    def __enter__(self) -> Self:
        self._profile = tempfile.mkdtemp(prefix="mozg-bench-")
        self._playwright = sync_playwright().start()
        self._context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", _ONLY_HERE],
            viewport={"width": 1440, "height": 900},
        )
        for name, value in self._cookies.items():
            self._context.add_cookies([{"name": name, "value": value, "url": self._address}])
        self._context.add_init_script(_SCRIPT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()
        self._playwright.stop()
        shutil.rmtree(self._profile)


def _wait(page: Page) -> None:
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate("Boolean(window.watched?.controls)") and time.monotonic() < deadline:
        page.wait_for_timeout(50)
