"""The sections of the report on use: who opened, ran and downloaded what, what nobody reads, who never came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from mozg.charts import compared_lines, ranked_bars
from mozg.language import later
from mozg.metrics import usage as journal
from mozg.metrics.usage import COUNTS
from mozg.pages.answers import Answers
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.choices import Choices
from mozg.pages.context import Context
from mozg.pages.declared import report_titles
from mozg.pages.definitions import explained
from mozg.pages.page import Page
from mozg.pages.section import section
from mozg.pages.tables import Column, table, workbook_table
from mozg.pages.writing import HouseWriter

MOST_ROWS = 40
NOBODY = later("somebody unknown")
EMPTY = "mozg-empty"
ROLES = {
    "owner": later("owner"),
    "admin": later("admin"),
    "manager": later("manager"),
    "analyst": later("analyst"),
    "viewer": later("viewer"),
}
#: What the audit log calls what people do, in words.
ACTIONS = {
    "menu.changed": later("changed portions or a go-list"),
    "organization.changed": later("changed the organisation"),
    "organization.registered": later("registered the organisation"),
    "password.changed": later("changed their password"),
    "password.set": later("set a password"),
    "report.downloaded": later("downloaded a report"),
    "report.run": later("ran a report"),
    "sign-in": later("signed in"),
    "sign-in failed": later("failed to sign in"),
    "sign-out": later("signed out"),
    "telegram.linked": later("linked Telegram"),
    "telegram.unlinked": later("unlinked Telegram"),
    "user.changed": later("changed somebody's rights"),
    "user.invited": later("invited somebody"),
    "user.removed": later("removed somebody"),
    "venue.added": later("added a venue"),
    "venue.changed": later("changed a venue"),
    "venue.closed": later("closed a venue"),
    "venue.read": later("read a venue's till"),
}
#: What the counts of use mean.
_TERMS = {
    later("Opened"): later("How often a dashboard, or the report's notebook in JupyterLab, was opened."),
    later("Runs"): later("How often somebody had the report made; runs on a schedule are not counted."),
    later("Downloaded"): later("How often a file of a run was downloaded: HTML, PDF or Excel."),
    later("Share"): later("Opened, runs and downloaded together ÷ the same of everybody and every report."),
}
_TIMES = (
    Column("opened", "Opened", "integer"),
    Column("ran", "Runs", "integer"),
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
        yield sentence(_nobody_used(context), EMPTY, empty=True)
        return
    yield sentence(_used(used, active, context.write))
    yield from (explained(context.write.say(term), context.write.say(text)) for term, text in _TERMS.items())


@section("Use by week")
def by_week(context: Context) -> Iterator[Block]:
    """How often reports were used in each week of the period, weeks without any included."""
    used = _uses(context)
    weeks = _summed(used, "week").set_index("week").reindex(_mondays(context)).rename_axis("week").reset_index()
    counts = ["people", *COUNTS, "share"]
    weeks[counts] = weeks[counts].fillna(0) if not used.empty else 0
    if used.empty:
        yield sentence(_nobody_used(context), f"{EMPTY} muted")
    else:
        most = weeks.sort_values("times", kind="stable").iloc[-1]
        title = context.write.count(
            "Most in the week of {day}: {n} time",
            "Most in the week of {day}: {n} times",
            int(most["times"]),
            day=context.write.day(most["week"]),
        )
        yield figure(compared_lines(weeks, "week", "times", title=title, unit=context.write.unit("count", "times")))
    columns = [Column("week", "Week of", "date"), _PEOPLE, *_TIMES]
    yield table("use_by_week", "Use by week", weeks, columns, context.write)


@section("Which reports are used")
def by_report(context: Context) -> Iterator[Block]:
    """Every report with how often and by how many it was used; reports without any use are in the table."""
    used = _summed(_uses(context), "report")
    if used.empty:
        yield sentence(_nobody_used(context), f"{EMPTY} muted")
    else:
        titles = _titles(context)
        named = used.assign(title=[titles.get(name, name) for name in used["report"]])
        best, share = named.iloc[0], context.write.percent(float(named.iloc[0]["share"]))
        title = context.write.say("{report} is {share} of all use", report=best["title"], share=share)
        yield figure(ranked_bars(named, "title", "times", title=title, unit=context.write.unit("count"), additive=True))
    columns = [Column("title", "Report", "text"), _PEOPLE, *_TIMES, _LAST]
    yield table("use_by_report", "Reports by use", _with_unused(used, _titles(context)), columns, context.write)


@section("Who uses what")
def by_person(context: Context) -> Iterator[Block]:
    """Each person's use of each report, and when it was last."""
    used = _named(_uses(context), context)
    if used.empty:
        yield sentence(_nobody_used(context), f"{EMPTY} muted")
        return
    people = _summed(used, "person", "email").drop(columns="people")
    columns = [Column("person", "Person", "text"), Column("email", "Address", "text")]
    yield table("use_by_person", "People by use", people, [*columns, *_TIMES, _LAST], context.write)
    pairs = _summed(used, "person", "email", "report").drop(columns="people")
    titles = _titles(context)
    pairs = pairs.assign(title=[titles.get(name, name) for name in pairs["report"]])
    columns = [*columns, Column("title", "Report", "text"), *_TIMES, _LAST]
    some = pairs.head(MOST_ROWS)
    yield table("use_by_person_and_report", "What each person uses", pairs, columns, context.write, shown=some)


