"""The dashboards' own pages: the list of reports, a report, and the refusal of everything else."""

from collections.abc import Mapping
from typing import Any

from tornado.web import HTTPError, authenticated
from voila.handler import BaseVoilaHandler
from voila.tornado.handler import TornadoVoilaHandler

from mozg.access.scope import Role
from mozg.reports.catalogue import Report, all_reports
from mozg.settings import settings

#: What a dashboard may load and where it may send: this site alone. Voila writes scripts and styles into its page.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin",  # a form that signs out says where it comes from
    "X-Content-Type-Options": "nosniff",
}


def readable(role: Role) -> list[Report]:
    """Return the reports that a role may read, by name."""
    return [report for report in all_reports() if role in report.roles]


class FrontPage(BaseVoilaHandler):
    """Lists the reports that one may open, with what each one tells."""

    def initialize(self, labs: Mapping[str, str], **given: Any) -> None:
        """Take the addresses of JupyterLab, by organisation."""
        super().initialize(**given)
        self.labs = labs

    @property
    def content_security_policy(self) -> str:
        """No script at all, and one form: signing out."""
        return (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action {_address()}"
        )

    @authenticated
    def get(self) -> None:
        """Answer with the page."""
        person = self.current_user.signed_in
        lab = self.labs.get(person.organization.slug) if person.may("lab.open") else None
        self.set_header("Cache-Control", "no-store")
        shown = {"person": person, "reports": readable(person.user.role), "lab": lab, "address": _address()}
        self.write(self.render_template("front.html", **shown))


class ReportPage(TornadoVoilaHandler):
    """A report as a dashboard; what is allowed is looked at before its notebook is started."""

    @authenticated
    async def get(self, path: str) -> None:
        """Answer with the page, piece by piece as its cells are done."""
        _ = self.xsrf_token  # puts the cookie that the page needs to say farewell to its kernel
        await super().get(path)


class Nothing(BaseVoilaHandler):
    """Says that there is no such page."""

    def initialize(self, **given: Any) -> None:
        """Take nothing: tornado makes this handler for every address that it does not know."""
        super().initialize(voila_configuration=self.settings["voila"].voila_configuration)

    async def prepare(self) -> None:
        """Refuse the request.

        Raises:
            HTTPError: 404, always, unless nobody is signed in.
        """
        await super().prepare()
        if not self._finished:
            raise HTTPError(404, "There is no such page.")

    def get(self) -> None:
        """Exist, because who may ask is looked up by method."""

    head = post = put = patch = delete = options = get


def _address() -> str:
    return settings().address.rstrip("/")
