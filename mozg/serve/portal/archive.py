"""Past runs of reports as the portal lists them."""

from dataclasses import dataclass
from datetime import date, datetime

from mozg.access.sessions import SignedIn
from mozg.metrics import Period
from mozg.pages.writing import HouseWriter
from mozg.reports.catalogue import Format, readable
from mozg.reports.records import Run, runs
from mozg.serve.files import MEDIA, file_for

#: How many runs a page of the archive shows.
PAGE = 25
#: Who asks for the runs that nobody asked for.
SERVICE = "service"


@dataclass(frozen=True)
class PastRun:
    """A run, the title of its report, the days that it is about, and the formats whose files are still there.

    ``venues`` are the names of those that it was limited to by choice, empty for all that its reader may see.
    """

    run: Run
    title: str
    period: Period | None
    venues: tuple[str, ...]
    formats: tuple[Format, ...]

    @property
    def by_itself(self) -> bool:
        """Whether nobody asked for it: it was due."""
        return self.run.asked_by == SERVICE


@dataclass(frozen=True)
class ArchivePage:
    """Some past runs, newest first; ``older`` is where the next page begins, None on the last one."""

    runs: tuple[PastRun, ...]
    older: int | None


def archive(
    person: SignedIn, write: HouseWriter, *, report: str | None = None, before: int | None = None, limit: int = PAGE,
) -> ArchivePage:  # fmt: skip
    """Return the newest runs that somebody may see, of one report if it is named, older than the run ``before``."""
    found = runs(person.user, report=report, before=before, limit=limit + 1)
    shown = found[:limit]
    return ArchivePage(
        runs=tuple(past_run(person, run, write) for run in shown),
        older=shown[-1].number if len(found) > limit else None,
    )


def failed_runs(person: SignedIn, write: HouseWriter, since: datetime) -> list[PastRun]:
    """Return the runs that somebody may see which failed since a moment, newest first, ten at most."""
    return [past_run(person, run, write) for run in runs(person.user, failed_since=since, limit=10)]


def past_run(person: SignedIn, run: Run, write: HouseWriter) -> PastRun:
    """Return a run as the portal lists it."""
    titles = {report.name: report.translated(write.locale).title for report in readable(person.user.role)}
    formats = tuple(format_ for format_ in MEDIA if file_for(person, run, format_))
    venues = run.parameters.get("venues") or ()
    return PastRun(run, titles[run.report], _period(run), tuple(map(str, venues)), formats)


def _period(run: Run) -> Period | None:
    last = run.parameters.get("date_to")
    if not last:
        return None
    first = run.parameters.get("date_from") or last
    return Period(date.fromisoformat(str(first)), date.fromisoformat(str(last)))
