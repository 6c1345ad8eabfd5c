"""The sales page on a chain whose truth is known."""

import logging
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from mozg.errors import AccessError, LakeError, QueryError, ScopeError
from mozg.pages import Page, sales
from mozg.pages.blocks import FIGURE_MIME, HEADER_MIME, SECTION_MIME, TABLE_MIME, sentence
from mozg.pages.header import header
from mozg.pages.section import Section, run
from mozg.pages.tables import Column, table

SECTIONS = [
    *(sales.headline, sales.revenue_by_day, sales.by_venue, sales.heat_of_hours),
    *(sales.kitchen_and_bar, sales.checks_and_guests, sales.discounts_and_voids, sales.movers),
]
LAST_WEEK = ("2026-10-19", "2026-10-25")


def truth(chain, first, last):
    """Revenue in roubles by business date, refunds taken off, voids left out."""
    kept = chain.receipts[(chain.receipts["status"] != "void") & chain.receipts["business_date"].between(first, last)]
    return {
        day.date(): Decimal(int(sum_)).scaleb(-2)
        for day, sum_ in kept.groupby("business_date")["revenue"].sum().items()
    }


def html(shown):
    return "".join(block.bundle.get("text/html", "") for block in shown.blocks)


def machine_table(shown, name):
    return next(t for b in shown.blocks if (t := b.bundle.get(TABLE_MIME)) and t["name"] == name)


def lines(page):
    return dict(header(page.title, page.context).bundle[HEADER_MIME]["lines"])


def test_the_days_are_those_of_the_tills_to_the_kopeck(open_page, chain):
    table = machine_table(open_page().run(sales.revenue_by_day), "revenue_by_day")
    place = [column["name"] for column in table["columns"]].index("revenue")
    shown = {row[0]: Decimal(row[place]) for row in table["rows"]}
    assert shown == {day.isoformat(): revenue for day, revenue in truth(chain, *LAST_WEEK).items()}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_has_something_to_show(open_page, section):
    shown = open_page().run(section)
    assert shown.outcome == "ok", html(shown)
    assert shown.blocks[0].bundle[SECTION_MIME] == {"name": section.name, "outcome": "ok", "incident": None}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_does_without_a_comparison(open_page, section):
    assert open_page(compare="none").run(section).outcome == "ok"


def test_figures_speak_and_have_a_title(open_page):
    page = open_page()
    figures = [b.bundle[FIGURE_MIME] for s in SECTIONS for b in page.run(s).blocks if FIGURE_MIME in b.bundle]
    assert len(figures) >= 7
    assert all(figure["layout"]["meta"]["alt"] and figure["layout"]["meta"]["title"] for figure in figures)


def test_each_question_is_asked_once(open_page):
    page = open_page()
    for section in SECTIONS:
        page.run(section)
    asked = list(page._answers._kept)
    assert len(asked) == 8
    assert len({(question.by, question.during) for question in asked}) == len(asked) - 1  # header and totals


def test_the_header_tells_what_the_numbers_are_of(open_page, venue_names):
    told = lines(open_page())
    assert told["Организация"] == "Сеть «Проба»"
    assert all(name in told["Заведения"] for name in venue_names)
    assert "19–25 окт. 2026" in told["Период"]
    assert "12–18 окт. 2026" in told["Сравнение с периодом"]
    assert told["Снимок данных"].isdigit()
    assert told["Чеки с указанными гостями"].endswith("%")
    assert re.search(r"\d\d:\d\d \((Москва\)|.+\) или позже)$", told["Данные касс на"])


def test_the_header_warns_of_a_comparison_that_lies_before_the_data(open_page):
    told = lines(open_page(date_from="last_28_days", compare="2025-01-01..2025-01-28"))
    assert told["Внимание"].startswith("данные начинаются 1 окт. 2025")


def test_one_venue_can_be_chosen(open_page, venue_names):
    page = open_page(venues=[venue_names[1]])
    table = machine_table(page.run(sales.by_venue), "by_venue")
    assert [row[0] for row in table["rows"]] == [venue_names[1]]
    assert lines(page)["Заведения"] == venue_names[1]


