"""The sections of the report on use: who opened, ran and downloaded what, what nobody reads, who never came."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from mozg.charts import compared_lines, ranked_bars
from mozg.metrics import usage as journal
from mozg.metrics.usage import COUNTS
from mozg.pages.answers import Answers
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.choices import Choices
from mozg.pages.context import Context
from mozg.pages.page import Page
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table
from mozg.pages.writing import HouseWriter
from mozg.settings import settings

MOST_ROWS = 40
NOBODY = "somebody unknown"
_TIMES = (
    Column("opened", "Opened", "integer"),
    Column("ran", "Run", "integer"),
    Column("downloaded", "Downloaded", "integer"),
    Column("times", "All together", "integer"),
    Column("share", "Share", "percent"),
)
_LAST = Column("last", "Last time", "datetime")
_PEOPLE = Column("people", "People", "integer")


class UsagePage(Page):
    """The page of this report. It is about people, so it has no venues, and nothing on it comes from a till.

    Raises:
        ForbiddenError: the reader may not see who uses what.
    """

    def read(self, choices: Choices) -> Context:
        """Return the context of ``choices``.

        Raises:
            ForbiddenError: see the class.
            QueryError: the period cannot be read.
        """
        lake = self._answers.lake
        journal.require_usage(lake.scope)
        write = HouseWriter(lake.owner)
        during = choices.period(self._today or datetime.now(write.zone).date())
        return UsageContext(UsageAnswers(lake), {}, choices, (), (), during, None, write)

    def _begin(self, *, period: bool, compare: bool) -> None:
        super()._begin(period=period, compare=compare)
        if self._dashboard is not None:
            box, venues = self._dashboard.controls.box, self._dashboard.controls.venues
            box.children = tuple(widget for widget in box.children if widget is not venues)


class UsageAnswers(Answers):
    """Questions to the journal of use."""

    def span(self) -> tuple[date, date] | None:
        """Return from when to when the journal tells of use, or None while it is empty."""
        began = journal.journal_began(self.lake)
        return None if began is None else (began, date.max)


@dataclass(frozen=True)
class UsageContext(Context):
    """A reading of the journal of use in a period."""

    @property
    def has_sales(self) -> bool:
        """True: this page has something to say on days without sales too."""
        return True

    def ask(self, metrics: Sequence[str], by: Sequence[str] = (), *, compare: bool = True) -> pd.DataFrame:
        """Return every metric as unknown: nothing here is asked of the tills."""
        return pd.DataFrame([dict.fromkeys(metrics)])

    def freshness(self) -> dict[str, datetime | None]:
        """Return nothing: the journal is written as things happen."""
        return {}


@section("Use in short")
def in_short(context: Context) -> Iterator[Block]:
    """How many people used how many reports, and how."""
    used, everybody = _uses(context), _people(context)
    active = int(everybody["active"].sum())
    if used.empty:
        yield sentence(f"Nobody used a report from {context.write.period(context.during)}.", "mozg-empty", empty=True)
        return
    sums = used[list(COUNTS)].sum()
    yield sentence(
        f"{_counted(used['user_id'].nunique(), 'person', 'people')} of {active} used "
        f"{_counted(used['report'].nunique(), 'report')}: opened {_counted(sums['opened'], 'time')}, "
        f"run {_counted(sums['ran'], 'time')}, downloaded {_counted(sums['downloaded'], 'time')}."
    )


@section("Use by week")
def by_week(context: Context) -> Iterator[Block]:
    """How often reports were used in each week of the period, weeks without any included."""
    used = _uses(context)
    weeks = _summed(used, "week").set_index("week").reindex(_mondays(context)).rename_axis("week").reset_index()
    counts = ["people", *COUNTS, "share"]
    weeks[counts] = weeks[counts].fillna(0) if not used.empty else 0
    if used.empty:
        yield _nobody(context)
    else:
        most = weeks.sort_values("times", kind="stable").iloc[-1]
        title = f"Most in the week of {context.write.day(most['week'])}: {_counted(most['times'], 'time')}"
        yield figure(compared_lines(weeks, "week", "times", title=title, unit=context.write.unit("count", "times")))
    columns = [Column("week", "Week of", "date"), _PEOPLE, *_TIMES]
    yield table("use_by_week", "Use by week", weeks, columns, context.write)


@section("Which reports are used")
def by_report(context: Context) -> Iterator[Block]:
    """Every report with how often and by how many it was used; reports without any use are in the table."""
    used = _summed(_uses(context), "report")
    if used.empty:
        yield _nobody(context)
    else:
        named = used.assign(title=[_titles().get(name, name) for name in used["report"]])
        best = named.iloc[0]
        title = f"{best['title']} is {context.write.percent(float(best['share']))} of all use"
        yield figure(ranked_bars(named, "title", "times", title=title, unit=context.write.unit("count"), additive=True))
    columns = [Column("title", "Report", "text"), _PEOPLE, *_TIMES, _LAST]
    yield table("use_by_report", "Reports by use", _with_unused(used), columns, context.write)


@section("Who uses what")
def by_person(context: Context) -> Iterator[Block]:
    """Each person's use of each report, and when it was last."""
    used = _named(_uses(context), context)
    if used.empty:
        yield _nobody(context)
        return
    people = _summed(used, "person", "email").drop(columns="people")
    columns = [Column("person", "Person", "text"), Column("email", "Address", "text")]
    yield table("use_by_person", "People by use", people, [*columns, *_TIMES, _LAST], context.write)
    pairs = _summed(used, "person", "email", "report").drop(columns="people")
    pairs = pairs.assign(title=[_titles().get(name, name) for name in pairs["report"]])
    columns = [*columns, Column("title", "Report", "text"), *_TIMES, _LAST]
    title = "What each person uses"
    yield table("use_by_person_and_report", title, pairs, columns, context.write, shown=pairs.head(MOST_ROWS))


