from collections.abc import Callable
from pathlib import Path

import pytest

from mozg.model import Venue

REAL_DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a small export and return its path."""

    def _write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


@pytest.fixture
def moscow() -> Venue:
    return Venue(1, 1, "Арбат", "Europe/Moscow", day_start_hour=6)


@pytest.fixture
def real() -> Callable[[str], Path]:
    """Give the path of a file of the real sets, or skip."""

    def _real(name: str) -> Path:
        path = REAL_DATA / name
        if not path.exists():
            pytest.skip(f"the data set {name} is not on this machine")
        return path

    return _real
