"""What a section works with: the lake's answers for the venues and the periods that were chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import pandas as pd

from mozg.errors import QueryError
from mozg.lake.reader import Owner
from mozg.metrics import Period
from mozg.metrics.query import comparable_venues
from mozg.pages.answers import Answers, Asked, names_of
from mozg.pages.choices import Choices
from mozg.pages.writing import HouseWriter

Kept = TypeVar("Kept")
COVERAGE = ("checks", "revenue", "guest_coverage")


@dataclass(frozen=True)
class Context:
    """One reading of a page. ``venues`` are those counted, ``left_out`` those that were not like for like."""

    answers: Answers
    allowed: Mapping[int, str]
    choices: Choices
    venues: tuple[str, ...]
    left_out: tuple[str, ...]
    during: Period
    before: Period | None
    write: HouseWriter
    options: Mapping[str, Any] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

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
        everything = self.venues == tuple(self.allowed.values())
        venues = None if everything else self.venues
        before = self.before if compare else None
        return self.answers.ask(Asked(names_of(metrics), tuple(by), venues, self.during, before))

    @property
    def has_sales(self) -> bool:
        """Whether anything was sold or given back in the period."""
        row = self.ask(COVERAGE, compare=False).iloc[0]
        return bool(row["checks"]) or bool(pd.notna(row["revenue"]))

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """Return what ``make`` returned the first time that this reading asked for ``name``."""
        if name not in self._kept:
            self._kept[name] = make()
        result: Kept = self._kept[name]
        return result

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
    allowed = answers.venues()
    chosen = choices.names(tuple(allowed.values()))
    counted = _like_for_like(answers, allowed, chosen, during, before) if choices.like_for_like else chosen
    left_out = tuple(name for name in chosen if name not in counted)
    return Context(answers, allowed, choices, counted, left_out, during, before, write, options)


def _like_for_like(
    answers: Answers, allowed: Mapping[int, str], chosen: Sequence[str], during: Period, before: Period | None
) -> tuple[str, ...]:
    if before is None:
        raise QueryError("Only venues open in both periods: for this, choose a period to compare with.")
    same = {allowed[id_] for id_ in comparable_venues(answers.lake, during, before) if id_ in allowed}
    if not same.intersection(chosen):
        raise QueryError(
            "None of the venues was open in both periods. Compare with another period, or with all venues."
        )
    return tuple(name for name in chosen if name in same)
