"""Links between reports in what is exported and mailed."""

import pytest

from mozg.pages.links import anchor
from mozg.reports.catalogue import load
from mozg.reports.links import dashboard_of, outward
from mozg.settings import settings

LINK = f"<td>{anchor('menu.ipynb?dish=A%26B&venues=%D0%91', 'Борщ & Co', 'Menu')}</td>"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch):
    def at(address: str) -> None:
        monkeypatch.setenv("MOZG_DASHBOARDS_ADDRESS", address)
        settings.cache_clear()

    yield at
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("address", ["https://chain.example/mozg", "https://chain.example/mozg/"])
def test_what_is_exported_leads_to_the_installation(installed, address):
    installed(address)
    whole = "https://chain.example/mozg/voila/render/menu.ipynb?dish=A%26B&amp;venues=%D0%91"
    assert f'href="{whole}"' in outward(LINK)
    assert ">Борщ &amp; Co</a></td>" in outward(LINK)


def test_without_an_installation_it_is_plain_text(installed):
    installed("")
    assert outward(LINK) == "<td>Борщ &amp; Co</td>"
    assert dashboard_of(load("sales"), {}) == ""


def test_links_of_others_stay_as_they_are(installed):
    installed("")
    other = '<a href="https://elsewhere.example">there</a>'
    assert outward(other + LINK).startswith(other)


def test_a_run_has_a_dashboard_that_shows_the_same(installed):
    installed("https://chain.example")
    asked = {"organization": "demo", "venues": ["A, B", "C"], "date_from": "2026-01-01", "like_for_like": False}
    address = dashboard_of(load("sales"), asked)
    assert address == (
        "https://chain.example/voila/render/sales.ipynb?venues=A%2C+B&venues=C&date_from=2026-01-01&like_for_like=false"
    )
