"""The portal's addresses: the front page, the archive, starring, files of runs, and the page's own style and script."""

import asyncio
import functools
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import StaticFileHandler, authenticated

from mozg.access.favourites import star, unstar
from mozg.access.sessions import SignedIn
from mozg.errors import ForbiddenError
from mozg.language import Sentence
from mozg.reports.catalogue import Format, Report, readable
from mozg.reports.records import run_of
from mozg.serve.assets import closed
from mozg.serve.colors import COOKIE as COLORS
from mozg.serve.colors import chosen_colors
from mozg.serve.files import MEDIA, RunFile, file_for, note_download
from mozg.serve.front import PageHandler
from mozg.serve.portal.archive import archive
from mozg.serve.portal.changes import SHOWN
from mozg.serve.portal.view import front, writer
from mozg.serve.refusal import RefusedError
from mozg.settings import settings

RUN_ID, FORMATS = r"(?P<run_id>[A-Za-z0-9_-]{1,200})", r"(?P<format_>html|pdf|xlsx)"
ASSETS = ("portal.css", "portal.js")
#: The switch between light and dark, which dashboards have, too.
SHARED = ("colors.js",)
_NUMBER = re.compile(r"[0-9]{1,18}")
#: Browsers show a PDF in a document of their own, which obeys this too.
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


class PortalHandler(PageHandler):
    """What the portal's pages share. Everything that waits for the record or the lake is done in a thread."""

    def initialize(self, labs: Mapping[str, str], **given: Any) -> None:
        """Take the addresses of JupyterLab, by organisation."""
        super().initialize(**given)
        self.labs = labs

    @property
    def person(self) -> SignedIn:
        """Who is signed in."""
        person: SignedIn = self.current_user.signed_in
        return person

    @property
    def content_security_policy(self) -> str:
        """One script, which is ours; forms lead to us and to signing out."""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {_address()}"
        )

    async def prepare(self) -> None:
        """Let in who is signed in and may read reports.

        Raises:
            RefusedError: 403, they may not.
        """
        await super().prepare()
        if self.current_user is not None:
            try:
                self.person.require("reports.read")
            except ForbiddenError as error:
                raise RefusedError(403, error) from None

    async def show(self, template: str, **told: Any) -> None:
        """Answer with a page."""
        self.set_header("Cache-Control", "no-store")
        self.finish(await self.render_page(template, **told))

    async def render_page(self, template: str, **told: Any) -> str:
        """Return a page, or a part of one, as HTML."""
        person = self.person
        lab = self.labs.get(person.organization.slug) if person.may("lab.open") else None
        given = {"person": person, "lab": lab, "address": _address(), "base": self.base_url, "version": _version()}
        given |= {"colors": chosen_colors(self.get_cookie(COLORS))}
        given |= {"xsrf": self.xsrf_form_html(), "say": told["write"].say, "count": told["write"].count}
        page = _templates().get_template(template)
        return await asyncio.to_thread(page.render, **given, **told)

    def report(self, name: str | None) -> Report:
        """Return a report that the person may read.

        Raises:
            RefusedError: 404, there is none of that name for them.
        """
        for report in readable(self.person.user.role):
            if report.name == name:
                return report
        raise RefusedError(404, Sentence("There is no such report."))


class FrontPage(PortalHandler):
    """What changed, what needs attention, the reports that one may open, and the newest runs."""

    @authenticated
    async def get(self) -> None:
        """Answer with the page."""
        view = await asyncio.to_thread(front, self.person)
        await self.show("front.html", view=view, write=view.write, shown_days=SHOWN)


class Archive(PortalHandler):
    """Past runs, by the page; ``report`` shows those of one report, ``before`` those older than a run."""

    @authenticated
    async def get(self) -> None:
        """Answer with the page."""
        name, before = self.get_query_argument("report", None), self.get_query_argument("before", None)
        report = None if name is None else self.report(name)
        if before is not None and not _NUMBER.fullmatch(before):
            raise RefusedError(404, Sentence("There is no such page of the archive."))
        older = None if before is None else int(before)
        write = await asyncio.to_thread(writer, self.person)
        page = await asyncio.to_thread(archive, self.person, write, report=name, before=older)
        title = None if report is None else report.translated(write.locale).title
        await self.show("archive.html", page=page, report=name, title=title, before=older, write=write)


class Favourites(PortalHandler):
    """Takes the stars that people put on reports."""

    @authenticated
    async def post(self) -> None:
        """Star the report that the form names, or with ``starred=no`` take the star off, and go back to it."""
        report = self.report(self.get_body_argument("report", None))
        change = unstar if self.get_body_argument("starred", "yes") == "no" else star
        await asyncio.to_thread(change, self.person.user, report.name)
        self.redirect(f"{self.base_url}#report-{report.name}", status=303)


class FileOfRun(PortalHandler):
    """Hands out a file that a run left, to whoever may see the run; another's is one that does not exist."""

    @authenticated
    async def get(self, run_id: str, format_: Format) -> None:
        """Answer with the file: a page or a PDF to be looked at, a workbook to be kept."""
        found = await asyncio.to_thread(self._find, run_id, format_)
        self.clear_header("Cross-Origin-Opener-Policy")  # browsers refuse what has it and is in a sandbox
        self.set_header("Vary", "Cookie")
        self.set_header("Content-Type", MEDIA[format_])
        self.set_header("Content-Security-Policy", _PDF)
        way = "attachment" if format_ == "xlsx" else "inline"
        self.set_header("Content-Disposition", f'{way}; filename="{found.path.name}"')
        for name, value in found.headers.items():
            self.set_header(name, value)
        if self.check_etag_header():
            self.set_status(304)
            self.finish()
            return
        self.finish(await asyncio.to_thread(self._take, found))

    def compute_etag(self) -> str | None:
        """Keep the ETag that was set."""
        return None

    def _find(self, run_id: str, format_: Format) -> RunFile:
        run = run_of(self.person.user, run_id)
        found = None if run is None else file_for(self.person, run, format_)
        if found is None:
            raise RefusedError(404, Sentence("There is no such file. Files of old runs are not kept for ever."))
        return found

    def _take(self, found: RunFile) -> bytes:
        note_download(self.person, found)
        return found.path.read_bytes()


def handlers(base: str, **given: Any) -> list[Any]:
    """Return the portal's handlers under ``base``; ``given`` is what `PortalHandler` takes."""
    return [
        (base, FrontPage, given),
        (rf"{base}archive", Archive, given),
        (rf"{base}favourites", Favourites, given),
        (rf"{base}runs/{RUN_ID}/{FORMATS}", FileOfRun, given),
        (rf"{base}portal/({'|'.join(map(re.escape, ASSETS))})", closed(StaticFileHandler), {"path": str(_folder())}),
        (rf"{base}portal/({'|'.join(map(re.escape, SHARED))})", closed(StaticFileHandler), {"path": str(_shared())}),
    ]


def _address() -> str:
    return settings().address.rstrip("/")


def _folder() -> Path:
    return settings().project_path / "reports" / "templates" / "portal"


def _shared() -> Path:
    return settings().project_path / "reports" / "templates" / "voila" / "static"


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_folder()), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


@functools.cache
def _version() -> str:
    """What changes with the style and the script, so that browsers may keep them."""
    files = [*(_folder() / name for name in ASSETS), *(_shared() / name for name in SHARED)]
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:16]
