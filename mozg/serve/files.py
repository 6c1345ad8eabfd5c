"""The files that runs of reports left: how they are sent to whoever may see the run, and that it is noted."""

from dataclasses import dataclass
from pathlib import Path

from mozg.access import audit
from mozg.access.sessions import SignedIn
from mozg.reports.catalogue import Format
from mozg.reports.records import Run, file_of

MEDIA: dict[Format, str] = {
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: A report's charts are scripts. In a sandbox they belong to no origin, so they reach nothing of this one.
SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class RunFile:
    """A file of a run that somebody may have."""

    run: Run
    path: Path
    format: Format

    @property
    def etag(self) -> str:
        """What a browser may send back to learn that its copy is still good: a run's files never change."""
        return f'"{self.path.name}"'

    @property
    def headers(self) -> dict[str, str]:
        """How it is sent, but for its type and its name."""
        policy = {"Content-Security-Policy": SANDBOX} if self.format == "html" else {}
        return {"ETag": self.etag, "Cache-Control": "private, no-cache"} | policy


def file_for(person: SignedIn, run: Run, format_: Format) -> RunFile | None:
    """Return a run's file, or None where it was never made or is kept no longer.

    ``run`` must come from `mozg.reports.records` for this very person, which is how we know that they may see it.
    """
    path = file_of(person.organization, run, format_)
    return None if path is None else RunFile(run, path, format_)


def note_download(person: SignedIn, file: RunFile) -> None:
    """Note in the journals that somebody downloaded a file."""
    audit.viewed(person.user, file.run.report, file.format)
    told = {"run": file.run.run_id, "format": file.format}
    audit.note(person.organization.id, person.user.email, "report.downloaded", file.run.report, **told)
