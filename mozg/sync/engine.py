"""Reading tills: who answers, the catalogue, then each stream window by window, each window one transaction.

The last days come first and are read again each time, because tills change them afterwards: late checks, voids, cost
prices. Then receipts are compared with the cash shifts' own totals, and days that are off are read once more; history
follows backwards. Killed at any moment, a sync loses at most the window it was reading; the next one goes on there.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mozg.access.organizations import Organization
from mozg.errors import TillError, TillUnreachable
from mozg.model import Venue
from mozg.pos import Till, connect
from mozg.store.database import transaction
from mozg.store.load import load_catalogue
from mozg.store.readings import Difference
from mozg.sync import reconcile
from mozg.sync.cursors import SALES, Cursor, cursors_of, move_cursor, note_lacking, note_trouble, want_from
from mozg.sync.journal import Reading, forget_idle, reading
from mozg.sync.plan import DAY, Window, history, recent, spans
from mozg.sync.progress import Progress, Step, Watch, nobody
from mozg.sync.sources import Source, now, sources

__all__ = ["Parts", "Step", "Synced", "sync", "sync_venue"]

FIRST_READING = timedelta(days=365)
#: What to read: the last days, what lies before them, or both.
Parts = Literal["recent", "history", "all"]


@dataclass(frozen=True)
class Synced:
    """What one venue's sync did.

    ``first`` … ``last`` are the business dates of the sales that were read, ``read`` the rows that the till gave,
    ``changed`` those that were new or different. ``differences`` are days that do not agree with the till's cash
    shifts, ``troubles`` says by stream why it could not be read, ``missing`` names streams that the till has not.
    ``history_left`` counts the days before ``first`` that are still to be read.
    """

    venue: Venue
    first: date
    last: date
    read: int
    changed: int
    seconds: float
    differences: list[Difference] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    history_left: int = 0


def sync_venue(
    organization: Organization, venue: Venue, *, since: date | None = None, until: date | None = None,
    watch: Watch = nobody, parts: Parts = "all",
) -> Synced:  # fmt: skip
    """Read one venue's till into the record: the last days again, then history as far back as is wanted.

    History is wanted from ``since``, once that has been said; else from the venue's opening day, else a year back.
    ``until`` is today at the venue unless given. The lake is not touched: call `mozg.lake.refresh.refresh`.

    Raises:
        TillError: the till failed; windows that were read before are kept.
        StoreError: another process reads this venue.
    """
    started = time.monotonic()
    last = until or datetime.now(ZoneInfo(venue.timezone)).date()
    wanted = _wanted(venue, since, last)
    with reading(venue, venue.pos) as run, connect(venue) as till:
        till.about()  # a restaurant that we no longer see answers with nothing, which would look like deletions
        work = Work(organization, venue, till, run, last, wanted, Progress(venue, watch))
        if parts != "history":
            work.read_catalogue()
            work.read_recent()
        if parts != "recent":
            work.read_history()
    forget_idle(venue)
    return work.outcome(time.monotonic() - started)


def sync(
    organization: Organization, venues: Sequence[Venue], *, since: date | None = None, until: date | None = None,
    watch: Watch = nobody, parts: Parts = "all",
) -> list[Synced]:  # fmt: skip
    """Read the tills of ``venues`` one after the other, as `sync_venue` does; venues fed by files are passed over."""
    live = [venue for venue in venues if venue.pos != "files"]
    return [sync_venue(organization, venue, since=since, until=until, watch=watch, parts=parts) for venue in live]


class Work:
    """One venue's reading under way: the till is open, the venue is ours alone, and the journal knows."""

    def __init__(
        self, organization: Organization, venue: Venue, till: Till, run: Reading, last: date, wanted: date,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._organization, self._venue, self._till, self._run = organization, venue, till, run
        self._last, self._wanted, self._progress = last, wanted, progress
        self._sources = sources(venue, till, last)
        self._days: list[Window] = []
        self._troubles: dict[str, str] = {}
        self._differences: list[Difference] = []

    def read_catalogue(self) -> None:
        """Read menu and people."""
        catalogue = self._till.catalogue()
        with transaction(self._organization.id) as connection:
            load_catalogue(connection, self._organization.id, catalogue, self._run.run_id)

    def read_recent(self) -> None:
        """Bring every stream that is due up to the last day, then hold the receipts against the cash shifts."""
        cursors, moment = cursors_of(self._venue), now()
        due = [one for one in self._sources if one.is_due(cursors[one.name], moment)]
        plan = [(one, one.is_deep(cursors[one.name], moment)) for one in due]
        self._read_all([(one, self._recent(one, cursors[one.name], deep), deep) for one, deep in plan])
        with transaction(self._organization.id) as connection:
            for statement in note_lacking(self._venue, (one.name for one in self._sources)):
                connection.execute(statement)
        span = reconcile.span(self._last)
        self._reconcile(span, reconcile.stale_after(self._organization, self._venue, span))

    def read_history(self) -> None:
        """Read every stream backwards to where history is wanted from."""
        cursors = cursors_of(self._venue)
        longest = self._till.longest_window
        by_days = [one for one in self._sources if not one.whole and one.name not in self._troubles]
        plan = [(one, history(cursors[one.name], self._wanted, longest), False) for one in by_days]
        self._read_all(plan)
        _, of_sales, _ = plan[0]
        if of_sales:
            self._reconcile((self._wanted, of_sales[0][1]))

    def outcome(self, seconds: float) -> Synced:
        """Return what was done."""
        left = cursors_of(self._venue)[SALES].read_from
        return Synced(
            self._venue,
            min((first for first, _ in self._days), default=self._last),
            max((last for _, last in self._days), default=self._last),
            self._run.loaded.read,
            self._run.loaded.changed,
            seconds,
            self._differences,
            self._troubles,
            self._missing(),
            max((left - self._wanted).days, 0) if left else 0,
        )

    def _missing(self) -> tuple[str, ...]:
        return tuple(name for name, cursor in cursors_of(self._venue).items() if not cursor.offered)

    def _recent(self, source: Source, cursor: Cursor, deep: bool) -> list[Window]:
        if source.whole:
            return [(self._last, self._last)]
        again = source.deep if deep else source.again
        return recent(cursor, self._wanted, self._last, again, self._till.longest_window)

    def _read_all(self, plan: Iterable[tuple[Source, list[Window], bool]]) -> None:
        plan = list(plan)
        for source, found, _ in plan:
            self._progress.expect(source.name, sum(map(_length, found)))
        for source, found, deep in plan:
            self._read_windows(source, found, deep)

    def _read_windows(self, source: Source, found: list[Window], deep: bool) -> None:
        """Read windows of one stream. Without sales there is no sync; without another stream there is one less."""
        try:
            for window in found:
                self.read(source, window, deep=deep)
        except TillUnreachable:
            raise
        except TillError as error:
            if source.name == SALES:
                raise
            self._troubles[source.name] = str(error)
            with transaction(self._organization.id) as connection:
                connection.execute(note_trouble(self._venue, source.name, str(error)))

    def read(self, source: Source, window: Window, *, deep: bool = False) -> None:
        """Read one window of one stream into the record, with its cursor, in one transaction."""
        told = source.read(*window)
        with transaction(self._organization.id) as connection:
            loaded = source.load(connection, told, window, self._run.run_id)
            connection.execute(move_cursor(self._venue, window[1], window[0], source.name, deep=deep))
            connection.execute(self._run.so_far(loaded))
        self._run.loaded += loaded
        if source.name == SALES:
            self._days.append(window)
        self._progress.done(source.name, _length(window), self._run.loaded.read)

    def _reconcile(self, span: Window, oldest: timedelta | None = None) -> None:
        """Read again the days of ``span`` that are off, or were read too long ago; keep what differs still."""
        again = reconcile.days_to_read(self._organization, self._venue, span, oldest)
        for window in spans(again, self._till.longest_window):
            self._progress.expect(SALES, _length(window))
            self.read(self._sources[0], window)
            reconcile.note(self._organization, self._venue, window)
        self._differences += reconcile.differences(self._organization, self._venue, span)


def _wanted(venue: Venue, since: date | None, last: date) -> date:
    """Return where history is wanted from, and note it."""
    known = cursors_of(venue)[SALES].wanted_from
    earliest = since or known or venue.opened_on or last - FIRST_READING
    wanted = min(earliest, known or earliest, last)
    with transaction(venue.organization_id) as connection:
        connection.execute(want_from(venue, wanted))
    return wanted


def _length(window: Window) -> int:
    return (window[1] - window[0]) // DAY + 1
