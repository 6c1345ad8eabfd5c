import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from mozg.errors import ExportError
from mozg.reports import figures
from mozg.settings import Settings

BARS = {"data": [{"type": "bar", "x": ["Борщ"], "y": [3]}], "layout": {"title": {"text": "Блюда"}}}
DRAW_AND_LEAVE = f"""
import psutil
from mozg.reports import figures
svg = figures.picture({BARS!r}, "svg", width=400, height=300)
print(len(svg), *[child.pid for child in psutil.Process().children(recursive=True)])
"""


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _browsers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "chrom" in child.name().lower()]


@pytest.mark.browser
def test_no_browser_is_left_when_the_process_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRAW_AND_LEAVE], capture_output=True, text=True, timeout=120, check=True
    )
    size, *children = map(int, done.stdout.split())
    assert size > 1000
    assert children
    assert done.stderr == ""
    deadline = time.monotonic() + 10
    while any(map(_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in children if _alive(pid)]


@pytest.mark.browser
def test_threads_share_one_browser() -> None:
    def draw(number: int) -> bytes:
        figure = {"data": BARS["data"], "layout": {"title": {"text": f"Блюдо {number}"}}}
        return figures.picture(figure, "svg", width=400, height=300)

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(draw, range(4)))
    assert all(f"Блюдо {number}" in svg.decode() for number, svg in enumerate(drawn))
    mains = [process for process in _browsers() if not any(part.startswith("--type=") for part in process.cmdline())]
    assert len({process.pid for process in mains if process.status() != psutil.STATUS_ZOMBIE}) == 1


@pytest.mark.browser
def test_a_killed_browser_is_an_error_and_the_next_picture_starts_another() -> None:
    figures.picture(BARS, "png", width=200, height=100)
    for process in _browsers():
        process.kill()
    with pytest.raises(ExportError, match="Chromium could not draw a figure"):
        figures.picture(BARS, "png", width=200, height=100)
    assert figures.picture(BARS, "png", width=200, height=100).startswith(b"\x89PNG")


def test_no_browser_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures.close()
    monkeypatch.setattr(figures, "settings", lambda: Settings(browser_path=tmp_path / "chrome"))
    with pytest.raises(ExportError, match=r"Install Chromium .* or set BROWSER_PATH"):
        figures.picture(BARS, "png", width=200, height=100)


def test_a_browser_that_does_not_start_is_an_error_and_not_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.close()
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(figures, "settings", lambda: Settings(browser_path=broken))
    with pytest.raises(ExportError, match="Chromium could not draw a figure"):
        figures.picture(BARS, "png", width=200, height=100)
