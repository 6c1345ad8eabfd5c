"""The dashboards' front page: the reports of one organisation."""

from collections.abc import Callable
from typing import Any

from tornado.web import authenticated
from voila.handler import BaseVoilaHandler

from mozg.access.organizations import Organization
from mozg.reports.catalogue import Report


class FrontPage(BaseVoilaHandler):
    """Lists the reports with what each one tells."""

    def initialize(self, owner: Organization, reports: Callable[[], list[Report]], **given: Any) -> None:
        """Take what the page shows."""
        super().initialize(**given)
        self.owner, self.reports = owner, reports

    @authenticated
    def get(self) -> None:
        """Answer with the page."""
        self.write(self.render_template("front.html", organization=self.owner, reports=self.reports()))
