"""The catalogues: how one is read, and how the sources are searched for what it must hold.

A ``.po`` file is compiled in memory when its language is first spoken: nothing generated is kept or installed.
"""

import ast
import gettext
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

#: Where texts stand in a call: the number of the argument; of a plural, both forms.
KEYWORDS: dict[str, Any] = {
    "say": None, "later": None, "Sentence": None, "section": None, "metric": None,
    "count": (1, 2), "meant": ((1, "c"), 2),
    "Column": (2,), "table": (2,), "workbook_table": (2,), "parts_table": (3,),
    "Dimension": (2,), "_column": (2,), "_of_venue": (2,), "_of_dish": (2,), "_day": (2,), "_bracket": (2,),
}  # fmt: skip
#: The files that say something to readers.
SPOKEN = (
    *("mozg/access", "mozg/analysis", "mozg/charts", "mozg/forecast", "mozg/metrics", "mozg/pages", "mozg/reports"),
    "mozg/serve",
)
TEMPLATES = "reports/templates"
WIDTH = 120


def translations(path: Path) -> gettext.GNUTranslations:
    """Return the translations that a ``.po`` file holds; those marked as fuzzy are left out."""
    compiled = io.BytesIO()
    write_mo(compiled, read(path))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def read(path: Path) -> Catalog:
    """Return a ``.po`` file as a catalogue; its language is the name of the folder above."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], domain="mozg")


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue as a ``.po`` file, sorted by file, without numbers of lines, which change for nothing."""
    catalogue.header_comment = f"# {catalogue.locale.english_name} texts of MOZG Analytics; see scripts/messages.py."
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False, include_previous=False)


def found(project: Path) -> Catalog:
    """Return all that the sources of ``project`` say to readers."""
    catalogue = Catalog(project="mozg", fuzzy=False)
    for path in sorted(_sources(project)):
        method = _python if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for line, message, _, context in extract_from_file(method, path, keywords=KEYWORDS):
            catalogue.add(message, locations=[(str(path.relative_to(project)), line)], context=context)
    return catalogue


def _sources(project: Path) -> Iterator[Path]:
    for room in SPOKEN:
        yield from (project / room).rglob("*.py")
    yield from (path for path in (project / TEMPLATES).rglob("*") if path.suffix in (".j2", ".html"))


def _python(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:
    """Find what Babel finds in Python, and the definitions of metrics: how their docstrings begin."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    for node in ast.parse(file.read()).body:
        if isinstance(node, ast.FunctionDef) and any(_is_metric(decorator) for decorator in node.decorator_list):
            yield node.lineno, "say", (ast.get_docstring(node) or "").split("\n\n")[0], []


def _is_metric(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "metric"
