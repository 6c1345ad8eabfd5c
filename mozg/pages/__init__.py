"""What a notebook imports: the page, and the sections of each report."""

from mozg.pages import forecast, sales
from mozg.pages.page import Page

__all__ = ["Page", "forecast", "sales"]
