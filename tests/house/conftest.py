"""What the house tests look at: the project's own files, committed or about to be."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def project_files(root):
    """Every file that git keeps or would keep, as paths relative to the project."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of the project's own files")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [Path(name) for name in sorted(listing.split("\0")) if name and (root / name).is_file()]


@pytest.fixture(scope="session")
def modules(root):
    """The parsed modules of mozg/ and flows/, by path relative to the project."""
    paths = sorted(path for room in ("mozg", "flows") for path in (root / room).rglob("*.py"))
    return {path.relative_to(root): ast.parse(path.read_text("utf-8")) for path in paths}
