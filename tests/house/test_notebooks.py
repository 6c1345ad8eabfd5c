"""A report is a notebook: short cells, one cell of parameters, nothing imported but ``mozg.pages``, no outputs kept."""

import ast
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(
    path.relative_to(ROOT) for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
LONGEST_CELL = 10
END = "page.show(definitions)"


def is_exploration(path):
    return "explore" in path.parts


def imported(source):
    """Names of the modules that a cell imports, magics left aside."""
    for node in ast.walk(ast.parse(TransformerManager().transform_cell(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def is_allowed(module):
    return (
        module == "mozg.pages"
        or module.startswith("mozg.pages.")
        or module.partition(".")[0] in sys.stdlib_module_names
    )


def faults(notebook, exploring=False):
    """Yield a sentence for each thing that a kept notebook must not have."""
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3"
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1 and not exploring:
        yield f"{len(tagged)} cells are tagged 'parameters', not one"
    if not exploring and (not notebook.cells or notebook.cells[-1].source != END):
        yield f"does not end with {END}, which says how its numbers are counted"
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield from (f"cell {number}: {fault}" for fault in cell_faults(cell, exploring))


def cell_faults(cell, exploring):
    if cell.outputs:
        yield "has outputs"
    if cell.execution_count is not None:
        yield "has an execution count"
    if len(cell.source.splitlines()) > LONGEST_CELL:
        yield f"has more than {LONGEST_CELL} lines"
    if not exploring:
        yield from (f"imports {module}" for module in imported(cell.source) if not is_allowed(module))


def test_the_first_report_is_there():
    if not NOTEBOOKS:
        pytest.skip("there is no notebook yet")
    assert Path("notebooks/sales.ipynb") in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=str)
def test_a_notebook_is_fit_to_be_kept(path):
    notebook = nbformat.read(ROOT / path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert not list(faults(notebook, is_exploration(path)))


def test_what_is_unfit_is_noticed():
    v4 = nbformat.v4
    spent = v4.new_code_cell(
        "import pandas\nfrom mozg.lake import open_lake\n%time 1",
        execution_count=3,
        outputs=[v4.new_output("stream", text="1")],
    )
    long = v4.new_code_cell("\n".join(["import datetime"] * 11))
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# Sales"), spent, long])
    assert list(faults(notebook)) == [
        "the kernel is not python3",
        "0 cells are tagged 'parameters', not one",
        f"does not end with {END}, which says how its numbers are counted",
        "cell 2: has outputs",
        "cell 2: has an execution count",
        "cell 2: imports pandas",
        "cell 2: imports mozg.lake",
        "cell 3: has more than 10 lines",
    ]


def test_what_is_fit_is_let_through():
    v4 = nbformat.v4
    parameters = v4.new_code_cell('organization = "demo"', metadata={"tags": ["parameters"]})
    page = v4.new_code_cell('from mozg.pages import Page\npage = Page("sales", organization)')
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [parameters, page, v4.new_code_cell(END)]
    assert not list(faults(v4.new_notebook(cells=cells, metadata=kernel)))
