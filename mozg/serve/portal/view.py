"""What the portal shows to one person, put together from the record and the lake."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from mozg.access.sessions import SignedIn
from mozg.errors import LakeError
from mozg.lake.reader import Owner, has_lake
from mozg.pages.tiles import tiles
from mozg.pages.writing import HouseWriter
from mozg.reports.catalogue import readable
from mozg.serve.portal.archive import ArchivePage, PastRun, archive, failed_runs
from mozg.serve.portal.changes import WhatChanged, what_changed
from mozg.serve.portal.shelf import Shelved, grouped, shelf
from mozg.serve.portal.venues import TROUBLED, VenueState, venue_states

#: The report whose headline numbers are shown: who may neither read it nor ask for metrics is shown none.
HEADLINES = "sales"
#: Failed runs of this long are shown, and so many of the newest runs.
RECENT, NEWEST = timedelta(days=1), 8
_LOG = logging.getLogger("mozg.dashboards")

#: Whether there are numbers: shown, none yet for these venues, nothing ever read, unreadable now, not for this role.
Numbers = Literal["shown", "none", "no lake", "unreadable", "not for you"]


@dataclass(frozen=True)
class Front:
    """The front page. ``changed`` is there if ``numbers`` is "shown"."""

    person: SignedIn
    write: HouseWriter
    numbers: Numbers
    changed: WhatChanged | None
    venues: list[VenueState]
    failed: list[PastRun]
    shelf: list[Shelved]
    archive: ArchivePage

    @property
    def troubled(self) -> list[VenueState]:
        """The venues that somebody should look at: not read in time, ending too early, or silent."""
        return [venue for venue in self.venues if venue.state in TROUBLED or venue.behind or venue.silent]

    @property
    def groups(self) -> list[tuple[str, list[Shelved]]]:
        """The reports in groups, each under its name in the reader's words."""
        return [(self.write.say(name), reports) for name, reports in grouped(self.shelf)]

    @property
    def tiles(self) -> str:
        """The headline numbers as HTML in the house style."""
        totals = self.changed.totals if self.changed else ()
        return str(tiles(totals, self.write).bundle["text/html"])


def writer(person: SignedIn) -> HouseWriter:
    """Return who writes numbers, dates and texts as a person's organisation does."""
    own = person.organization
    return HouseWriter(Owner(own.slug, own.name, own.currency, own.locale, own.timezone, own.country))


def front(person: SignedIn) -> Front:
    """Return the front page as somebody may see it now."""
    write = writer(person)
    today = datetime.now(write.zone).date()
    numbers, changed = _numbers(person, today)
    return Front(
        person=person,
        write=write,
        numbers=numbers,
        changed=changed,
        venues=venue_states(person, changed.last_days if changed else {}, today),
        failed=failed_runs(person, write, datetime.now(UTC) - RECENT),
        shelf=shelf(person, write),
        archive=archive(person, write, limit=NEWEST),
    )


def _numbers(person: SignedIn, today: date) -> tuple[Numbers, WhatChanged | None]:
    if not (person.may("metrics.query") or HEADLINES in {report.name for report in readable(person.user.role)}):
        return "not for you", None
    if not has_lake(person.organization):
        return "no lake", None
    try:
        changed = what_changed(person, today)
    except LakeError as error:
        _LOG.warning("What changed at %s could not be told: %s", person.organization.slug, error)
        return "unreadable", None
    return ("shown", changed) if changed else ("none", None)
