"""What became of a run, read from the notebook that it left."""

from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from mozg.pages.blocks import SECTION_MIME
from mozg.pages.section import Outcome


def outcome(notebook: NotebookNode) -> Outcome:
    """Return ``failed`` if a cell or a section failed, ``ok-empty`` if no section had anything to show, else ``ok``."""
    outputs = list(_outputs(notebook))
    if any(output["output_type"] == "error" for output in outputs):
        return "failed"
    found = {told["outcome"] for told in sections(notebook)}
    if "failed" in found:
        return "failed"
    return "ok-empty" if found == {"ok-empty"} else "ok"


def sections(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return what each section says about itself: ``name``, ``outcome`` and, where it failed, ``incident``."""
    bundles = [output.get("data", {}) for output in _outputs(notebook)]
    return [dict(bundle[SECTION_MIME]) for bundle in bundles if SECTION_MIME in bundle]


def _outputs(notebook: NotebookNode) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])
