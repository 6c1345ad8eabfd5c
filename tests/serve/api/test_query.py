"""Asking for numbers over HTTP: exact, as everybody else is told them, and of one's own venues alone."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mozg.access.venues import venues_of
from mozg.metrics import DIMENSIONS, METRICS, Period, query
from mozg.metrics.periods import WORDS

from .conftest import V1
from .crew import crew_of

OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}


@pytest.fixture(scope="module")
def crew(api, chain_organization):
    return crew_of(api, chain_organization)


@pytest.fixture(scope="module")
def names(chain_organization):
    return [venue.name for venue in venues_of(chain_organization)]


def ask(person, **question):
    return person.client.post(f"{V1}/query", json=question)


def table(answer):
    """The rows of an answer as dictionaries."""
    told = answer.json()
    assert answer.status_code == 200, told
    return [dict(zip([column["name"] for column in told["columns"]], row, strict=True)) for row in told["rows"]]


def test_the_numbers_are_those_of_the_tills_to_the_kopeck(crew, chain):
    rows = table(ask(crew["owner"], metrics=["revenue", "checks"], by=["venue", "business_date"], **OCTOBER))
    kept = chain.receipts[chain.receipts["business_date"].between("2026-10-01", "2026-10-31")]
    sold = kept.loc[kept["status"] != "void", "revenue"].sum()
    assert sum(Decimal(row["revenue"]) for row in rows) == Decimal(int(sold)).scaleb(-2)
    assert sum(row["checks"] for row in rows) == (kept["status"] == "sale").sum()
    assert len(rows) == 3 * 31


def test_money_is_text_and_a_count_is_a_number(crew):
    (row,) = table(ask(crew["owner"], metrics=["revenue", "average_check", "checks", "void_rate"], **OCTOBER))
    assert isinstance(row["revenue"], str)
    assert isinstance(row["average_check"], str)
    assert isinstance(row["checks"], int)
    assert isinstance(row["void_rate"], float)
    assert float(row["average_check"]) == pytest.approx(float(row["revenue"]) / row["checks"])


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_told_as_the_lake_knows_it(crew, chain_lake, metric):
    (row,) = table(ask(crew["analyst"], metrics=[metric], **OCTOBER))
    known = query(chain_lake, [metric], during=Period(date(2026, 10, 1), date(2026, 10, 31)))[metric].iloc[0]
    if pd.isna(known):
        assert row[metric] is None
    elif isinstance(known, Decimal):
        assert Decimal(row[metric]) == known
    elif hasattr(known, "isoformat"):
        assert row[metric] == known.isoformat()
    else:
        assert float(row[metric]) == float(known)


def test_columns_tell_their_titles_and_units(crew):
    told = ask(crew["owner"], metrics=["revenue"], by=["weekday"], compare="last_year", **OCTOBER).json()
    assert [(c["name"], c["kind"], c["unit"], c["before"]) for c in told["columns"]] == [
        ("weekday", "dimension", "number", False),
        ("revenue", "metric", "money", False),
        ("revenue_before", "metric", "money", True),
    ]
    assert told["compared_with"] == {"first": "2025-10-02", "last": "2025-11-01"}
    assert (told["currency"], told["more"]) == ("RUB", False)


def test_who_is_limited_sees_one_venue_whatever_is_asked(crew, names):
    everybody = table(ask(crew["owner"], metrics=["revenue"], by=["venue"], **OCTOBER))
    mine = table(ask(crew["limited"], metrics=["revenue"], by=["venue"], **OCTOBER))
    assert [row["venue"] for row in mine] == names[:1]
    assert mine[0] in everybody
    assert table(ask(crew["limited"], metrics=["revenue"], by=["venue"], where={"venue": names[1:]}, **OCTOBER)) == []
    alike = table(
        ask(crew["limited"], metrics=["revenue"], by=["venue"], like_for_like=True, compare="last_year", **OCTOBER)
    )
    assert [row["venue"] for row in alike] == names[:1]
    assert table(ask(crew["limited"], metrics=["revenue"], **OCTOBER))[0]["revenue"] == mine[0]["revenue"]


def test_values_are_of_the_dimensions_own_kind(crew):
    rows = table(ask(crew["owner"], metrics=["checks"], by=["hour"], where={"hour": [12, 13]}, **OCTOBER))
    assert [row["hour"] for row in rows] == [12, 13]
    days = {"business_date": ["2026-10-05", "2026-10-06"], "section": ["bar"]}
    rows = table(ask(crew["owner"], metrics=["units"], by=["business_date"], where=days))
    assert [row["business_date"] for row in rows] == ["2026-10-05", "2026-10-06"]


def test_a_limit_cuts_and_says_so(crew):
    told = ask(crew["owner"], metrics=["units"], by=["dish"], limit=3, **OCTOBER).json()
    assert (len(told["rows"]), told["more"]) == (3, True)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_names_a_period(crew, word):
    assert ask(crew["owner"], metrics=["revenue"], period=word).status_code == 200


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({}, "body.metrics: Field required"),
        ({"metrics": []}, "at least 1 item"),
        ({"metrics": ["revenu"]}, "Did you mean 'revenue'"),
        ({"metrics": ["revenue"], "by": ["colour"]}, "There is no dimension 'colour'"),
        ({"metrics": ["revenue"], "period": "next_week"}, "is no period"),
        ({"metrics": ["revenue"], "from": "2026-02-30"}, "is neither a date"),
        ({"metrics": ["revenue"], "from": "0001-01-01"}, "pattern"),
        ({"metrics": ["revenue"], "from": "9999-12-31"}, "pattern"),
        ({"metrics": ["revenue"], "to": "2026-01-01"}, "needs `from`"),
        ({"metrics": ["revenue"], "period": "today", "from": "2026-01-01"}, "Give either"),
        ({"metrics": ["revenue"], "from": "2026-02-01", "to": "2026-01-01"}, "before it begins"),
        ({"metrics": ["revenue"], "compare": "previous"}, "needs a period"),
        ({"metrics": ["revenue"], "like_for_like": True}, "needs a period"),
        ({"metrics": ["revenue"], "period": "today", "compare": "2026-02-30..2026-03-01"}, "neither a date"),
        ({"metrics": ["revenue"], "where": {"hour": ["noon"]}}, "hour is a number"),
        ({"metrics": ["revenue"], "where": {"venue": [1]}}, "venue is a text"),
        ({"metrics": ["revenue"], "where": {"week": ["2026-99-99"]}}, "week is a date"),
        ({"metrics": ["revenue"], "where": {"venue": []}}, "at least 1 item"),
        ({"metrics": ["revenue"], "where": {"venue": ["a\0b"]}}, "pattern"),
        ({"metrics": ["revenue"], "limit": 10**30}, "less than or equal"),
        ({"metrics": ["revenue"], "limit": "5"}, "valid integer"),
        ({"metrics": ["revenue"], "venues": [1]}, "Extra inputs"),
        ({"metrics": ["units"], "by": ["payment_method"]}, "cannot be split"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(crew, question, said):
    refused = ask(crew["owner"], **question)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert said in refused.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b'{"metrics": ["\\ud800"]}', b'{"where": {"\\ud800": [1]}}']
)
def test_what_is_no_question_is_refused(crew, body):
    refused = crew["owner"].client.post(f"{V1}/query", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422


def test_a_viewer_may_not_ask_and_a_stranger_is_not_known(crew, client):
    assert ask(crew["viewer"], metrics=["revenue"]).status_code == 403
    assert crew["viewer"].client.get(f"{V1}/metrics").status_code == 403
    assert client.post(f"{V1}/query", json={"metrics": ["revenue"]}).status_code == 401
    assert client.get(f"{V1}/metrics").status_code == 401


def test_before_anything_was_read_there_are_no_numbers(team, strangers):
    refused = ask(team["owner"], metrics=["revenue"])
    assert (refused.status_code, "Nothing has been read" in refused.json()["detail"]) == (409, True)


def test_the_vocabulary_explains_every_metric_and_dimension(crew):
    answer = crew["manager"].client.get(f"{V1}/metrics")
    told = answer.json()
    assert {one["name"] for one in told["metrics"]} == set(METRICS)
    assert all(one["definition"] and one["title"] for one in told["metrics"])
    assert {one["name"]: one["kind"] for one in told["dimensions"]}["business_date"] == "date"
    assert {one["name"] for one in told["dimensions"]} == set(DIMENSIONS)
    again = crew["manager"].client.get(f"{V1}/metrics", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


ANYTHING = st.text(max_size=8) | st.sampled_from(["venue", "dish", "hour", "previous", "2026-10-01", "\0", "'; --"])
NAMES = st.lists(st.sampled_from([*METRICS, *DIMENSIONS, "x"]) | ANYTHING, max_size=4)
WHERE = st.dictionaries(
    st.sampled_from([*DIMENSIONS]) | ANYTHING,
    st.lists(ANYTHING | st.integers() | st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    max_size=3,
)
DATES = st.dates().map(str) | ANYTHING
QUESTIONS = st.fixed_dictionaries(
    {"metrics": NAMES | st.lists(st.sampled_from([*METRICS]), min_size=1, max_size=4)},
    optional={
        "by": NAMES | st.lists(st.sampled_from([*DIMENSIONS]), max_size=2),
        "where": WHERE,
        "from": DATES,
        "to": DATES,
        "compare": DATES,
        "limit": st.integers() | st.just(10),
        "period": st.sampled_from([*WORDS]) | ANYTHING,
        "like_for_like": st.booleans() | ANYTHING,
        "something": ANYTHING,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS)
def test_no_question_breaks_anything(crew, names, question):
    answer = crew["limited"].client.post(f"{V1}/query", json=question)
    assert answer.status_code in (200, 422)
    assert not any(name in answer.text for name in names[1:] if name not in str(question))
