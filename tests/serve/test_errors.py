"""What the dashboards say when there is nothing to show: in the reader's language, in the house's colours."""

import pytest

from mozg.language import Sentence
from mozg.serve.colors import COOKIE, chosen_colors
from mozg.serve.refusal import RefusedError


@pytest.fixture(scope="module")
def viewer(site):
    return site.visit("viewer")


def test_it_is_said_in_the_language_of_the_organisation(viewer):
    answer = viewer.client.get("nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert '<html lang="ru">' in answer.text
    assert "Такой страницы нет." in answer.text
    assert "There is" not in answer.text


def test_another_organisation_reads_its_own(site, other_organization):
    answer = site.visit("viewer", other_organization).client.get("voila/render/nothing.ipynb")
    assert (answer.status_code, "There is no such report." in answer.text) == (404, True)


def test_a_report_for_others_names_it_and_the_role(viewer):
    answer = viewer.client.get("voila/render/usage.ipynb")
    assert answer.status_code == 403
    assert "«Использование отчётов» недоступен для вашей роли (читатель)" in answer.text


def test_what_somebody_writes_into_an_address_is_no_markup(viewer):
    answer = viewer.client.get("voila/render/sales.ipynb", params={"<script>": "1"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("path", ["", "nothing", "archive"])
@pytest.mark.parametrize("colors", ["light", "dark"])
def test_a_page_is_sent_in_the_colours_that_were_chosen(viewer, path, colors):
    answer = viewer.client.get(path, cookies={COOKIE: colors})
    assert f'data-colors="{colors}"' in answer.text


def test_nothing_else_can_be_written_into_a_page_by_the_cookie(viewer):
    assert "data-colors" not in viewer.client.get("", cookies={COOKIE: "x"}).text
    assert [chosen_colors(said) for said in (None, "", 'dark" onload="', "dark")] == ["", "", "", "dark"]


def test_a_refusal_is_english_in_the_log_and_remembers_what_to_say():
    refused = RefusedError(404, Sentence("There is no such file."))
    assert "There is no such file." in str(refused)
    assert refused.said.template == "There is no such file."
