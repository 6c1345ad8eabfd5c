import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from mozg.errors import RunFailed
from mozg.reports.engine import kernel_environment
from mozg.reports.run import execute, new_run_id

LOOK = """
import json, os
os.environ.pop("PYTEST_CURRENT_TEST")
print(json.dumps({name: value for name, value in os.environ.items() if "secret" in value or name == "MOZG_SCOPE"}))
print(organization, venues)
"""


def test_a_run_id_is_readable_and_sorts_by_time() -> None:
    run_id = new_run_id("sales", "Кафе «Мозг» / Demo 2", datetime(2026, 2, 1, 7, 5, tzinfo=UTC))
    assert re.fullmatch(r"sales-demo-2-20260201T070500-[0-9a-f]{4}", run_id)


def test_the_kernel_gets_its_environment_and_none_of_our_secrets(
    write: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "MOZG_SECRET_KEY", "SMTP_URL", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD", "JUPYTER_TOKEN"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("ANY_URL", "postgresql://me:secret@db/mozg")
    given = {"MOZG_SCOPE": "signed-scope", "DATABASE_URL": "postgresql://reader:reader-secret@db/mozg"}
    output = execute(write(tmp_path, LOOK), {"organization": "demo", "venues": ["A"]}, given, "run", tmp_path, 60)
    [seen] = [cell.outputs[0].text for cell in nbformat.read(output, as_version=4).cells if cell.source == LOOK]
    first, second = seen.splitlines()
    assert first == '{"MOZG_SCOPE": "signed-scope", "DATABASE_URL": "postgresql://reader:reader-secret@db/mozg"}'
    assert second == "demo ['A']"


def test_what_is_given_to_the_kernel_is_written_nowhere(write: Callable, tmp_path: Path) -> None:
    execute(write(tmp_path, "1 + 1"), {"organization": "demo"}, {"MOZG_SCOPE": "signed-scope"}, "run", tmp_path, 60)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["run.ipynb"]
    assert "signed-scope" not in (tmp_path / "run.ipynb").read_text()


def test_an_empty_environment_still_finds_its_programs() -> None:
    assert {"PATH", "PLOTLY_RENDERER"} <= set(kernel_environment({}))


def test_a_failing_cell_speaks_for_itself(write: Callable, tmp_path: Path) -> None:
    report = write(tmp_path, "# Title", "raise ValueError('нет чеков')", "print('never')")
    with pytest.raises(RunFailed, match=r"sales failed in cell \d: ValueError: нет чеков\. .*run\.ipynb"):
        execute(report, {"organization": "demo"}, {}, "run", tmp_path, 60)
    assert "нет чеков" in (tmp_path / "run.ipynb").read_text()


def test_the_time_is_for_the_whole_run(write: Callable, tmp_path: Path) -> None:
    report = write(tmp_path, *["import time; time.sleep(1.5)"] * 4)
    with pytest.raises(RunFailed, match="longer than 3 seconds"):
        execute(report, {"organization": "demo"}, {}, "run", tmp_path, 3)


def test_a_kernel_that_dies_is_a_failed_run(write: Callable, tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="its kernel died"):
        execute(write(tmp_path, "import os; os._exit(1)"), {"organization": "demo"}, {}, "run", tmp_path, 60)


def test_no_notebook_and_a_taken_id_are_refused(write: Callable, tmp_path: Path) -> None:
    report = write(tmp_path, "1")
    (tmp_path / "run.ipynb").write_text("kept")
    with pytest.raises(RunFailed, match="exists already"):
        execute(report, {}, {}, "run", tmp_path, 60)
    report.notebook.unlink()
    with pytest.raises(RunFailed, match="does not exist"):
        execute(report, {}, {}, "other", tmp_path, 60)
    assert (tmp_path / "run.ipynb").read_text() == "kept"
