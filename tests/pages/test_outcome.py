import pytest
from nbformat import v4

from mozg.pages.outcome import outcome, sections


def notebook(*outcomes, failed_cell=False):
    told = [{"name": f"section {i}", "outcome": found, "incident": None} for i, found in enumerate(outcomes)]
    outputs = [v4.new_output("display_data", data={"application/vnd.mozg.section+json": one}) for one in told]
    if failed_cell:
        outputs.append(v4.new_output("error", ename="E", evalue="v", traceback=[]))
    cells = [v4.new_markdown_cell("# Sales"), *(v4.new_code_cell("show", outputs=[output]) for output in outputs)]
    return v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (notebook("ok", "ok"), "ok"),
        (notebook("ok", "ok-empty"), "ok"),
        (notebook("ok-empty", "ok-empty"), "ok-empty"),
        (notebook("ok", "failed", "ok-empty"), "failed"),
        (notebook("ok", failed_cell=True), "failed"),
        (notebook(), "ok"),
    ],
)
def test_the_worst_section_counts_and_empty_means_all_are(run, expected):
    assert outcome(run) == expected


def test_sections_tell_their_names():
    assert [told["name"] for told in sections(notebook("ok", "failed"))] == ["section 0", "section 1"]
