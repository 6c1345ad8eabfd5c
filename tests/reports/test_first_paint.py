"""A first paint belongs to its scope, is whole or not there, and runs nothing that a till wrote into a dish's name."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import nbformat
import pandas as pd
import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_code_cell, new_notebook, output_from_msg

from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.charts import Unit, ranked_bars
from mozg.pages.blocks import figure, sentence
from mozg.reports import figures
from mozg.reports.catalogue import load
from mozg.reports.first_paint import OLDEST, Paint, keep, paint_of, today
from mozg.reports.page import still_body
from mozg.settings import settings

HOSTILE = [
    "<script>document.title = 'mine'</script>",
    "<img src=x onerror=\"document.title='mine'\">",
    "</template><svg onload=\"document.title='mine'\">",
    "a' onerror='document.title=1",
]


@pytest.fixture
def owner():
    organization = Organization(7, "painted", "Кафе", "RUB", "ru", "RU", "Europe/Moscow", "nobody", "nothing")
    yield organization
    shutil.rmtree(settings().archive / organization.slug, ignore_errors=True)


@pytest.fixture
def manager():
    return Scope("painted", "anna@example.com", "manager", (3, 1))


def painted(organization, **changes):
    return replace(Paint("<main>3,05 млн ₽</main>", 42, today(organization), datetime.now(UTC)), **changes)


def folder():
    return settings().archive / "painted" / "first-paint"


def test_what_was_kept_is_given_to_everybody_with_the_same_rights(owner, manager):
    paint = painted(owner)
    keep(owner, load("sales"), manager, paint)
    assert paint_of(owner, load("sales"), manager) == paint
    assert paint_of(owner, load("sales"), replace(manager, user="boris@example.com", venues=(1, 3))) == paint


@pytest.mark.parametrize(
    "other", [{"role": "owner"}, {"role": "viewer"}, {"venues": (1,)}, {"venues": None}, {"venues": ()},
              {"venues": (1, 3, 4)}, {"organization": "other"}]
)  # fmt: skip
def test_nobody_else_is_given_it(owner, manager, other):
    keep(owner, load("sales"), manager, painted(owner))
    assert paint_of(owner, load("sales"), replace(manager, **other)) is None


def test_it_is_of_one_report_and_one_organization(owner, manager):
    keep(owner, load("sales"), manager, painted(owner))
    assert paint_of(owner, load("forecast_revenue"), manager) is None
    assert paint_of(replace(owner, id=8), load("sales"), manager) is None


def test_it_is_in_the_language_of_the_organisation_now(owner, manager):
    keep(owner, load("sales"), manager, painted(owner))
    assert paint_of(replace(owner, locale="en"), load("sales"), manager) is None


def test_a_notebook_that_has_changed_has_no_paint_yet(owner, manager, tmp_path):
    keep(owner, load("sales"), manager, painted(owner))
    changed = tmp_path / "sales.ipynb"
    changed.write_bytes(load("sales").notebook.read_bytes() + b"\n")
    assert paint_of(owner, replace(load("sales"), notebook=changed), manager) is None


def test_an_old_one_is_not_shown_and_not_kept(owner, manager):
    old = painted(owner, made_at=datetime.now(UTC) - OLDEST - timedelta(minutes=1))
    keep(owner, load("sales"), manager, old)
    assert paint_of(owner, load("sales"), manager) is None


def test_only_the_service_reads_the_files_and_none_is_half_written(owner, manager):
    for _ in range(2):
        keep(owner, load("sales"), manager, painted(owner))
    (path,) = folder().iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder().stat().st_mode & 0o777 == 0o700
    assert "manager" not in path.name


def test_it_is_not_current_on_another_day(owner):
    assert not painted(owner, day=today(owner) - timedelta(days=1)).is_current(owner)


@pytest.fixture(scope="module")
def hostile():
    """The body of a page whose texts and figures carry names that a stranger chose."""
    frame = pd.DataFrame({"dish": HOSTILE, "revenue": [4, 3, 2, 1]})
    bars = ranked_bars(frame, "dish", "revenue", None, title=HOSTILE[1], unit=Unit(locale="en"), additive=True)
    plain = go.Figure(go.Bar(x=HOSTILE, y=[1, 2, 3, 4])).update_layout(title=HOSTILE[0], meta={"alt": HOSTILE[3]})
    blocks = [sentence(HOSTILE[0]), sentence(HOSTILE[1]), figure(bars), figure(plain)]
    message = {"header": {"msg_type": "display_data"}}
    outputs = [output_from_msg(message | {"content": {"data": dict(block.bundle), "metadata": {}}}) for block in blocks]
    body = still_body(nbformat.from_dict(new_notebook(cells=[new_code_cell(outputs=outputs)])))
    figures.close()
    return body


def test_a_dish_may_have_any_name(hostile, browser):
    page = browser.new_page()
    page.set_content(f"<title>ours</title><div><template shadowrootmode=open>{hostile}</template></div>")
    page.wait_for_timeout(500)
    assert page.title() == "ours"
    found = page.evaluate(
        "[...document.querySelector('div').shadowRoot.querySelectorAll('*')]"
        ".flatMap(one => [one.tagName, ...one.getAttributeNames()])"
    )
    page.close()
    assert {"P", "FIGURE", "IMG", "SOURCE"} <= set(found)
    assert not {"SCRIPT", "onerror", "onload"} & set(found)


def test_a_figure_is_drawn_for_a_phone_a_tablet_and_a_desk(hostile):
    assert hostile.count("<source media=") == 2 * hostile.count("<picture>")
    assert "data:image/svg+xml,%3Csvg" in hostile
    assert "base64" not in hostile
