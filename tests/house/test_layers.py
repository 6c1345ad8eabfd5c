"""Imports point downward only; the contracts are in pyproject.toml."""

import subprocess
import sys
from pathlib import Path


def lint_imports(folder):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_downward_only(root):
    answer = lint_imports(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_an_import_that_points_upward_is_noticed(tmp_path):
    for room, text in {"model": "from house.cli import main\n", "cli": "def main(): ...\n"}.items():
        (tmp_path / "house" / room).mkdir(parents=True)
        (tmp_path / "house" / room / "__init__.py").write_text(text)
    (tmp_path / "house" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["house"]\n[[tool.importlinter.contracts]]\n'
        'name = "down"\ntype = "layers"\nlayers = ["house.cli", "house.model"]\n'
    )
    answer = lint_imports(tmp_path)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "house.model -> house.cli" in answer.stdout
