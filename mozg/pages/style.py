"""The look of a page's parts, which goes with them into notebooks, dashboards and exports: ``page.css``."""

from pathlib import Path

STYLE = f"<style>\n{Path(__file__).with_name('page.css').read_text('utf-8')}</style>"
