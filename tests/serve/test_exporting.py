"""What a dashboard shows becomes a file: of the same days and data, with the reader's rights, from our pages alone."""

import io
import re

import pytest
from openpyxl import load_workbook

from mozg.access.venues import venues_of
from mozg.lake.reader import open_lake
from mozg.reports.records import runs
from mozg.serve.portal.handlers import _templates
from mozg.serve.portal.view import writer

SHOWN = {"date_from": "2026-01-05", "date_to": "2026-01-11", "compare": "none"}


@pytest.fixture(scope="module")
def limited(site):
    """A manager of the first venue by name."""
    return site.visit("manager", venues=1)


def test_a_manager_keeps_what_they_see_and_no_more(site, limited):
    snapshot = open_lake(site.organization).snapshot
    answer = limited.client.get("export/sales/xlsx", params={**SHOWN, "snapshot": snapshot})
    assert answer.status_code == 200
    assert "Файл готовится: Книга Excel" in answer.text
    place = re.search(r'http-equiv="refresh" content="0;url=/([^"]+)"', answer.text)[1]
    file = limited.client.get(place)
    about = {row[0]: row[1] for row in load_workbook(io.BytesIO(file.content)).worksheets[0].values if row[0]}
    assert about["Заведения"] == venues_of(site.organization)[0].name
    assert about["Период"].startswith("5–11 янв. 2026")
    assert about["Снимок данных"] == str(snapshot)
    (run,) = runs(limited.person.user, limit=1)
    assert (run.report, run.snapshot, run.outcome) == ("sales", snapshot, "ok-empty")
    assert {name: run.parameters[name] for name in SHOWN} == SHOWN


def test_what_could_not_be_made_is_told_on_the_same_page(limited):
    write = writer(limited.person)
    told = {"write": write, "say": write.say, "kind": "PDF", "base": "/", "format": "pdf"}
    page = _templates().get_template("export-outcome.html").render(run=None, **told)
    assert 'role="alert"' in page
    assert "refresh" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("export/sales/pdf?template=reveal", 400),
        ("export/sales/pdf?compare=plan", 400),
        ("export/sales/pdf?venues=Nowhere", 400),
        ("export/sales/pdf?snapshot=latest", 404),
        ("export/sales/pdf?snapshot=999999", 409),
        ("export/sales/docx", 404),
        ("export/nothing/pdf", 404),
        ("export/usage/pdf", 404),
    ],
)
def test_what_is_not_there_is_not_made(limited, path, status):
    assert limited.client.get(path).status_code == status


def test_another_site_starts_nothing(site, limited):
    before = runs(limited.person.user, limit=1)
    for origin in ("cross-site", "same-site"):
        answer = limited.client.get("export/sales/xlsx", params=SHOWN, headers={"Sec-Fetch-Site": origin})
        assert answer.status_code == 403
    assert runs(limited.person.user, limit=1) == before
    assert site.visit("viewer").client.get("export/sales/xlsx").status_code == 403
    assert limited.client.post("export/sales/xlsx").status_code in {403, 405}
