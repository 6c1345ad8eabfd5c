"""Plotly figures as pictures, drawn by one Chromium per process.

Starting the browser takes two seconds and a picture 0.2, so the browser stays open until the process ends.
kaleido's own server is not used: it waits forever when its browser cannot start.
"""

import asyncio
import atexit
import contextlib
import os
import shutil
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal

from choreographer.errors import BrowserClosedError, BrowserDepsError, BrowserFailedError, ChannelClosedError
from kaleido import Kaleido
from kaleido.errors import KaleidoError

from mozg.errors import ExportError
from mozg.settings import settings

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE = 60
_BROWSER_ERRORS = (
    BrowserClosedError,
    BrowserDepsError,
    BrowserFailedError,
    ChannelClosedError,
    KaleidoError,
    TimeoutError,
    OSError,
)


class _Studio:
    """A Chromium with its event loop in a thread; every call waits for its turn."""

    def __init__(self, browser: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="figures", daemon=True)
        self._thread.start()
        try:
            self._kaleido: Kaleido = self._wait(_opened(browser))
        except BaseException:
            self._end_thread()
            raise

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        return self._wait(self._kaleido.calc_fig(figure, opts=options))

    def close(self) -> None:
        try:
            self._wait(self._kaleido.close())
        finally:
            self._end_thread()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(_PATIENCE)

    def _end_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _opened(browser: Path) -> Kaleido:
    kaleido = Kaleido(path=browser, mathjax=False, timeout=_PATIENCE)
    await kaleido.open()
    return kaleido


_turn = threading.Lock()
_studio: _Studio | None = None


def picture(figure: dict[str, Any], kind: Literal["svg", "png"], *, width: int, height: int, scale: float = 1) -> bytes:
    """Draw a figure (Plotly's JSON) as SVG or PNG, `width` × `height` CSS pixels, PNG at `scale` device pixels each.

    Raises:
        ExportError: there is no browser, or it could not draw the figure.
    """
    options = {"format": kind, "width": width, "height": height, "scale": scale}
    spec: dict[str, Any] = {key: figure[key] for key in ("data", "layout", "frames") if key in figure}
    with _turn:
        try:
            return _open_studio().draw(spec, options)
        except _BROWSER_ERRORS as error:
            with contextlib.suppress(*_BROWSER_ERRORS):  # a browser that died cannot be closed
                _close_studio()
            raise ExportError(f"Chromium could not draw a figure: {error or type(error).__name__}.") from error


def close() -> None:
    """Close the browser if it is open; the next picture opens it again. Done by itself when the process ends."""
    with _turn:
        _close_studio()


def browser() -> Path:
    """Return the Chromium or Chrome to draw with: the setting BROWSER_PATH, else the first one on PATH.

    Raises:
        ExportError: there is none.
    """
    given = settings().browser_path
    found = str(given) if given else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None or not os.access(found, os.X_OK):
        raise ExportError(
            f"There is no browser to draw figures with ({found or 'no Chromium or Chrome on PATH'}). "
            "Install Chromium (Debian: apt install chromium), or set BROWSER_PATH to one."
        )
    return Path(found)


def _open_studio() -> _Studio:
    global _studio
    if _studio is None:
        _studio = _Studio(browser())
    return _studio


def _close_studio() -> None:
    global _studio
    studio, _studio = _studio, None
    if studio is not None:
        studio.close()


atexit.register(close)
