"""environment.yml, pyproject.toml and requirements.lock ask for the same things."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

#: conda-forge's name: PyPI's name, where they differ.
ALIASES = {
    "ibis-duckdb": "ibis-framework",
    "playwright-python": "playwright",
    "python-duckdb": "duckdb",
    "python-kaleido": "kaleido",
}
NOT_A_DEPENDENCY = {"python", "pip"}


def parse(line):
    """Return PyPI's name and the version specifier of a conda or pip requirement."""
    name, specifier = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?\s*(.*)", line).groups()
    return canonicalize_name(ALIASES.get(name, name)), SpecifierSet(specifier)


@pytest.fixture(scope="module")
def environment(root):
    return yaml.safe_load((root / "environment.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def declared(project):
    """PyPI's name → specifier of everything in pyproject.toml, extras included."""
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    requirements = [Requirement(line) for group in groups for line in group]
    return {canonicalize_name(one.name): one.specifier for one in requirements}


@pytest.fixture(scope="module")
def conda(environment):
    pairs = [parse(line) for line in environment["dependencies"] if isinstance(line, str)]
    return {name: specifier for name, specifier in pairs if name not in NOT_A_DEPENDENCY}


@pytest.fixture(scope="module")
def pip(environment):
    [section] = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    return dict(parse(line) for line in section if line != "-e .")


def test_the_same_names(declared, conda, pip):
    assert set(conda) | set(pip) == set(declared)
    assert not set(conda) & set(pip), "asked for twice"


def test_the_same_versions(declared, conda, pip):
    differing = {
        name: (str(asked), str(declared.get(name))) for name, asked in (conda | pip).items() if asked != declared[name]
    }
    assert not differing, f"(environment.yml, pyproject.toml): {differing}"


def test_the_same_python(environment, project):
    [line] = [part for part in environment["dependencies"] if isinstance(part, str) and part.startswith("python ")]
    assert parse(line)[1] == SpecifierSet(project["requires-python"])


def test_only_conda_forge_and_the_project_itself(environment):
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    assert any("-e ." in part["pip"] for part in environment["dependencies"] if isinstance(part, dict))


def test_the_lock_holds_what_is_asked_for(root, declared):
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+]+)", (root / "requirements.lock").read_text(), re.MULTILINE)
    locked = {}
    for name, version in pins:
        locked.setdefault(canonicalize_name(name), []).append(version)
    missing = {
        name: str(specifier)
        for name, specifier in declared.items()
        if not any(specifier.contains(version, prereleases=True) for version in locked.get(name, []))
    }
    assert not missing, f"run scripts/lock.sh: {missing}"
