"""Every question that a notebook asks, noted while it asks, in the environment of a notebook's kernel."""

import io
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics import Period
from mozg.pages import answers

#: A month beside the same month a year ago, which is what the page is opened for.
PARAMETERS = {"organization": "", "date_from": "2026-10-01", "date_to": "2026-10-31", "compare": "last_year"}


@dataclass(frozen=True)
class Asked:
    """One question to `mozg.metrics.query`, its answer, and how long that took: composing, asking and fetching."""

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    during: Period | None
    compare: Period | None
    answer: pd.DataFrame
    seconds: float

    @property
    def words(self) -> str:
        """The question in words."""
        number = f"{len(self.metrics)} metrics" if len(self.metrics) > 1 else self.metrics[0]
        split = f" by {' and '.join(self.by)}" if self.by else ", total"
        period = "" if self.during else ", all time"
        return (
            number.replace("_", " ") + split.replace("_", " ") + period + (", and a year ago" if self.compare else "")
        )


@dataclass
class Notes:
    """What a notebook asked. ``others`` are the seconds spent in the lake on other questions: venues, freshness."""

    asked: list[Asked] = field(default_factory=list)
    others: float = 0.0

    def listen(self) -> None:
        """Note from now on what this process asks the lake."""
        original, frame, rows = answers.query, Lake.frame, Lake.rows
        inside = False

        def query(lake: Lake, metrics: Any, by: Any = (), **more: Any) -> pd.DataFrame:
            nonlocal inside
            assert not more.get("where"), "the bench asks about all venues"
            started, inside = time.perf_counter(), True
            answer = original(lake, metrics, by, **more)
            took, inside = time.perf_counter() - started, False
            self.asked.append(Asked(tuple(metrics), tuple(by), more["during"], more["compare"], answer, took))
            return answer

        def timed(method: Any) -> Any:
            def ask(*arguments: Any) -> Any:
                started = time.perf_counter()
                found = method(*arguments)
                self.others += 0 if inside else time.perf_counter() - started
                return found

            return ask

        answers.query = query  # type: ignore[assignment]
        Lake.frame, Lake.rows = timed(frame), timed(rows)  # type: ignore[method-assign]


def run(notebook: Path) -> Notes:
    """Run the code of ``notebook`` in this process, and return what it asked."""
    notes, names = Notes(), {}
    notes.listen()
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with redirect_stdout(io.StringIO()):
                exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= PARAMETERS
    return notes
