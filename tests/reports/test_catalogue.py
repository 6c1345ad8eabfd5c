import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import papermill
import pytest

from mozg.errors import ParameterError, ReportError
from mozg.language.words import FOLDER
from mozg.metrics.periods import WORDS
from mozg.reports.catalogue import Report, all_reports, load
from mozg.reports.parameter import Parameter

DECLARATION = """
title = "T"
description = "D"
roles = ["owner"]
formats = ["html"]
freshness_hours = 1
[parameters.organization]
type = "str"
title = "Organisation"
"""


def test_sales_fills_in_defaults_and_types_what_is_given(sales: Report) -> None:
    given = {
        "organization": "demo",
        "venues": "Arbat, Tverskaya",
        "date_from": dt.date(2026, 1, 5),
        "like_for_like": "yes",
    }
    assert sales.validate(given | {"date_to": "2026-02-01"}) == {
        "organization": "demo",
        "venues": ["Arbat", "Tverskaya"],
        "date_from": "2026-01-05",
        "date_to": "2026-02-01",
        "compare": "previous",
        "like_for_like": True,
    }


@pytest.mark.parametrize("word", WORDS)
def test_words_for_dates_pass_as_they_are(sales: Report, word: str) -> None:
    assert sales.validate({"organization": "demo", "date_from": word, "date_to": word})["date_to"] == word


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"venue": "Arbat"}, "has no parameter venue. It takes organization, venues, date_from"),
        ({"date_from": "31.01.2026"}, "The parameter date_from is '31.01.2026'. It takes a date such as 2026-01-31"),
        ({"date_from": "2026-02-30"}, "date_from is '2026-02-30'"),
        ({"date_from": "next_week"}, "last_28_days"),
        ({"date_from": "2026-02-01", "date_to": "2026-01-01"}, "upside down"),
        ({"date_to": dt.datetime(2026, 1, 1)}, "date_to"),
        ({"compare": "plan"}, "It takes one of none, previous, last_year."),
        ({"like_for_like": "perhaps"}, "It takes true or false."),
        ({"venues": [1]}, "It takes a list of texts"),
        ({"organization": 7}, "It takes a text."),
        ({"organization": " "}, "It takes a text."),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(sales: Report, given: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)):
        sales.validate({"organization": "demo"} | given)


def test_a_parameter_without_default_must_be_given(sales: Report) -> None:
    with pytest.raises(ParameterError, match="needs organization: a text"):
        sales.validate({})


@pytest.mark.parametrize(
    ("given", "fits"), [("1", True), (365, True), (0, False), ("366", False), ("2.5", False), (True, False)]
)
def test_whole_numbers_have_bounds(given: object, fits: bool) -> None:
    horizon = Parameter("horizon_days", "int", "Days", default=28, minimum=1, maximum=365)
    if fits:
        assert horizon.read(given) == int(str(given))
    else:
        with pytest.raises(ParameterError, match="a whole number, at least 1, at most 365"):
            horizon.read(given)


def test_an_unknown_report_names_the_known_ones() -> None:
    with pytest.raises(ReportError, match=r"no report 'salse'.*forecast_revenue, .*sales"):
        load("salse")
    with pytest.raises(ReportError, match="no report"):
        load("../pyproject")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("nonsense", "not a valid declaration"),
        (DECLARATION.replace("owner", "boss"), "roles"),
        (DECLARATION + "default = 5\n", "default|organization"),
        (DECLARATION + 'colour = "red"\n', "colour"),
        (DECLARATION + '[parameters.compare]\ntype = "choice"\ntitle = "C"\n', "without choices"),
        (DECLARATION + '[parameters.n]\ntype = "int"\ntitle = "N"\ndefault = 9\nmaximum = 3\n', "at most 3"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_path(tmp_path: Path, wrong: str, said: str) -> None:
    (tmp_path / "broken.toml").write_text(wrong)
    with pytest.raises(ReportError, match=said) as caught:
        all_reports(tmp_path)
    assert "broken.toml" in str(caught.value)


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.name)
def test_a_report_is_declared_in_every_language_that_is_spoken(report: Report) -> None:
    spoken = {path.name for path in FOLDER.iterdir()}
    assert set(report.translations) == spoken
    names = {parameter.name for parameter in report.parameters}
    assert all(set(told.parameters) == names for told in report.translations.values())
    assert all(told.title and told.description for told in report.translations.values())


def test_a_report_is_told_in_the_language_of_a_locale_or_in_english(sales: Report) -> None:
    russian = sales.translated("ru_RU")
    assert (russian.title, russian.parameters[0].title) == ("Продажи", "Организация")
    assert replace(russian, title="", description="", parameters=()) == replace(
        sales, title="", description="", parameters=()
    )
    assert sales.translated("de_DE") == sales.translated("en") == sales


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.name)
def test_the_notebook_takes_exactly_the_declared_parameters(report: Report) -> None:
    if not report.notebook.is_file():
        pytest.skip(f"{report.notebook} does not exist yet")
    cells = nbformat.read(report.notebook, as_version=4).cells
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in cells) == 1
    found = papermill.inspect_notebook(str(report.notebook))
    assert {name for name, told in found.items() if told["inferred_type_name"] != "None"} == set(found)
    assert list(found) == [parameter.name for parameter in report.parameters]
