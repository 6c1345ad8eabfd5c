"""A page on paper: WeasyPrint lays it out on A4 by the print style sheet."""

from collections.abc import Mapping

import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from mozg.errors import ExportError


class _Inside(URLFetcher):
    """Reads only what the page carries inside; a picture elsewhere is an error, not a hole in the report."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            raise FatalURLFetchingError(url)
        return super().fetch(url, headers)


def pdf(page: str) -> bytes:
    """Lay out a page of `mozg.reports.page.paper_page` and return the PDF, with its fonts inside.

    Raises:
        ExportError: the page shows something that is not inside it.
    """
    try:
        return bytes(weasyprint.HTML(string=page, url_fetcher=_Inside()).write_pdf())
    except FatalURLFetchingError as error:
        raise ExportError(f"The report shows {error}, which is not inside it. Draw or display it in a cell.") from error