@section("Reports that nobody used")
def unused(context: Context) -> Iterator[Block]:
    """The reports that nobody opened, ran or downloaded in the period, and when somebody last did."""
    used, last = set(_uses(context)["report"]), journal.last_uses(context.answers.lake)
    idle = [(title, _local(last.get(name), context)) for name, title in _titles(context).items() if name not in used]
    if not idle:
        yield sentence(context.write.say("Every report was used."), "muted")
        return
    rows = pd.DataFrame(idle, columns=["title", "last"])
    yield table("unused", "Reports without use", rows, [Column("title", "Report", "text"), _LAST], context.write)


@section("Who never signed in")
def never_signed_in(context: Context) -> Iterator[Block]:
    """The people who may sign in and never did since the journal began."""
    everybody = _people(context)
    missing = everybody[everybody["active"] & everybody["last_sign_in"].isna()]
    if missing.empty:
        yield sentence(context.write.say("Everybody has signed in."), "muted")
        return
    missing = missing.assign(role=[context.write.say(ROLES[role]) for role in missing["role"]])
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
        yield sentence(context.write.say("Nothing was noted."), EMPTY, empty=True)
        return
    said = [context.write.say(ACTIONS.get(code, code)) for code in noted["action"]]
    noted = noted.assign(at=_all_local(noted["at"], context), action=said)
    sums = noted.groupby(["actor", "action"], as_index=False).agg(times=("at", "size"), last=("at", "max"))
    sums = sums.sort_values(["times", "actor"], ascending=[False, True], kind="stable")
    columns = [Column("actor", "Who", "text"), Column("action", "What", "text")]
    summed = [*columns, Column("times", "Times", "integer"), _LAST]
    yield table("done", "Sign-ins, changes and runs", sums, summed, context.write, shown=sums.head(MOST_ROWS))
    each = [Column("at", "When", "datetime"), *columns, Column("subject", "Of what", "text")]
    yield workbook_table("audit_log", "Audit log", noted, each, context.write)


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
    return named.fillna({"person": context.write.say(NOBODY), "email": ""})


def _summed(used: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Sum use by columns, the most used first: `COUNTS`, ``people``, ``share`` of all use, and ``last``."""
    sums: Mapping[str, Any] = {name: (name, "sum") for name in COUNTS}
    summed = used.groupby(list(by), as_index=False).agg(**sums, people=("user_id", "nunique"), last=("last", "max"))
    whole = summed["times"].sum()
    return summed.assign(share=summed["times"] / whole).sort_values("times", ascending=False, kind="stable")


def _with_unused(used: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    names = [*used["report"], *(name for name in titles if name not in set(used["report"]))]
    every = used.set_index("report").reindex(names).rename_axis("report").reset_index()
    counts = [*COUNTS, "people", "share"]
    every[counts] = every[counts].astype(object).fillna(0)
    return every.assign(title=[titles.get(name, name) for name in names])


def _titles(context: Context) -> dict[str, str]:
    return report_titles(context.write.language)


def _mondays(context: Context) -> list[date]:
    first = context.during.first - timedelta(days=context.during.first.weekday())
    return [first + timedelta(weeks=number) for number in range((context.during.last - first).days // 7 + 1)]


def _nobody_used(context: Context) -> str:
    return context.write.say("Nobody used a report from {period}.", period=context.write.period(context.during))


def _used(used: pd.DataFrame, active: int, write: HouseWriter) -> str:
    """Say who used how much. Each number has a part of the sentence of its own, for each bends its own noun."""
    sums = {name: int(used[name].sum()) for name in COUNTS}
    return write.say(
        "{people} used {reports}: {opened}, {ran}, {downloaded}.",
        people=write.count("{n} person of {all}", "{n} people of {all}", used["user_id"].nunique(), all=active),
        reports=write.count("{n} report", "{n} reports", used["report"].nunique()),
        opened=write.count("opened {n} time", "opened {n} times", sums["opened"]),
        ran=write.count("run {n} time", "run {n} times", sums["ran"]),
        downloaded=write.count("downloaded {n} time", "downloaded {n} times", sums["downloaded"]),
    )


def _all_local(moments: pd.Series, context: Context) -> pd.Series:
    return pd.to_datetime(moments, utc=True).dt.tz_convert(context.write.zone)


def _local(moment: datetime | None, context: Context) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).astimezone(context.write.zone)
