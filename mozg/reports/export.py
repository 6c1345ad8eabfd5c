"""An executed notebook as files for people: HTML, PDF and XLSX beside it."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mozg.errors import ExportError
from mozg.reports.catalogue import Format
from mozg.reports.page import live_page, paper_page
from mozg.reports.workbook import workbook


def export(notebook: Path, formats: Sequence[Format], folder: Path | None = None, *, title: str) -> dict[str, Path]:
    """Write an executed notebook in each of `formats` into `folder` (by default beside it), under its own stem.

    A file appears only when it is whole. Returns the path of each format.

    Raises:
        ExportError: the notebook failed or cannot be read, or a format could not be made.
    """
    content = read(notebook)
    target = folder or notebook.parent
    target.mkdir(parents=True, exist_ok=True)
    return {
        format_: _write(target / f"{notebook.stem}.{format_}", _MAKERS[format_](content, title)) for format_ in formats
    }


def read(notebook: Path) -> NotebookNode:
    """Read an executed notebook.

    Raises:
        ExportError: it is not there, is not a notebook, or one of its cells failed.
    """
    try:
        content = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ExportError(f"{notebook} cannot be read as a notebook: {error}") from error
    for index, cell in enumerate(content.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise ExportError(f"{notebook} failed in cell {index} ({output.ename}: {output.evalue}); run it again.")
    return content


def _write(path: Path, content: bytes) -> Path:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_bytes(content)
    return half.replace(path)


def _pdf(notebook: NotebookNode, title: str) -> bytes:
    from mozg.reports.pdf import pdf  # WeasyPrint takes a second, which nobody should wait for who makes no PDF

    return pdf(paper_page(notebook, title))


_MAKERS: dict[Format, Callable[[NotebookNode, str], bytes]] = {
    "html": lambda notebook, title: live_page(notebook, title).encode(),
    "pdf": _pdf,
    "xlsx": workbook,
}
