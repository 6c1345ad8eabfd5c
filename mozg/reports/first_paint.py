"""First paints: how a report looked when it was last drawn, kept so that it can be shown before a kernel is there.

A paint belongs to everybody of one organisation with the same role and the same venues, and to nobody else: its file
is named by a digest of these. The digest also covers the notebook, the templates and the texts, so that a paint of an
older version, or in another language, is never shown. It is a file under the archive that its owner alone can read::

    {"snapshot": 42, "day": "2026-11-23", "made_at": "2026-11-23T04:05:11+00:00"}
    <style>…</style><main>…</main>
"""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.lake.newest import newest_snapshot
from mozg.language.words import FOLDER as FOLDER_OF_TEXTS
from mozg.reports.catalogue import Report
from mozg.settings import settings

FOLDER = "first-paint"
#: A paint that is older than this is not shown: what it tells has long been overtaken.
OLDEST = timedelta(days=6)
#: What a paint is made with, beside the report's own files.
TEMPLATES = ("paint.html.j2", "paint.css")


@dataclass(frozen=True)
class Paint:
    """A report as a fragment of HTML without scripts, of one snapshot; ``day`` is the organisation's own."""

    html: str
    snapshot: int
    day: date
    made_at: datetime

    def is_current(self, organization: Organization) -> bool:
        """Tell whether the report would look the same now: a word such as yesterday means another day tomorrow.

        Raises:
            StoreError: Postgres is away.
        """
        return self.day == today(organization) and self.snapshot == newest_snapshot(organization)


def paint_of(organization: Organization, report: Report, scope: Scope) -> Paint | None:
    """Return the report's last paint for exactly this scope, or None without one that may still be shown."""
    try:
        about, _, html = _path(organization, report, scope).read_text("utf-8").partition("\n")
    except FileNotFoundError:
        return None
    told = json.loads(about)
    made_at = datetime.fromisoformat(told["made_at"])
    if datetime.now(UTC) - made_at > OLDEST:
        return None
    return Paint(html, told["snapshot"], date.fromisoformat(told["day"]), made_at)


def keep(organization: Organization, report: Report, scope: Scope, paint: Paint) -> None:
    """Put a paint in the place of the one before; whoever reads meanwhile gets one of the two, whole."""
    path = _path(organization, report, scope)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = {"snapshot": paint.snapshot, "day": paint.day.isoformat(), "made_at": paint.made_at.isoformat()}
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{json.dumps(about)}\n{paint.html}")
    half.replace(path)
    _forget_old(path.parent)


def today(organization: Organization) -> date:
    """Return the organisation's own date."""
    return datetime.now(ZoneInfo(organization.timezone)).date()


def _path(organization: Organization, report: Report, scope: Scope) -> Path:
    venues = None if scope.venues is None else sorted(scope.venues)
    whose = [organization.slug, organization.id, organization.locale, scope.organization, scope.role, venues]
    whose += [report.name, _version(report)]
    digest = hashlib.sha256(json.dumps(whose).encode()).hexdigest()
    return settings().archive / organization.slug / FOLDER / f"{report.name}-{digest}.html"


def _version(report: Report) -> str:
    folder = settings().project_path / "reports" / "templates"
    parts = [report.notebook, *(folder / name for name in TEMPLATES), *sorted(FOLDER_OF_TEXTS.rglob("*.po"))]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def _forget_old(folder: Path) -> None:
    oldest = (datetime.now(UTC) - OLDEST).timestamp()
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
