"""What a dashboard shows, as a file: ``export/sales/pdf?venues=Arbat&snapshot=42``.

The answer begins at once and says that the file is being made; its end, which leads to the file, comes when it is
there. The run is one like any other: it is made with the reader's rights, and kept in the archive.
"""

import asyncio
import logging
from collections import Counter
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from mozg.access import audit
from mozg.errors import ForbiddenError, MozgError
from mozg.language import Sentence, later
from mozg.reports.catalogue import Format, Report
from mozg.reports.records import fail_run, run_of
from mozg.reports.service import Started, start_run
from mozg.serve.chosen import chosen
from mozg.serve.portal.handlers import PortalHandler
from mozg.serve.portal.view import writer
from mozg.serve.refusal import RefusedError
from mozg.serve.run_workers import Workers

#: Files that are made at the same time, for everybody and for one person.
AT_ONCE, MOST_OF_ONE = 2, 3
#: The state of the data that the dashboard read, in an export's address.
SNAPSHOT = "snapshot"
#: What formats are called.
NAMES: dict[Format, str] = {"html": later("web page"), "pdf": later("PDF"), "xlsx": later("Excel workbook")}
_TURNS = asyncio.Semaphore(AT_ONCE)
_WAITING: Counter[int] = Counter()
_HALF = "<!-- the outcome -->"
_WORKERS = Workers()
_LOG = logging.getLogger("mozg.dashboards")


class Export(PortalHandler):
    """Makes a file of what a dashboard shows, and leads to it."""

    async def prepare(self) -> None:
        """Let in who may run reports, from a page of ours: another site's must not start anything.

        Raises:
            RefusedError: 403, they may not.
        """
        await super().prepare()
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise RefusedError(403, Sentence("A report is run from this site's own pages alone."))
        if self.current_user is not None:
            try:
                self.person.require("reports.run")
            except ForbiddenError as error:
                raise RefusedError(403, error) from None

    @authenticated
    async def get(self, name: str, format_: Format) -> None:
        """Answer with a page that leads to the file when it is made."""
        report = self.report(name)
        started = await self._start(report, format_)
        write = await asyncio.to_thread(writer, self.person)
        told = {"write": write, "title": report.translated(write.locale).title, "kind": write.say(NAMES[format_])}
        head, _, tail = (await self.render_page("export.html", **told)).partition(_HALF)
        try:
            self.set_header("Cache-Control", "no-store")
            self.write(head)
            await self.flush()
            await self._made(started)
            run = await asyncio.to_thread(run_of, self.person.user, started.run_id)
            self.write(await self.render_page("export-outcome.html", run=run, format=format_, **told))
            await self.finish(tail)
        except StreamClosedError:  # the reader went away; the file is in the archive all the same
            return

    async def _start(self, report: Report, format_: Format) -> Started:
        query = {**self.request.query_arguments}
        snapshot = query.pop(SNAPSHOT, [b""])[-1].decode(errors="replace")
        if format_ not in report.formats or (snapshot and not (snapshot.isascii() and snapshot.isdigit())):
            raise RefusedError(404, Sentence("There is no such file."))
        person = self.person
        given = await asyncio.to_thread(chosen, report, person, query)
        if _WAITING[person.user.id] >= MOST_OF_ONE:
            said = Sentence("Some files are being made for you already. Wait for one of them.")
            raise RefusedError(429, said)
        try:
            return await asyncio.to_thread(
                start_run, person.organization, report.name, given, [format_],
                scope=person.scope(), snapshot=int(snapshot) if snapshot else None,
            )  # fmt: skip
        except MozgError as error:
            raise RefusedError(409, error) from None

    async def _made(self, started: Started) -> None:
        user = self.person.user
        _WAITING[user.id] += 1
        try:
            async with _TURNS:
                await asyncio.to_thread(_execute, started)
        finally:
            _WAITING[user.id] -= 1
        await asyncio.to_thread(audit.viewed, user, started.report.name, "run")


def _execute(started: Started) -> None:
    """Execute a run in another process: to lay out a PDF keeps one busy for seconds."""
    worker = _WORKERS.take()
    if worker.execute(started):
        _WORKERS.give_back(worker)
        return
    _LOG.error("The process of the run %s ended with code %s.", started.run_id, worker.process.exitcode)
    fail_run(started.organization.id, started.run_id)


def handler(base: str, given: dict[str, Any]) -> tuple[str, type[Export], dict[str, Any]]:
    """Return the handler of exports under ``base``; ``given`` is what `PortalHandler` takes."""
    return rf"{base}export/(?P<name>\w+)/(?P<format_>html|pdf|xlsx)", Export, given
