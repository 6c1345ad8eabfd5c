"""A report as a dashboard: how it last looked at once, and the live page as soon as its kernel has drawn it.

The whole page is sent before its kernel is started, so that the browser loads Voila's scripts meanwhile. They wait for
the page's end, which is sent when there is a kernel for them to talk to.
"""

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tornado.web import authenticated
from voila import __version__ as voila_version

from mozg.access.organizations import Organization
from mozg.access.sessions import COOKIE, SignedIn
from mozg.language import Sentence
from mozg.reports.catalogue import Report, all_reports
from mozg.reports.first_paint import Paint, paint_of
from mozg.reports.parameter import Value
from mozg.reports.run import KERNEL
from mozg.reports.title import titled
from mozg.serve.chosen import chosen
from mozg.serve.front import PageHandler
from mozg.serve.kernels import OPENING, Opening
from mozg.serve.painters import Painters
from mozg.serve.refusal import RefusedError

#: The page's end, which sets Voila's scripts going.
END = "</body></html>"


class ReportPage(PageHandler):
    """A report as a dashboard; what is allowed is looked at before anything is shown."""

    def initialize(self, page_config: Mapping[str, Any], painters: Painters | None, **given: Any) -> None:
        """Take what Voila's scripts are told, and who makes first paints, if anybody."""
        super().initialize(**given)
        self.page_config, self.painters = page_config, painters

    @authenticated
    async def get(self, path: str) -> None:
        """Answer with the page.

        Raises:
            RefusedError: 404, the notebook belongs to no report; 403, the report is not for this person's role; 400, a
                parameter in the address is not declared, or of the wrong type.
        """
        person: SignedIn = self.current_user.signed_in
        report = asked(path, person)
        given = await asyncio.to_thread(chosen, report, person, self.request.query_arguments)
        _ = self.xsrf_token  # puts the cookie that the page needs to say farewell to its kernel
        paint = None if given else await asyncio.to_thread(paint_of, person.organization, report, person.scope())
        notebook, kernel_id = prepared(report, person, given), str(uuid.uuid4())
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(self._page(report, person, notebook, kernel_id, paint))
        await self.flush()
        OPENING.set(Opening(person, self.get_cookie(COOKIE), report.name))
        self.write(await self._started(notebook, kernel_id))
        await self.finish(END)
        if self.painters is not None and not given:
            await self.painters.look(person.organization, report, person.scope(), paint)

    def _page(
        self, report: Report, person: SignedIn, notebook: NotebookNode, kernel_id: str, paint: Paint | None
    ) -> str:
        told = report.translated(person.organization.locale)
        page: str = self.render_template(
            "report.html",
            title=f"{told.title} – {person.organization.name}",
            report=told,
            paint=paint,
            painted=_when(paint, person.organization) if paint else "",
            cells=list(_cells(notebook)),
            told=dict(self.page_config, kernelId=kernel_id),
        )
        return page

    async def _started(self, notebook: NotebookNode, kernel_id: str) -> str:
        """Start the page's kernel and its cells; return what is to be said if there is no room for another."""
        environment = {"SERVER_SOFTWARE": f"voila/{voila_version}", "VOILA_BASE_URL": self.base_url}
        name = notebook.metadata.kernelspec.name
        try:
            await self.kernel_manager.start_kernel(kernel_name=name, path="", env=environment, kernel_id=kernel_id)
        except RefusedError as refused:
            return str(self.render_template("refused.html", told=self.words.told(refused.said)))
        self.kernel_manager.run(kernel_id, notebook)
        return ""


def asked(file: str, person: SignedIn) -> Report:
    """Return the report of a notebook's file.

    Raises:
        RefusedError: 404, it belongs to no report; 403, the report is not for this person's role.
    """
    report = next((report for report in all_reports() if report.notebook.name == file), None)
    if report is None:
        raise RefusedError(404, Sentence("There is no such report."))
    if person.user.role not in report.roles:
        title = report.translated(person.organization.locale).title
        role = Sentence(person.user.role)
        said = Sentence("The report {report} is not for your role ({role}).", report=title, role=role)
        raise RefusedError(403, said)
    return report


def prepared(report: Report, person: SignedIn, given: Mapping[str, Value]) -> NotebookNode:
    """Return the report's notebook for this person's organisation, with what was chosen in its address."""
    title = report.translated(person.organization.locale).title
    plain = titled(load_notebook_node(str(report.notebook)), title)
    values = {"organization": person.organization.slug, **given}
    return parameterize_notebook(plain, values, kernel_name=KERNEL, language="python")


def _cells(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """Yield the number of each cell that is run, from 1, or 0 with the HTML of a cell that is text."""
    number = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            number += 1
            yield number, ""
        elif cell.cell_type == "markdown":
            yield 0, markdown2html(cell.source)


def _when(paint: Paint, organization: Organization) -> str:
    local = paint.made_at.astimezone(ZoneInfo(organization.timezone))
    today = datetime.now(UTC).astimezone(local.tzinfo).date()
    pattern = "HH:mm" if local.date() == today else "cccc, HH:mm"
    return str(format_datetime(local, pattern, locale=organization.locale))