def test_a_scope_shows_its_venues_and_no_others(open_page, venue_names):
    page = open_page(venue_names[0])
    table = machine_table(page.run(sales.by_venue), "by_venue")
    assert [row[0] for row in table["rows"]] == [venue_names[0]]


def test_a_forbidden_venue_is_refused_in_the_words_of_an_unknown_one(open_page, venue_names):
    with pytest.raises(AccessError) as forbidden:
        open_page(venue_names[0], venues=[venue_names[1]])
    with pytest.raises(AccessError) as unknown:
        open_page(venue_names[0], venues=["Nowhere"])
    assert str(forbidden.value).replace(venue_names[1], "Nowhere") == str(unknown.value)
    assert venue_names[2] not in str(forbidden.value)


@pytest.mark.parametrize("given", [{"date_from": "31.10.2026"}, {"compare": "plan"}, {"date_to": "2020-01-01"}])
def test_a_wrong_period_is_refused_with_a_sentence(open_page, given):
    with pytest.raises(QueryError):
        open_page(**given)


def test_another_organisation_is_refused(kernel):
    kernel()
    with pytest.raises(ScopeError, match="may read 'chain', not 'other'"):
        Page("sales", "other")


def test_who_is_left_out_is_named(open_page):
    page = open_page(like_for_like=True)
    assert page.context.left_out == ()
    page.context = replace(page.context, left_out=("Arbat", "Mitte"))
    assert lines(page)["Не вошли: работали не в оба периода"] == "Arbat, Mitte"


def test_like_for_like_needs_two_periods_and_a_venue(open_page):
    with pytest.raises(QueryError, match="choose a period to compare with"):
        open_page(compare="none", like_for_like=True)
    with pytest.raises(QueryError, match="None of the venues was open in both"):
        open_page(compare="2020-01-01..2020-01-07", like_for_like=True)


def test_an_empty_period_helps_to_find_the_data(open_page):
    page = open_page(date_from="2027-01-01", date_to="2027-01-31", compare="none")
    shown = page.run(sales.headline)
    assert shown.outcome == "ok-empty"
    assert "Нет продаж за 1–31 янв. 2027" in html(shown)
    told = header(page.title, page.context).bundle["text/html"]
    assert "выберите дни в этих пределах" in told
    assert "31 окт. 2026" in told


def broken(error):
    def make(context):
        yield sentence("half a section")
        raise error

    return Section("broken", "A broken one", make)


def test_a_failure_of_ours_is_told_in_its_own_words(open_page):
    shown = run(broken(LakeError("The lake is dry.")), open_page().context)
    assert shown.outcome == "failed"
    assert "The lake is dry." in html(shown)
    assert "half a section" not in html(shown)


def test_any_other_failure_is_known_by_its_incident_alone(open_page, caplog):
    page = open_page()
    with caplog.at_level(logging.ERROR, "mozg.pages"):
        shown = run(broken(ZeroDivisionError("postgresql://anna:secret@db")), page.context)
    incident = shown.blocks[0].bundle[SECTION_MIME]["incident"]
    assert re.fullmatch("[0-9a-f]{8}", incident)
    assert incident in html(shown)
    assert "secret" not in html(shown)
    assert incident in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert page.run(sales.headline).outcome == "ok"


def test_names_from_a_till_are_text_not_markup(open_page):
    page = open_page()
    block = table(
        "t", "<b>", pd.DataFrame({"dish": ["<script>1</script>"]}), [Column("dish", "<i>", "text")], page.context.write
    )
    assert "<script>" not in block.bundle["text/html"]
    assert "<i>" not in block.bundle["text/html"]
    assert block.bundle[TABLE_MIME]["rows"] == [["<script>1</script>"]]


def test_importing_pages_is_light():
    heavy = ("prophet", "prefect", "papermill", "voila", "nbconvert", "ipywidgets", "holidays", "mozg.forecast")
    code = f"import sys, mozg.pages; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