@section("Reports that nobody used")
def unused(context: Context) -> Iterator[Block]:
    """The reports that nobody opened, ran or downloaded in the period, and when somebody last did."""
    used, last = set(_uses(context)["report"]), journal.last_uses(context.answers.lake)
    idle = [(title, _local(last.get(name), context)) for name, title in _titles().items() if name not in used]
    if not idle:
        yield sentence("Every report was used.", "muted")
        return
    rows = pd.DataFrame(idle, columns=["title", "last"])
    yield table("unused", "Reports without use", rows, [Column("title", "Report", "text"), _LAST], context.write)


@section("Who never signed in")
def never_signed_in(context: Context) -> Iterator[Block]:
    """The people who may sign in and never did since the journal began."""
    everybody = _people(context)
    missing = everybody[everybody["active"] & everybody["last_sign_in"].isna()]
    if missing.empty:
        yield sentence("Everybody has signed in.", "muted")
        return
    columns = [
        *(Column("person", "Person", "text"), Column("email", "Address", "text"), Column("role", "Role", "text")),
        Column("since", "Added", "datetime"),
    ]
    yield table("never_signed_in", "People who never signed in", missing, columns, context.write)


@section("What was done")
def done(context: Context) -> Iterator[Block]:
    """Sign-ins, changes and runs from the audit log: a sum by person and kind; the workbook has each one."""
    noted = journal.notes(context.answers.lake, context.during)
    if noted.empty:
        yield sentence("Nothing was noted.", "mozg-empty", empty=True)
        return
    noted = noted.assign(at=_all_local(noted["at"], context))
    sums = noted.groupby(["actor", "action"], as_index=False).agg(times=("at", "size"), last=("at", "max"))
    sums = sums.sort_values(["times", "actor"], ascending=[False, True], kind="stable")
    columns = [Column("actor", "Who", "text"), Column("action", "What", "text")]
    summed = [*columns, Column("times", "Times", "integer"), _LAST]
    yield table("done", "Sign-ins, changes and runs", sums, summed, context.write, shown=sums.head(MOST_ROWS))
    each = [Column("at", "When", "datetime"), *columns, Column("subject", "Of what", "text")]
    yield workbook_table("audit_log", "Audit log", noted, each)


def _uses(context: Context) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        used = journal.uses(context.answers.lake, context.during)
        return used.assign(last=_all_local(used["last"], context))

    return context.once("uses", read)


def _people(context: Context) -> pd.DataFrame:
    def read() -> pd.DataFrame:
        everybody = journal.people(context.answers.lake)
        return everybody.assign(since=_all_local(everybody["since"], context))

    return context.once("people", read)


def _named(used: pd.DataFrame, context: Context) -> pd.DataFrame:
    who = _people(context)[["user_id", "person", "email"]]
    named = used.merge(who.astype({"user_id": used["user_id"].dtype}), on="user_id", how="left")
    return named.fillna({"person": NOBODY, "email": ""})


def _summed(used: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Sum use by columns, the most used first: `COUNTS`, ``people``, ``share`` of all use, and ``last``."""
    sums: Mapping[str, Any] = {name: (name, "sum") for name in COUNTS}
    summed = used.groupby(list(by), as_index=False).agg(**sums, people=("user_id", "nunique"), last=("last", "max"))
    whole = summed["times"].sum()
    return summed.assign(share=summed["times"] / whole).sort_values("times", ascending=False, kind="stable")


def _with_unused(used: pd.DataFrame) -> pd.DataFrame:
    titles = _titles()
    names = [*used["report"], *(name for name in titles if name not in set(used["report"]))]
    every = used.set_index("report").reindex(names).rename_axis("report").reset_index()
    counts = [*COUNTS, "people", "share"]
    every[counts] = every[counts].astype(object).fillna(0)
    return every.assign(title=[titles.get(name, name) for name in names])


def _titles() -> dict[str, str]:
    """Return the declared reports' titles by name. Only these are read here: the catalogue lies above the pages."""
    files = sorted((settings().project_path / "reports").glob("*.toml"))
    return {file.stem: str(tomllib.loads(file.read_text(encoding="utf-8"))["title"]) for file in files}


def _mondays(context: Context) -> list[date]:
    first = context.during.first - timedelta(days=context.during.first.weekday())
    return [first + timedelta(weeks=number) for number in range((context.during.last - first).days // 7 + 1)]


def _nobody(context: Context) -> Block:
    return sentence(f"Nobody used a report from {context.write.period(context.during)}.", "mozg-empty muted")


def _counted(number: Any, noun: str, many: str = "") -> str:
    return f"{int(number)} {noun if int(number) == 1 else many or noun + 's'}"


def _all_local(moments: pd.Series, context: Context) -> pd.Series:
    return pd.to_datetime(moments, utc=True).dt.tz_convert(context.write.zone)


def _local(moment: datetime | None, context: Context) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).astimezone(context.write.zone)
