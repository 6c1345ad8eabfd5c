"""The two commands and what they stand on: make's targets, the setup, bytecode, a JupyterLab that calls nobody."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TARGETS = {"setup", "demo", "test", "lint", "format", "bench", "soak", "up", "lab", "clean", "lock", "messages"}


def make(root, *words):
    return subprocess.run(
        ["make", "--no-print-directory", *words], cwd=root, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def copy(root, tmp_path):
    """A folder with the setup's own files and nothing else."""
    shutil.copytree(root / "scripts", tmp_path / "scripts")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    return tmp_path


def set_up(folder, **environment):
    return subprocess.run(
        ["scripts/setup.sh"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "SYSTEM": "0"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_what_can_be_made(root):
    listed = {line.split()[1] for line in make(root).splitlines()}
    assert listed == TARGETS | {"help"}


def test_each_target_sets_up_first(root):
    for target in TARGETS - {"clean", "setup"}:
        assert make(root, "--dry-run", target).startswith("scripts/setup.sh\n"), target


@pytest.mark.parametrize(("words", "ends"), [(["demo"], "mozg demo"), (["demo", "SERVE=0"], "mozg demo --no-serve")])
def test_the_demo_serves_unless_told_not_to(root, words, ends):
    assert make(root, "--dry-run", *words).strip().endswith(ends)


def test_ci_runs_the_tests_and_the_lint(root):
    script = (root / ".ci/run").read_text()
    assert "set -euo pipefail" in script
    assert [line for line in script.splitlines() if line.startswith("make ")] == ["make test", "make lint"]


def test_a_python_too_old_is_refused_in_a_sentence(copy):
    answer = set_up(copy, PYTHON="/usr/bin/false")
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer, and /usr/bin/false is not" in answer.stderr
    assert not (copy / ".venv").exists()


def test_nothing_is_done_when_nothing_has_changed(copy):
    (copy / ".venv/bin").mkdir(parents=True)
    (copy / ".venv/bin/python").symlink_to(sys.executable)
    fingerprint = "{ cat requirements.lock pyproject.toml && .venv/bin/python --version && pwd; } | cksum"
    stamp = subprocess.run(["bash", "-c", fingerprint], cwd=copy, check=True, capture_output=True, text=True).stdout
    (copy / ".venv/.mozg-setup").write_text(stamp)
    answer = set_up(copy)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_a_changed_lock_is_noticed(copy):
    (copy / ".venv").mkdir()
    (copy / ".venv/.mozg-setup").write_text("of another lock")
    assert set_up(copy, PYTHON="/usr/bin/false").returncode == 1


@pytest.mark.parametrize("package", ["pandas", "plotly", "prefect"])
def test_bytecode_was_compiled_when_installed(package):
    """Also where PYTHONDONTWRITEBYTECODE is set; otherwise each notebook kernel compiles its libraries again."""
    folder = Path(importlib.util.find_spec(package).origin).parent
    sources = list(folder.rglob("*.py"))
    compiled = list(folder.rglob(f"*.{sys.implementation.cache_tag}.pyc"))
    assert len(compiled) >= 0.99 * len(sources) > 0
