"""How a page's numbers are counted stands at its end: what was shown, each once, in the reader's words."""

from html import unescape

from mozg.metrics import METRICS
from mozg.pages import definitions, sales
from mozg.pages.definitions import explained
from mozg.pages.section import Section


def html(shown):
    return unescape("".join(block.bundle.get("text/html", "") for block in shown.blocks))


def test_what_was_shown_is_defined_and_nothing_else(open_page):
    page = open_page()
    page.run(sales.by_venue)
    told, say = html(page.run(definitions)), page.context.write.say
    assert "<details" in told
    assert "<h2" not in told
    for name in ("revenue", "checks", "average_check", "depth"):
        assert say(METRICS[name].title) in told
        assert " ".join(say(METRICS[name].definition).split()) in told
    assert say(METRICS["void_rate"].definition) not in told  # asked for, for the sections to come, but not shown
    assert told.count("<dt>") == 4


def test_tiles_and_a_sections_own_terms_are_defined_too(open_page):
    page = open_page()
    page.run(sales.headline)
    page.run(Section("own", "Own", lambda context: [explained("ABC", "A: the first 80 % <of revenue>.")]))
    told = html(page.run(definitions))
    assert "A: the first 80 % <of revenue>." in told
    assert page.context.write.say(METRICS["void_rate"].definition) in told


def test_a_page_without_numbers_says_nothing_at_its_end(open_page):
    page = open_page(date_from="2030-01-01", date_to="2030-01-31")
    page.run(sales.headline)
    shown = page.run(definitions)
    assert html(shown) == ""
    assert shown.outcome == "ok-empty"


def test_in_a_dashboard_another_period_keeps_them(open_page, capsys):
    page = open_page(live=True)
    page.show(sales.by_venue)
    page.show(definitions)
    (_, output) = page._dashboard._sections[-1]
    before = output.outputs
    page._dashboard.controls.period.value = "last_28_days"
    assert output.outputs == before
    assert "<details" in output.outputs[-1]["data"]["text/html"]
