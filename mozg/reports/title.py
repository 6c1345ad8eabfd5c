"""A report's title in the reader's language, where the notebook has it in English."""

import copy
import re

from nbformat import NotebookNode

from mozg.reports.tables import header

_HEADING = re.compile(r"^# +\S.*$", re.MULTILINE)


def titled(notebook: NotebookNode, title: str = "") -> NotebookNode:
    """Return a copy of a notebook whose first heading is ``title``, or else what the executed report calls itself.

    A notebook that neither has a heading nor was executed is copied as it is.
    """
    result = copy.deepcopy(notebook)
    title = title or header(notebook, "").title
    first = next((cell for cell in result.cells if cell.cell_type == "markdown"), None)
    if title and first is not None:
        first.source = _HEADING.sub(lambda _: f"# {_plain(title)}", first.source, count=1)
    return result


def _plain(title: str) -> str:
    """A title as Markdown that means nothing but its letters."""
    return re.sub(r"([\\`*_{}\[\]<>#])", r"\\\1", " ".join(title.split()))
