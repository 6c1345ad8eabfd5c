"""What the reports declare, as far as pages need it to name each other. The catalogue lies above the pages."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mozg.settings import settings


@dataclass(frozen=True)
class Declared:
    """A report's declaration: its notebook's file, who may read it, what it is made as, its parameters as written."""

    notebook: str
    roles: tuple[str, ...]
    formats: tuple[str, ...]
    parameters: Mapping[str, Mapping[str, Any]]
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        """Return what the report is called in ``language`` (``ru``), or else in English."""
        return self.titles.get(language, self.titles["en"])


@functools.lru_cache(maxsize=1)
def declared() -> dict[str, Declared]:
    """Return all declarations by the report's name."""
    files = sorted((settings().project_path / "reports").glob("*.toml"))
    return {file.stem: _read(file.stem, tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}


def report_titles(language: str) -> dict[str, str]:
    """Return the declared reports' titles by name, in ``language`` (``ru``) or else in English."""
    return {name: report.title(language) for name, report in declared().items()}


def _read(name: str, table: Mapping[str, Any]) -> Declared:
    told = {language: texts["title"] for language, texts in table.get("translations", {}).items()}
    notebook = table.get("notebook", f"{name}.ipynb")
    given = (tuple(table["roles"]), tuple(table["formats"]), table.get("parameters", {}))
    return Declared(notebook, *given, titles={"en": table["title"], **told})
