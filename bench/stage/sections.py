"""Every section of every report, run in one process; what each asks the lake is noted with the time it took.

Sections ask one after the other, so the seconds of a section are the sum of its questions: composing, asking and
fetching. Thinking and drawing are not in them but in ``whole``. Each round begins without kept answers.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
import sqlglot
from sqlglot import exp

from bench.stage.installation import ROOT
from bench.stage.simulated import LAST_DAY
from mozg.lake.reader import Lake
from mozg.lake.tables import FACTS
from mozg.metrics import METRICS, Period, period
from mozg.metrics.periods import WORDS
from mozg.metrics.planner import plan
from mozg.pages import answers
from mozg.pages import page as pages
from mozg.pages.answers import Asked

ROUNDS = 5
#: What is not of this area: they read the record's journals, or forecast.
LEFT_OUT = ("usage", "forecast_revenue", "quality")


@dataclass(frozen=True)
class Written:
    """A statement that was written by hand, with its variables."""

    text: str
    variables: tuple[tuple[str, date | int], ...]

    @property
    def reads_rollups(self) -> bool:
        """Whether it reads none of the facts."""
        tables = {table.name for table in sqlglot.parse_one(self.text, read="duckdb").find_all(exp.Table)}
        return not tables & {fact.name for fact in FACTS}

    @property
    def during(self) -> Period:
        """The days that it asks about; what asks about none has the last one."""
        told = dict(self.variables)
        return Period(told.get("first", LAST_DAY), told.get("last", LAST_DAY))  # type: ignore[arg-type]


@dataclass
class Section:
    """A section's questions and statements, and how long they took in each round; ``whole`` is all of a round."""

    report: str
    name: str
    asked: list[Asked] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The section in words."""
        return f"{self.report.replace('_', ' ')}: {self.name.replace('_', ' ')}"

    @property
    def reads_rollups(self) -> bool:
        """Whether roll-ups alone answer it."""
        return all(_from_rollups(asked) for asked in self.asked) and all(one.reads_rollups for one in self.written)


def _from_rollups(asked: Asked) -> bool:
    needs = [measure for name in asked.metrics for measure in METRICS[name].needs]
    return all(source.rollup for source in plan(needs, [*asked.by, *(name for name, _ in asked.only)]))


class Notes:
    """What sections ask, while it is asked."""

    def __init__(self) -> None:
        self.sections: dict[tuple[str, str], Section] = {}
        self._now: Section | None = None
        self._inside = threading.local()

    def listen(self) -> None:
        """Note from now on what this process asks the lake."""
        query, run, asks = answers.query, pages.run, answers.Answers._query

        def noted(one: answers.Answers, asked: Asked) -> Any:
            if self._now is not None and asked not in self._now.asked:
                self._now.asked.append(asked)
            return asks(one, asked)

        def whole(part: Any, context: Any) -> Any:
            now = self._begin(context, part.name)
            try:
                shown = run(part, context)
            finally:
                self._now = None
            assert shown.outcome != "failed", now.words
            now.whole.append(shown.seconds)
            return shown

        answers.Answers._query = noted  # type: ignore[method-assign]
        answers.query = self._timed(query, of_metrics=True)
        for name in ("frame", "answer", "rows"):
            setattr(Lake, name, self._timed(getattr(Lake, name)))
        pages.run = whole

    def _begin(self, context: Any, name: str) -> Section:
        # What earlier sections asked is asked again: a section is measured as if it stood alone under the header,
        # which asks whether anything was sold and from when to when the data run.
        context.answers._kept.clear()
        context._kept.clear()
        _ = context.has_sales, context.answers.span()
        self._now = self.sections.setdefault((self.report, name), Section(self.report, name))
        self._now.seconds.append(0.0)
        return self._now

    report = ""

    def _timed(self, method: Callable[..., Any], *, of_metrics: bool = False) -> Any:
        def ask(*given: Any, **more: Any) -> Any:
            if getattr(self._inside, "yes", False):
                return method(*given, **more)
            self._inside.yes, started = True, time.perf_counter()
            try:
                return method(*given, **more)
            finally:
                self._inside.yes = False
                if self._now is not None:
                    self._now.seconds[-1] += time.perf_counter() - started
                    if not of_metrics:
                        self._note(*given[1:], **more)

        return ask

    def _note(self, text: str, variables: Mapping[str, Any] | None = None) -> None:
        one = Written(text, tuple((variables or {}).items()))
        if self._now is not None and one not in self._now.written:
            self._now.written.append(one)


def run(folder: Path) -> list[Section]:
    """Run every notebook of ``folder`` some times and return its sections."""
    notes = Notes()
    notes.listen()
    for round_ in range(ROUNDS + 1):
        for notebook in sorted(folder.glob("*.ipynb")):
            if notebook.stem not in LEFT_OUT:
                notes.report = notebook.stem
                _run(notebook)
        if round_ == 0:  # the first round warms the disk and composes
            for section in notes.sections.values():
                section.seconds.clear()
                section.whole.clear()
    return [section for section in notes.sections.values() if section.asked or section.written]


def _run(notebook: Path) -> None:
    names: dict[str, Any] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with redirect_stdout(io.StringIO()), _silent():
                exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"organization": "", **_days(names)}


def _days(names: dict[str, Any]) -> dict[str, str]:
    """Return the days that the notebook's words mean on the day after the data end."""
    first, last = names.get("date_from", ""), names.get("date_to", "")
    if (first or last) not in WORDS:
        return {}
    meant = period(first or last, last, today=LAST_DAY + timedelta(days=1))
    days = {"date_from": meant.first.isoformat(), "date_to": meant.last.isoformat()}
    return {name: day for name, day in days.items() if name in names}


@contextmanager
def _silent() -> Iterator[None]:
    display = pages.display
    pages.display = lambda *_, **__: None  # type: ignore[assignment]
    try:
        yield
    finally:
        pages.display = display


NOTEBOOKS = ROOT / "notebooks"
