"""The page as Voila's kernel holds it: what a browser may send, and what then changes."""

from datetime import date

import ipywidgets
import pytest

from mozg.errors import QueryError
from mozg.pages import Page, sales
from mozg.pages.choices import Choices, checked
from mozg.pages.mode import mode
from mozg.settings import settings


@pytest.fixture
def dashboard(open_page, capsys):
    page = open_page(live=True)
    page.show(sales.headline)
    return page._dashboard


def told(dashboard):
    """The HTML of the header and of each section."""
    outputs = [dashboard._header, *(output for _, output in dashboard._sections)]
    return ["".join(o["data"].get("text/html", "") for o in output.outputs) for output in outputs]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SERVER_SOFTWARE": "voila/0.5.13"}, "live"),
        ({"SERVER_SOFTWARE": "nginx"}, "static"),
        ({}, "static"),
    ],
)
def test_only_voila_is_live(environment, expected):
    assert mode(environment) == expected


def test_another_period_changes_header_and_headline(dashboard):
    header, headline = told(dashboard)
    dashboard.controls.period.value = "last_28_days"
    new_header, new_headline = told(dashboard)
    assert header != new_header
    assert headline != new_headline
    assert dashboard.controls.first.value == date(2026, 10, 4)
    assert dashboard._said.value == ""


def test_own_dates_are_taken_from_the_pickers(dashboard):
    dashboard.controls.first.value = date(2026, 10, 1)
    assert dashboard.controls.period.value == "dates"
    assert dashboard._page.context.during.first == date(2026, 10, 1)
    assert dashboard._page.context.during.last == date(2026, 10, 25)


def test_a_venue_and_a_comparison_can_be_chosen(dashboard, venue_names):
    dashboard.controls.venues.value = (venue_names[2],)
    dashboard.controls.compare.value = "none"
    assert dashboard._page.context.venues == (venue_names[2],)
    assert dashboard._page.context.before is None
    assert "Сравнение с периодом" not in told(dashboard)[0]


def test_a_choice_that_makes_no_sense_is_told_and_changes_nothing(dashboard):
    before = told(dashboard)
    dashboard.controls.first.value = date(2026, 12, 1)
    assert "заканчивается (2026-10-25) раньше, чем начинается" in dashboard._said.value
    dashboard.controls.first.value = None
    assert "Выберите оба дня" in dashboard._said.value
    assert told(dashboard) == before


@pytest.mark.parametrize(
    ("widget", "state"),
    [
        ("venues", {"index": [99]}),
        ("venues", {"index": "all"}),
        ("period", {"index": 99}),
        ("compare", {"index": "plan"}),
        ("first", {"value": "'; DROP TABLE receipts"}),
        ("first", {"value": {"year": 2026, "month": 77, "date": 1}}),
        ("last", {"value": {"year": 10**20, "month": 1, "date": 1}}),
        ("same", {"value": {"a": 1}}),
    ],
)
def test_a_forged_message_is_refused_and_changes_nothing(dashboard, widget, state):
    before = told(dashboard)
    getattr(dashboard.controls, widget).set_state(state)
    assert 'role="alert"' in dashboard._said.value
    assert told(dashboard) == before


@pytest.mark.parametrize(
    "given", [{"venues": "Arbat"}, {"venues": [1]}, {"date_from": 1}, {"compare": "x" * 300}, {"like_for_like": "yes"}]
)
def test_choices_of_the_wrong_type_are_refused(given):
    with pytest.raises(QueryError, match="Choose again"):
        checked(given, Choices())


def test_a_venue_outside_the_scope_is_refused(open_page, venue_names, capsys):
    page = open_page(venue_names[0], live=True)
    page._dashboard._chosen({"venues": [venue_names[1]]})
    assert "Нет заведения" in page._dashboard._said.value
    assert page.context.venues == (venue_names[0],)


def test_no_widget_holds_a_secret(dashboard):
    secrets = [settings().scope_token.get_secret_value(), settings().lake_dsn.get_secret_value()]
    states = str(ipywidgets.Widget.get_manager_state(drop_defaults=False))
    assert "Последние 28 дней" in states
    assert not [secret for secret in secrets if secret in states]


def test_a_page_that_cannot_open_says_why_instead_of_nothing(kernel, capsys):
    kernel(live=True)
    page = Page("sales", "other", date_from="last_week")
    page.show(sales.headline)
    assert "may read" in capsys.readouterr().out
