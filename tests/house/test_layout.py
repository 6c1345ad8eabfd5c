"""The tree is the one that README.md and CONTRIBUTING.md draw."""

import ast
from pathlib import Path

import pytest

TOP = {
    *(".ci", ".dockerignore", ".env.example", ".gitignore", ".pre-commit-config.yaml"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md"),
    *("docker-compose.yml", "environment.yml", "pyproject.toml", "requirements.lock"),
    *("bench", "flows", "migrations", "mozg", "notebooks", "reports", "scripts", "tests"),
}
MAY_BE = {"docs", ".gitattributes", ".github"}

ROOMS = {
    *("access", "analysis", "charts", "cli", "confine", "forecast", "kernels", "lake", "language", "metrics", "model"),
    *("pages", "pos", "reports", "serve", "simulate", "store", "sync"),
}


def test_the_top_of_the_tree(project_files):
    top = {path.parts[0] for path in project_files}
    assert top - MAY_BE == TOP


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_each_room_is_there_and_says_what_it_is_for(root, room):
    door = root / "mozg" / room / "__init__.py"
    module = door if door.exists() else root / "mozg" / f"{room}.py"
    assert module.exists(), f"mozg/{room} is missing"
    assert ast.get_docstring(ast.parse(module.read_text("utf-8"))), f"{module.relative_to(root)} has no docstring"


def test_there_are_no_other_rooms(project_files):
    rooms = {path.parts[1] for path in project_files if path.parts[0] == "mozg" and len(path.parts) > 2}
    assert rooms <= ROOMS


def test_each_package_has_a_door(project_files):
    folders = {path.parent for path in project_files if path.parts[0] in {"mozg", "flows"} and path.suffix == ".py"}
    assert folders
    assert not [str(folder) for folder in sorted(folders) if folder / "__init__.py" not in project_files]


def test_tests_mirror_the_rooms(root):
    others = {"access", "bench", "flows", "house", "journeys", "scripts"}
    folders = {path.name for path in (root / "tests").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= ROOMS | others


def test_nothing_generated_is_kept(project_files):
    generated = {".pyc", ".duckdb", ".parquet", ".sqlite", ".log", ".pdf", ".xlsx"}
    kept = [str(path) for path in project_files if path.suffix in generated and path.parts[0] != "tests"]
    assert not kept
    assert Path("reports/archive/.gitkeep") in project_files
