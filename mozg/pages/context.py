"""What a section works with: the lake's answers for the venues and the periods that were chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import pandas as pd

from mozg.errors import QueryError
from mozg.lake.reader import Owner
from mozg.language import Sentence
from mozg.metrics import Period
from mozg.metrics.query import comparable_venues
from mozg.pages.answers import Answers, Asked, names_of
from mozg.pages.choices import Choices
from mozg.pages.links import Link, link
from mozg.pages.writing import HouseWriter

Kept = TypeVar("Kept")
COVERAGE = ("checks", "revenue", "guest_coverage")


@dataclass(frozen=True)
class Shape:
    """What is asked, whatever the venues and days."""

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    compare: bool


@dataclass(frozen=True)
class Context:
    """One reading of a page. ``venues`` are those counted, ``left_out`` those that were not like for like.

    ``counted`` holds the definitions of what the sections have shown so far, by what that is called.
    """

    answers: Answers
    allowed: Mapping[int, str]
    choices: Choices
    venues: tuple[str, ...]
    left_out: tuple[str, ...]
    during: Period
    before: Period | None
    write: HouseWriter
    options: Mapping[str, Any] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict, repr=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)
    _shapes: dict[Shape, None] = field(default_factory=dict, repr=False)

    @property
    def owner(self) -> Owner:
        """Whose lake this is."""
        return self.answers.lake.owner

    @property
    def now_and_before(self) -> tuple[str, str]:
        """The names of the two periods, for legends."""
        return self.write.span(self.during), self.write.span(self.before) if self.before else ""

    def ask(self, metrics: Sequence[str], by: Sequence[str] = (), *, compare: bool = True) -> pd.DataFrame:
        """Return the metrics of this page's venues and period, with ``_before`` columns if it compares.

        The frame is shared between sections: do not change it.

        Raises:
            QueryError, LakeError: see `mozg.metrics.query`.
        """
        shape = Shape(names_of(metrics), tuple(by), compare)
        self._shapes[shape] = None
        return self.answers.ask(self._question(shape))

    def ask_of(
        self, during: Period, metrics: Sequence[str], by: Sequence[str] = (), before: Period | None = None
    ) -> pd.DataFrame:
        """Return the metrics of this page's venues in another period, beside another one or a `mozg.metrics.Plan`.

        The frame is shared between sections: do not change it.

        Raises:
            QueryError, LakeError: see `mozg.metrics.query`.
        """
        return self.answers.ask(Asked(names_of(metrics), tuple(by), self._named, during, before, self.choices.only))

    def expect(self, former: "Context") -> None:
        """Begin to ask here what ``former`` was asked, all at once: the same sections will ask it again."""
        self.answers.expect(map(self._question, former._shapes))

    def _question(self, shape: Shape) -> Asked:
        before = self.before if shape.compare else None
        return Asked(shape.metrics, shape.by, self._named, self.during, before, self.choices.only)

    @property
    def _named(self) -> tuple[str, ...] | None:
        return None if self.venues == tuple(self.allowed.values()) else self.venues

    @property
    def has_sales(self) -> bool:
        """Whether anything was sold or given back in the period, of what the page is narrowed to."""
        if self.choices.only:  # not every dimension can narrow the number of checks
            return bool(pd.notna(self.ask(("revenue",), compare=False).iloc[0]["revenue"]))
        row = self.ask(COVERAGE, compare=False).iloc[0]
        return bool(row["checks"]) or bool(pd.notna(row["revenue"]))

    def link(self, report: str, *, each: Mapping[str, str] | None = None, **given: Any) -> Link | None:
        """Return the link to another report that shows the same days, comparison and venues.

        ``each`` maps the report's parameters to columns of the table whose rows shall lead there, ``given`` are
        values for all of them. None: this reader has no such report.

        Raises:
            ValueError: the report takes no parameter of such a name.
        """
        return link(self, report, each, given)

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """Return what ``make`` returned the first time that this reading asked for ``name``."""
        if name not in self._kept:
            self._kept[name] = make()
        result: Kept = self._kept[name]
        return result

    def begins_inside(self, period: Period) -> date | None:
        """Return the first day of the data if it lies in the period, so that its sum is not that of all its days."""
        span = self.answers.span()
        return span[0] if span is not None and period.first < span[0] <= period.last else None

    def freshness(self) -> dict[str, datetime | None]:
        """Return when each venue was last read from its till (UTC), None where it never was."""
        read = self.answers.lake.freshness()
        return {name: read.get(id_) for id_, name in self.allowed.items() if name in self.venues}


def resolve(answers: Answers, choices: Choices, options: Mapping[str, Any], today: date | None = None) -> Context:
    """Return the context of ``choices``; words for dates mean ``today`` in the organisation's time zone.

    Raises:
        AccessError: a venue is unknown or not allowed.
        QueryError: a date, a word or a comparison is unknown, or no venue is like for like.
    """
    write = HouseWriter(answers.lake.owner)
    during = choices.period(today or datetime.now(write.zone).date())
    before = choices.comparison(during)
    allowed = answers.venues
    chosen = choices.names(tuple(allowed.values()))
    counted = _like_for_like(answers, allowed, chosen, during, before) if choices.like_for_like else chosen
    left_out = tuple(name for name in chosen if name not in counted)
    return Context(answers, allowed, choices, counted, left_out, during, before, write, options)


def _like_for_like(
    answers: Answers, allowed: Mapping[int, str], chosen: Sequence[str], during: Period, before: Period | None
) -> tuple[str, ...]:
    if before is None:
        raise QueryError(Sentence("Only venues open in both periods: for this, choose a period to compare with."))
    same = {allowed[id_] for id_ in comparable_venues(answers.lake, during, before) if id_ in allowed}
    if not same.intersection(chosen):
        raise QueryError(
            Sentence("None of the venues was open in both periods. Compare with another period, or with all venues.")
        )
    return tuple(name for name in chosen if name in same)
